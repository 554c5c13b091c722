/** What the server remembers of whoever watches here, kept fresh by events; what another screen does is seen at once. */

import { SvelteMap } from 'svelte/reactivity';
import { libraryApi, type Seen } from './api-library';
import { inherited } from './inherit';
import { metFrom, type Met } from './programme';
import { forget, keysAfter, recall, remember } from './store';
import type { Taste } from './subtitles/choice';
import type { EpisodeNumber, Going, InfoHash, LibraryEvent, Profile, Progress, Rating, SavedTaste, SavedWish, Thumb } from './wire';

export const FIRST = 'home';
/** Sliders and keys that are held down say one thing in the end. */
const TASTE_REST_MS = 500;
const GOING_REST_MS = 250;

type Known = Progress | SavedWish | Rating | SavedTaste;
type Kind = 'progress' | 'watchlist' | 'rating' | 'taste';

export function keyOf(title: string, episode: EpisodeNumber | null): string {
  return episode === null ? title : `${title}:s${episode.season}e${episode.number}`;
}

function plain(kept: SavedTaste | undefined): Taste {
  const { subtitles, second, audio, look, delay_s, stretch } = kept ?? {};
  return Object.fromEntries(Object.entries({ subtitles, second, audio, look, delay_s, stretch }).filter(([, value]) => value !== null && value !== undefined));
}

class Library {
  profiles = $state.raw<readonly Profile[]>([]);
  /** Whether a number keeps children in their profile. */
  locked = $state(false);
  who = $state(recall('profile') ?? FIRST);
  /** Whether somebody has said on this screen who they are. */
  chosen = $state(recall('profile') !== null);
  /** False until the first answer, or until it was plain that there is none. */
  listed = $state(false);
  /** What to go on with; null until it was asked for. */
  goingOn = $state.raw<readonly Going[] | null>(null);
  /** Grows with each change of what was watched: whoever shows history reads it anew. */
  viewings = $state(0);
  readonly progress = new SvelteMap<string, Progress>();
  readonly watchlist = new SvelteMap<string, SavedWish>();
  readonly rating = new SvelteMap<string, Rating>();
  readonly taste = new SvelteMap<string, SavedTaste>();
  readonly profile = $derived(this.profiles.find((one) => one.id === this.who));
  /** While nobody says who lives here, what was true last: no wall shows a child more because the server is gone. */
  readonly child = $derived(this.profile?.child ?? recall('child') !== null);
  /** What whoever sits here has to do with already, the last one first. */
  get met(): Met[] {
    return metFrom(this.progress.values(), this.rating.values());
  }

  /** Several live here, and nobody has said who sits before this screen. */
  readonly asks = $derived(this.profiles.length > 1 && !this.chosen);

  #asked = 0;
  #unsent = new Map<string, [string, Seen]>();
  #saying = new Map<string, { change: Taste; timer: ReturnType<typeof setTimeout> }>();
  #going: ReturnType<typeof setTimeout> | undefined;
  #wantsGoing = false;
  #goingAsked: Promise<void> | null = null;
  #goingStale = false;
  /** Which film or episode a file was opened for. */
  readonly #works = new Map<string, string>();

  constructor() {
    if (typeof addEventListener === 'function') addEventListener('pagehide', () => this.#sayAll());
  }

  /** Read all of it; without an answer the page goes on without a memory. */
  async load(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const { profiles, locked } = await libraryApi.profiles();
      [this.profiles, this.locked] = [profiles, locked];
      if (!profiles.some((one) => one.id === this.who)) this.#forgetWho();
      // Where several live nobody knows whose turn it would be.
      if (this.child || this.asks) remember('child', 'yes');
      else forget('child');
      await this.#inherit();
      await this.#resend();
      const told = await libraryApi.library(this.who);
      if (asked !== this.#asked || told.profile !== this.who) return;
      for (const kind of ['progress', 'watchlist', 'rating', 'taste'] as const) this.#replace(kind, told[kind]);
      if (this.#wantsGoing) await this.readGoing();
    } catch {
      // Whoever shows the page says that nobody answers; what was known stays.
    } finally {
      this.listed = true;
    }
  }

  /** Somebody else sits down here. */
  async choose(id: string): Promise<void> {
    this.#sayAll();
    [this.who, this.chosen] = [id, true];
    remember('profile', id);
    this.goingOn = null;
    await this.load();
  }

  /** Whoever makes a profile for somebody else has said who they are themselves. */
  stay(): void {
    this.chosen = true;
    remember('profile', this.who);
  }

  hear(event: LibraryEvent): void {
    if (event.kind === 'profiles' || event.kind === '*') {
      void this.load();
      return;
    }
    if (event.profile !== this.who) return;
    if (event.kind === 'history') this.viewings += 1;
    else this.#put(event.kind, event.key, event.record as Known | null);
    if (event.kind === 'progress') this.#goOn(event.record as Progress | null);
  }

  /** What is known of a file: of the film or episode that it is. */
  ofFile(hash: InfoHash, index: number): Progress | undefined {
    const work = this.#works.get(`${hash}/${index}`);
    let found = this.progress.get(work ?? `${hash}:f${index}`);
    for (const one of this.progress.values()) {
      if (one.info_hash === hash && one.file_index === index && one.changed_ms > (found?.changed_ms ?? 0)) found = one;
    }
    return found;
  }

  /** The title that a file is of; null while nobody has said so. */
  titleOf(hash: InfoHash, index: number): string | null {
    const title = this.#works.get(`${hash}/${index}`)?.split(':', 1)[0] ?? this.ofFile(hash, index)?.title ?? hash;
    return title === hash ? null : title;
  }

  /** The last one of a torrent's files, or of a title's episodes. */
  last(belongs: (one: Progress) => boolean): Progress | undefined {
    let found: Progress | undefined;
    for (const one of this.progress.values()) if (belongs(one) && one.changed_ms > (found?.changed_ms ?? 0)) found = one;
    return found;
  }

  /** A file is opened as this film or episode. */
  opens(hash: InfoHash, index: number, title: string, episode: EpisodeNumber | null): void {
    this.#works.set(`${hash}/${index}`, keyOf(title, episode));
  }

  /** The film is here now. When nobody answers it is said again later. */
  see(hash: InfoHash, index: number, seen: Seen): void {
    void this.#see(hash, { ...seen, file_index: index });
  }

  async #see(hash: InfoHash, seen: Seen): Promise<void> {
    const key = `${hash}:f${seen.file_index ?? 0}`;
    this.#unsent.set(key, [hash, seen]);
    try {
      const told = await libraryApi.see(this.who, hash, seen);
      this.#works.set(`${hash}/${seen.file_index ?? 0}`, told.key);
      this.progress.set(told.key, told);
      if (this.#unsent.get(key)?.[1] === seen) this.#unsent.delete(key);
    } catch {
      // It stays unsent until the page has found the server again.
    }
  }

  /** Say of a film or an episode that it was watched, or was not. */
  async mark(title: string, episode: EpisodeNumber | null, watched: boolean): Promise<void> {
    const told = await libraryApi.see(this.who, title, { watched, ...(episode === null ? {} : { episode }) });
    this.progress.set(told.key, told);
    this.#goOn(null);
  }

  /** Take a title off what one goes on with: where it was left is forgotten. */
  async leave(title: string): Promise<void> {
    this.goingOn = this.goingOn?.filter((one) => one.title !== title) ?? null;
    await libraryApi.leave(this.who, title);
    for (const [key, one] of this.progress) if (one.title === title) this.progress.delete(key);
  }

  async wish(title: string, wished: boolean): Promise<void> {
    if (wished) this.watchlist.set(title, await libraryApi.wish(this.who, title));
    else {
      await libraryApi.unwish(this.who, title);
      this.watchlist.delete(title);
    }
  }

  async rate(title: string, thumb: Thumb | null): Promise<void> {
    if (thumb !== null) this.rating.set(title, await libraryApi.rate(this.who, title, thumb));
    else {
      await libraryApi.unrate(this.who, title);
      this.rating.delete(title);
    }
  }

  tasteFor(series: string): Taste {
    return { ...plain(this.taste.get(series)), ...this.#saying.get(series)?.change };
  }

  keepTaste(series: string, change: Taste): void {
    const waiting = this.#saying.get(series);
    clearTimeout(waiting?.timer);
    const whole = { ...waiting?.change, ...change };
    this.#saying.set(series, { change: whole, timer: setTimeout(() => void this.#say(series), TASTE_REST_MS) });
  }

  async #say(series: string): Promise<void> {
    const said = this.#saying.get(series);
    if (said === undefined) return;
    clearTimeout(said.timer);
    try {
      this.taste.set(series, await libraryApi.like(this.who, { series, ...said.change }));
    } catch {
      // It is as wanted for as long as the page is open.
      return;
    }
    if (this.#saying.get(series) === said) this.#saying.delete(series);
  }

  #sayAll(): void {
    for (const series of this.#saying.keys()) void this.#say(series);
  }

  /** What to go on with, from now on kept fresh. */
  readGoing(): Promise<void> {
    this.#wantsGoing = true;
    // An answer that is on its way may be older than what made somebody ask: once it is here it is asked for again.
    this.#goingStale = this.#goingAsked !== null;
    this.#goingAsked ??= this.#askGoing().finally(() => (this.#goingAsked = null));
    return this.#goingAsked;
  }

  async #askGoing(): Promise<void> {
    do {
      this.#goingStale = false;
      const { who } = this;
      try {
        const found = await libraryApi.goingOn(who);
        if (who === this.who) this.goingOn = found;
      } catch {
        this.goingOn ??= [];
      }
    } while (this.#goingStale);
  }

  /** Somebody got on with something: it comes first. Only what is new to the list, or done, has the server look. */
  #goOn(progress: Progress | null): void {
    if (!this.#wantsGoing) return;
    const known = this.goingOn?.find((one) => one.key === progress?.key);
    if (progress !== null && known !== undefined && progress.resume_s > 0) {
      const { resume_s: position_s, duration_s, info_hash, file_index, changed_ms } = progress;
      const now = { ...known, position_s, duration_s, info_hash, file_index, changed_ms, follows: false };
      this.goingOn = [now, ...(this.goingOn ?? []).filter((one) => one !== known)];
      return;
    }
    clearTimeout(this.#going);
    this.#going = setTimeout(() => void this.readGoing(), GOING_REST_MS);
  }

  #put(kind: Kind, key: string, record: Known | null): void {
    const map = this[kind] as SvelteMap<string, Known>;
    if (record !== null) map.set(key, record);
    else if (key === '*') map.clear();
    else map.delete(key);
  }

  #replace(kind: Kind, records: readonly Known[]): void {
    const map = this[kind] as SvelteMap<string, Known>;
    const there = new Set(records.map((one) => one.key));
    for (const key of map.keys()) if (!there.has(key)) map.delete(key);
    for (const one of records) if (map.get(one.key)?.changed_ms !== one.changed_ms) map.set(one.key, one);
  }

  async #resend(): Promise<void> {
    for (const [hash, seen] of [...this.#unsent.values()]) await this.#see(hash, seen);
  }

  /** The profile of this screen was removed. */
  #forgetWho(): void {
    [this.who, this.chosen] = [FIRST, false];
    forget('profile');
  }

  /** Bring in, once, what this browser remembered by itself. */
  async #inherit(): Promise<void> {
    const films = keysAfter('timing.');
    const old = { positions: recall('positions'), tastes: recall('tastes'), look: recall('subtitles'), timings: Object.fromEntries(films.map((film) => [film, recall(`timing.${film}`)])) };
    const document = inherited(old, this.who, Date.now());
    if (document === null) return;
    await libraryApi.take(new Blob([JSON.stringify(document)]));
    for (const key of ['positions', 'tastes', 'subtitles', ...films.map((film) => `timing.${film}`)]) forget(key);
  }
}

export const library = new Library();
