/** Who can see this computer: the sums as the server tells of them, and all of it while somebody looks. */

import { api } from './api';
import type { Glance, Overview } from './wire';

class Glass {
  now = $state.raw<Glance | null>(null);
  all = $state.raw<Overview | null>(null);
  problem = $state.raw<unknown>(null);
  #watched = false;
  #asked = 0;

  /** The sums have changed; whoever looks at all of it sees it anew. Nothing is asked while nothing happens. */
  hear(now: Glance): void {
    this.now = now;
    if (this.#watched) void this.read();
  }

  async read(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const told = await api.overview();
      if (asked === this.#asked) [this.all, this.now, this.problem] = [told, told.now, null];
    } catch (error) {
      if (asked === this.#asked) this.problem = error;
    }
  }

  /** Keep all of it fresh until told otherwise. */
  watch(): () => void {
    this.#watched = true;
    void this.read();
    return () => {
      this.#watched = false;
      this.all = null;
    };
  }
}

export const glass = new Glass();
