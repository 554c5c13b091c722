/** The player's part of the page, fetched apart from the rest: the wall hangs sooner without it. */

import type PlayerPage from '../components/PlayerPage.svelte';
import { whenIdle } from './idle';
import { askEarly } from './support';

class Player {
  page = $state.raw<typeof PlayerPage | null>(null);
  #loading: Promise<void> | null = null;

  load(): Promise<void> {
    // Its answers are wanted with the first film, and nobody waits for them then.
    void askEarly();
    this.#loading ??= import('../components/PlayerPage.svelte').then((module) => {
      this.page = module.default;
    });
    // Nobody answered: the next one who asks tries again.
    this.#loading.catch(() => (this.#loading = null));
    return this.#loading;
  }

  /** Fetch it once the page has nothing better to do: it is there when a film is chosen. */
  foresee(): void {
    whenIdle(() => {
      void askEarly();
      whenIdle(() => void this.load().catch(() => undefined), 2000);
    }, 2000);
  }
}

export const player = new Player();
