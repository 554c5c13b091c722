/** Where the page is: read from the address's fragment, so that back always goes back. */

import { tick } from 'svelte';
import { player } from './player.svelte';
import type { InfoHash } from './wire';

export type Route =
  | { page: 'home' }
  | { page: 'film'; hash: InfoHash }
  | { page: 'play'; hash: InfoHash; index: number };

export function parseRoute(fragment: string): Route {
  const found = /^#\/film\/([0-9a-f]{40}|[0-9a-f]{64})(?:\/play\/(\d{1,7}))?\/?$/iu.exec(fragment);
  if (found?.[1] === undefined) return { page: 'home' };
  const hash = found[1].toLowerCase();
  return found[2] === undefined ? { page: 'film', hash } : { page: 'play', hash, index: Number(found[2]) };
}

export const to = {
  home: '#/',
  film: (hash: InfoHash): string => `#/film/${hash}`,
  play: (hash: InfoHash, index: number): string => `#/film/${hash}/play/${index}`,
};

class Router {
  current = $state<Route>(parseRoute(location.hash));
  /** Which picture on the page is the one that becomes the next page's: `wall:HASH`, `featured:HASH`. */
  picture = $state('');
  #scroll = new Map<string, number>();
  #last = location.hash;

  start(): void {
    addEventListener('hashchange', () => void this.#move());
  }

  go(address: string): void {
    location.hash = address;
  }

  /** Replace the page without a step in the history. */
  swap(address: string): void {
    history.replaceState(null, '', address);
    void this.#move();
  }

  async #move(): Promise<void> {
    const next = parseRoute(location.hash);
    this.#scroll.set(this.#last, scrollY);
    this.#last = location.hash;
    const hash = next.page === 'home' ? (this.current.page === 'home' ? '' : this.current.hash) : next.hash;
    if (!this.picture.endsWith(`:${hash}`)) this.picture = `wall:${hash}`;
    // What a picture turns into must be there when it turns.
    if (next.page === 'play') await player.load().catch(() => undefined);
    await tick();
    const change = async (): Promise<void> => {
      this.current = next;
      await tick();
      scrollTo({ top: next.page === 'home' ? (this.#scroll.get(location.hash) ?? 0) : 0, behavior: 'instant' });
    };
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches || document.hidden;
    if (!('startViewTransition' in document) || still) await change();
    else await document.startViewTransition(change).updateCallbackDone.catch(() => undefined);
    // Whoever does not see the page hears that it changed.
    document.querySelector<HTMLElement>('[data-page-start]')?.focus({ preventScroll: true });
  }
}

export const router = new Router();
