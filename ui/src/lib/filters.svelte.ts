/** What the titles that are shown may be narrowed by: read when a wall is opened, for titles come and go. */

import { api } from './api';
import type { Filters } from './wire';

class Narrowing {
  /** Null until it is known; the wall hangs without. */
  filters = $state.raw<Filters | null>(null);
  #asked = 0;

  /** @param children whether only what a child may see alone counts. */
  async read(children: boolean): Promise<void> {
    const mine = (this.#asked += 1);
    const found = await api.filters(children).catch(() => null);
    // What is known stays where nobody answers; the wall itself says so.
    if (found !== null && mine === this.#asked) this.filters = found;
  }
}

export const narrowing = new Narrowing();
