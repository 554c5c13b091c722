/** Searching further than what is kept here: who would be asked, and whether it goes by itself. */

import { api, ApiError } from './api';
import { asking, ended, heard, type Told } from './asked';
import { library } from './library.svelte';
import { recall, remember } from './store';
import type { Provider, TitleCard } from './wire';
import type { Wish } from './wish';

/** Kept in this browser: it is a person's choice, not the house's. */
const KEY = 'search-further';

class Others {
  /** Null until it is known. */
  providers = $state.raw<readonly Provider[] | null>(null);
  /** Whether what is typed goes out to them after a pause; else a button must be pressed. */
  byItself = $state(recall(KEY) === 'by-itself');
  #reading = false;

  /** Read who there is: another page may have switched some. Without an answer nobody is offered. */
  async read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    this.providers = await api.providers().catch(() => null);
    this.#reading = false;
  }

  choose(byItself: boolean): void {
    this.byItself = byItself;
    remember(KEY, byItself ? 'by-itself' : 'when-pressed');
  }
}

export const others = new Others();

/** One search that goes further. `add` puts titles behind what was found, and gives how many were not here. */
export class Further {
  told = $state.raw<readonly Told[]>([]);
  busy = $state(false);
  readonly more = $derived(this.told.reduce((sum, one) => sum + one.more, 0));
  readonly asked = $derived(this.told.length > 0);
  readonly troubled = $derived(this.told.some((one) => one.trouble !== null));

  constructor(
    private readonly wish: Wish,
    private readonly add: (more: readonly TitleCard[]) => number,
  ) {}

  /** Ask everybody. */
  async ask(signal: AbortSignal): Promise<void> {
    if (this.busy || others.providers === null) return;
    this.busy = true;
    this.told = asking(others.providers);
    try {
      for await (const answer of api.further(this.wish, library.child, signal)) this.told = heard(this.told, answer, this.add(answer.titles));
      this.told = ended(this.told, 'internal');
    } catch (error) {
      const code = error instanceof ApiError ? error.code : 'internal';
      // Who typed on gave it up: it can be asked anew.
      this.told = code === 'given-up' ? [] : ended(this.told, code);
    } finally {
      this.busy = false;
    }
  }
}
