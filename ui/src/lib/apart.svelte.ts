/** Pages that are fetched when somebody goes there: the first visit does not wait for them. */

import type { Component } from 'svelte';
import { idle } from './idle';
import { slow } from './slow.svelte';

/** One of them. It is told what its address says, and takes of that what it wants. */
type Page = Component<Record<string, unknown>>;

const PAGES = {
  title: () => import('../components/TitlePage.svelte'),
  browse: () => import('../components/Browse.svelte'),
  film: () => import('../components/FilmPage.svelte'),
  glass: () => import('../components/GlassPage.svelte'),
  history: () => import('../components/HistoryPage.svelte'),
  list: () => import('../components/ListPage.svelte'),
  nowhere: () => import('../components/NowherePage.svelte'),
  own: () => import('../components/OwnPage.svelte'),
  people: () => import('../components/PeoplePage.svelte'),
  publish: () => import('../components/PublishPage.svelte'),
  receipt: () => import('../components/ReceiptPage.svelte'),
  settings: () => import('../components/SettingsPage.svelte'),
  sources: () => import('../components/SourcesPage.svelte'),
  transfers: () => import('../components/transfers/TransfersPage.svelte'),
} as const;

const PATIENCE_MS = 5000;

class Apart {
  #here = $state.raw<Readonly<Record<string, Page>>>({});

  /** The page's component, once it is here. */
  of(page: string): Page | undefined {
    return this.#here[page];
  }

  /** Fetch a page if it is one of these. Throws when nobody answers. */
  async load(page: string): Promise<void> {
    if (!(page in PAGES) || page in this.#here) return;
    const { default: component } = await slow.watch<{ default: unknown }>(PAGES[page as keyof typeof PAGES]());
    // Each says in its type what it wants, and would not be given more there.
    this.#here = { ...this.#here, [page]: component as Page };
  }

  /** Fetch them all, each once the page has nothing better to do: whoever goes to one waits for nothing. */
  foresee(): void {
    const rest = async (): Promise<void> => {
      for (const page of Object.keys(PAGES)) {
        await idle(PATIENCE_MS);
        await this.load(page);
      }
    };
    void rest().catch(() => undefined);
  }
}

export const apart = new Apart();
