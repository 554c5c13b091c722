/** Pages that are fetched when somebody goes there: the first visit does not wait for them. */

import type { Component } from 'svelte';

const PAGES = {
  transfers: (): Promise<{ default: Component }> => import('../components/transfers/TransfersPage.svelte'),
} as const;

class Apart {
  #here = $state.raw<Readonly<Record<string, Component>>>({});

  /** The page's component, once it is here. */
  of(page: string): Component | undefined {
    return this.#here[page];
  }

  /** Fetch a page if it is one of these. Throws when nobody answers. */
  async load(page: string): Promise<void> {
    if (!(page in PAGES) || page in this.#here) return;
    const { default: component } = await PAGES[page as keyof typeof PAGES]();
    this.#here = { ...this.#here, [page]: component };
  }
}

export const apart = new Apart();
