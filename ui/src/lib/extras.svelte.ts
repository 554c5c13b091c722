/** What there is of titles beside the film, as far as the server knows it; asked for anew when it says that there is more. */

import { SvelteMap } from 'svelte/reactivity';
import { api } from './api';
import { pictures } from './pictures.svelte';
import type { Extras } from './wire';

class Known {
  readonly #known = new SvelteMap<string, Extras>();

  of(id: string): Extras | undefined {
    return this.#known.get(id);
  }

  /** Read it, in an effect that runs again when there is more. `ask` has the server ask others for what it does not know. */
  follow(id: string, ask: boolean): void {
    pictures.turnOf(id);
    // A title is whole without: what is missing is not shown, and nothing else goes wrong.
    api.extras(id, ask).then(
      (extras) => this.#known.set(id, extras),
      () => undefined,
    );
  }
}

export const extras = new Known();
