/** Where the page is: read from the address's fragment, so that back always goes back. */

import { tick } from 'svelte';
import { apart } from './apart.svelte';
import { drawn } from './idle';
import { player } from './player.svelte';
import type { EpisodeNumber, InfoHash } from './wire';
import { readWish, writeWish, type Wish } from './wish';

export type Route =
  | { page: 'home' }
  | { page: 'browse'; wish: Wish }
  /** `at` is an episode of it. */
  | { page: 'title'; id: string; at: EpisodeNumber | null }
  | { page: 'own' }
  | { page: 'list' }
  | { page: 'history' }
  | { page: 'people' }
  | { page: 'sources' }
  /** `group` is what of it is to be seen first. */
  | { page: 'settings'; group: string }
  | { page: 'receipt' }
  | { page: 'glass' }
  | { page: 'transfers' }
  | { page: 'publish' }
  | { page: 'film'; hash: InfoHash }
  | { page: 'play'; hash: InfoHash; index: number }
  | { page: 'nowhere' };

export function parseRoute(fragment: string): Route {
  const film = /^#\/film\/([0-9a-f]{40}|[0-9a-f]{64})(?:\/play\/(\d{1,7}))?\/?$/iu.exec(fragment);
  if (film?.[1] !== undefined) {
    const hash = film[1].toLowerCase();
    return film[2] === undefined ? { page: 'film', hash } : { page: 'play', hash, index: Number(film[2]) };
  }
  const [, id, season, number] = /^#\/title\/([\w.~-]{1,200})(?:\/(\d{1,5})\/(\d{1,5}))?\/?$/u.exec(fragment) ?? [];
  if (id !== undefined) return { page: 'title', id, at: number === undefined ? null : { season: Number(season), number: Number(number) } };
  const settings = /^#\/settings(?:\/([a-z-]{0,40}))?\/?$/u.exec(fragment);
  if (settings !== null) return { page: 'settings', group: settings[1] ?? '' };
  const browse = /^#\/browse(?:\?(.*))?$/su.exec(fragment);
  if (browse !== null) return { page: 'browse', wish: readWish(browse[1] ?? '') };
  const alone = /^#\/(own|list|history|people|sources|receipt|glass|transfers|publish)\/?$/u.exec(fragment)?.[1] as 'own' | 'list' | 'history' | 'people' | 'sources' | 'receipt' | 'glass' | 'transfers' | 'publish' | undefined;
  return { page: alone ?? (/^#\/(?!$|pair=)/u.test(fragment) ? 'nowhere' : 'home') };
}

export const to = {
  home: '#/',
  own: '#/own',
  list: '#/list',
  history: '#/history',
  people: '#/people',
  sources: '#/sources',
  settings: '#/settings',
  receipt: '#/receipt',
  glass: '#/glass',
  transfers: '#/transfers',
  publish: '#/publish',
  browse: (wish: Wish): string => `#/browse?${writeWish(wish)}`.replace(/\?$/u, ''),
  title: (id: string, at: EpisodeNumber | null = null): string => `#/title/${encodeURIComponent(id)}${at === null ? '' : `/${at.season}/${at.number}`}`,
  film: (hash: InfoHash): string => `#/film/${hash}`,
  play: (hash: InfoHash, index: number): string => `#/film/${hash}/play/${index}`,
};

/** Pages on which one goes on where one was. */
const WALLS: readonly Route['page'][] = ['home', 'browse', 'own', 'list', 'history', 'settings', 'glass', 'transfers'];

/** Where the featured title of the home page is, before its id. */
export const FEATURED = 'spotlight:';

/** What a page shows one of: the picture that becomes the next page's is known by it. */
function shownBy(route: Route): string {
  if (route.page === 'title') return route.id;
  return route.page === 'film' || route.page === 'play' ? route.hash : '';
}

interface Left {
  scroll: number;
  /** The `data-place` of what was focused. */
  place: string;
}

/** Find where one was; a wall draws what it has been scrolled to a moment later. */
async function placed(place: string): Promise<HTMLElement | null> {
  const find = (): HTMLElement | null => document.querySelector(`[data-place="${CSS.escape(place)}"]`);
  for (let frames = 0; frames < 3 && find() === null; frames += 1) await new Promise(requestAnimationFrame);
  return find();
}

/** Wait until the page is the next one; whether the turn itself is seen to its end, or another comes into it, is all the same. */
async function turned(turn: ViewTransition): Promise<void> {
  for (const end of [turn.ready, turn.finished]) end.catch(() => undefined);
  await turn.updateCallbackDone.catch(() => undefined);
}

class Router {
  current = $state<Route>(parseRoute(location.hash));
  /** Which picture on the page is the one that becomes the next page's: `wall:HASH`, `noir:ID`. */
  picture = $state('');
  /** The address from which the player was opened; null where the player was the first page. */
  before: string | null = null;
  #left = new Map<string, Left>();
  #last = location.hash;
  /** How often one has gone anywhere: who has gone on since does not come back when a slow page is here at last. */
  #moves = 0;

  /** Begin; the secret that a first address held has left it by now. */
  start(): void {
    this.#last = location.hash;
    this.current = parseRoute(location.hash);
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

  /** Have the address say what is looked at, without going anywhere. */
  say(address: string): void {
    history.replaceState(null, '', address);
    this.#last = location.hash;
  }

  /** Leave the player, for where it was opened: by a step back, or whoever goes back from there would be in it again. */
  leave(address: string, event?: MouseEvent): void {
    // Into a new tab or window a link leads as any other.
    if (event?.ctrlKey === true || event?.metaKey === true || event?.shiftKey === true) return;
    event?.preventDefault();
    if (this.before === null) this.swap(address);
    else history.back();
  }

  async #move(): Promise<void> {
    const next = parseRoute(location.hash);
    const mine = ++this.#moves;
    const place = (document.activeElement as HTMLElement | null)?.dataset['place'] ?? '';
    const from = this.#last;
    this.#left.set(from, { scroll: scrollY, place });
    this.#last = location.hash;
    // Another wish on the same wall: whoever types goes on typing, and nothing flies about.
    if (next.page === 'browse' && this.current.page === 'browse') {
      this.current = next;
      await tick();
      scrollTo({ top: 0, behavior: 'instant' });
      return;
    }
    // A title's own page becomes the player under its torrent's address.
    const shown = next.page === 'play' && this.current.page === 'title' ? this.current.id : shownBy(next) || shownBy(this.current);
    const left = WALLS.includes(next.page) ? this.#left.get(location.hash) : undefined;
    // So does the featured picture, and the player becomes that again.
    const featured = this.picture.startsWith(FEATURED) && [next.page, this.current.page].every((page) => page === 'play' || page === 'home');
    if (!featured && !this.picture.endsWith(`:${shown}`)) this.picture = left !== undefined && left.place.endsWith(`:${shown}`) ? left.place : `wall:${shown}`;
    if (next.page === 'play' && this.current.page !== 'play') this.before = from;
    // What a picture turns into must be there when it turns.
    if (next.page === 'play') await player.load().catch(() => undefined);
    else await drawn();
    await apart.load(next.page).catch(() => undefined);
    await tick();
    if (mine !== this.#moves) return;
    const typing = document.activeElement instanceof HTMLInputElement && next.page === 'browse';
    const change = async (): Promise<void> => {
      if (mine !== this.#moves) return;
      this.current = next;
      await tick();
      scrollTo({ top: left?.scroll ?? 0, behavior: 'instant' });
    };
    const still = typing || matchMedia('(prefers-reduced-motion: reduce)').matches || document.hidden;
    if (!('startViewTransition' in document) || still) await change();
    else await turned(document.startViewTransition(change));
    if (typing || mine !== this.#moves) return;
    const back = left === undefined || left.place === '' ? null : await placed(left.place);
    // Whoever does not see the page hears that it changed.
    (back ?? document.querySelector<HTMLElement>('[data-page-start]'))?.focus({ preventScroll: true });
  }
}

export const router = new Router();
