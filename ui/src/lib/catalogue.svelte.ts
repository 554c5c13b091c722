/** The catalogue as far as this page has read it: shelves, single titles, and what was found. */

import { SvelteMap } from 'svelte/reactivity';
import { api, ApiError } from './api';
import { grown } from './asked';
import { Further } from './further.svelte';
import { library } from './library.svelte';
import type { Shelf, TitleCard, TitleView } from './wire';
import { writeWish, type Wish } from './wish';

const PAGE = 120;
const FOUND_KEPT = 24;

/** What a wish found, as far as it was read. */
export class Found {
  titles = $state.raw<readonly TitleCard[]>([]);
  /** How many there are; null while that is not known to the last. */
  total = $state<number | null>(0);
  /** Nothing was spelled so: these are spelled nearly so. */
  close = $state(false);
  problem = $state.raw<unknown>(null);
  /** False until the first answer. */
  answered = $state(false);
  /** What others have of it. */
  readonly further: Further;
  #cursor: string | null = null;
  #asking = false;

  constructor(readonly wish: Wish) {
    this.further = new Further(wish, (more) => this.#add(more));
  }

  /** Whether more of it can be asked for. */
  get more(): boolean {
    return !this.answered || this.#cursor !== null;
  }

  #add(more: readonly TitleCard[]): number {
    const before = this.titles.length;
    this.titles = grown(this.titles, more);
    if (this.#cursor === null) this.total = this.titles.length;
    return this.titles.length - before;
  }

  /** Read on. An answer that nobody waits for any more is thrown away by whoever asked. */
  async read(signal?: AbortSignal): Promise<void> {
    if (this.#asking || !this.more) return;
    this.#asking = true;
    try {
      const page = await api.titles(this.wish, library.child, this.#cursor, PAGE, signal);
      this.titles = grown(this.titles, page.titles);
      this.total = page.next_cursor === null ? this.titles.length : page.total;
      this.close = page.close;
      this.#cursor = page.next_cursor;
      this.answered = true;
      this.problem = null;
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'given-up')) this.problem = error;
    } finally {
      this.#asking = false;
    }
  }
}

function forChildren(shelf: Shelf): Shelf {
  const titles = shelf.titles.filter((card) => card.children);
  return { ...shelf, titles, count: titles.length };
}

class Catalogue {
  #shelves = $state.raw<readonly Shelf[] | null>(null);
  /** A child's have what suits children alone. */
  readonly shelves = $derived(library.child ? (this.#shelves?.map(forChildren).filter((shelf) => shelf.titles.length > 0) ?? null) : this.#shelves);
  /** Whose law they follow; empty when it is not known. */
  country = $state('');
  /** How often this computer has come to another country since the page was opened: whoever shows a title reads it anew. */
  moves = $state(0);
  problem = $state.raw<unknown>(null);
  readonly #cards = $derived(new Map(this.#shelves?.flatMap((shelf) => shelf.titles.map((card) => [card.id, card] as const))));
  readonly #views = new SvelteMap<string, TitleView>();
  /** How often more has become known of a title. */
  readonly #heard = new Map<string, number>();
  readonly #found = new Map<string, Found>();
  #reading: Promise<void> | null = null;
  readonly #asked = new Map<string, Promise<TitleView>>();

  /** Read the shelves, once. */
  async read(): Promise<void> {
    if (this.#shelves !== null) return;
    this.#reading ??= api
      .shelves()
      .then(
        ({ country, shelves }) => {
          this.country = country;
          this.#shelves = shelves.filter((shelf) => shelf.titles.length > 0);
          this.problem = null;
        },
        (error: unknown) => {
          this.problem = error;
        },
      )
      .finally(() => (this.#reading = null));
    await this.#reading;
  }

  /** Read the shelves once more: another country's law may hold, or they were a browser's that kept them. */
  async again(): Promise<void> {
    if (this.#shelves === null) return;
    try {
      const { country, shelves } = await api.shelves();
      if (country === this.country) {
        this.#shelves = shelves.filter((shelf) => shelf.titles.length > 0);
        return;
      }
      this.#views.clear();
      this.#found.clear();
      this.moves += 1;
      this.country = country;
      this.#shelves = shelves.filter((shelf) => shelf.titles.length > 0);
    } catch {
      // Whoever shows the page says that nobody answers; what was known stays until somebody does.
    }
  }

  /** What is known of a title without asking. */
  card(id: string): TitleCard | undefined {
    return this.#views.get(id) ?? this.#cards.get(id);
  }

  view(id: string): TitleView | undefined {
    return this.#views.get(id);
  }

  /** All there is to know of one; read once.
   *
   * @throws ApiError when the server does not know it, or nobody answers. */
  async load(id: string): Promise<TitleView> {
    const known = this.#views.get(id);
    if (known !== undefined) return known;
    return this.#read(id, (one) => this.#ask(one));
  }

  /** Have others asked for what a title lacks, because somebody has opened it.
   *
   * @throws ApiError as `load` does. */
  async complete(id: string): Promise<void> {
    await this.#read(id, api.complete);
  }

  async #read(id: string, ask: (id: string) => Promise<TitleView>): Promise<TitleView> {
    const before = this.#heard.get(id);
    const view = await ask(id);
    this.#views.set(id, view);
    // The answer may be older than what was heard while it was on its way.
    if (this.#heard.get(id) !== before) await this.hear(id);
    return this.#views.get(id) ?? view;
  }

  /** Ask for one, once at a time: the featured title is asked for where it stands, and by its page. */
  #ask(id: string): Promise<TitleView> {
    const asked = this.#asked.get(id) ?? api.title(id).finally(() => this.#asked.delete(id));
    this.#asked.set(id, asked);
    return asked;
  }

  /** More is known of a title: it is read anew where it was read. */
  async hear(id: string): Promise<void> {
    this.#heard.set(id, (this.#heard.get(id) ?? 0) + 1);
    if (!this.#views.has(id)) return;
    try {
      this.#views.set(id, await api.title(id));
    } catch {
      // What was known stays; whoever shows the page says that nobody answers.
    }
  }

  /** What a wish finds; what was found a moment ago is still there when one comes back. */
  found(wish: Wish): Found {
    const key = `${this.moves} ${library.child} ${writeWish(wish)}`;
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const made = new Found(wish);
    this.#found.set(key, made);
    const [oldest] = this.#found.keys();
    if (this.#found.size > FOUND_KEPT && oldest !== undefined) this.#found.delete(oldest);
    return made;
  }
}

export const catalogue = new Catalogue();
