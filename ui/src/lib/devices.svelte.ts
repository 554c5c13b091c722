/** Other screens, as whoever sits at the computer sees them: kept fresh, and told of in every page when one asks. */

import { devicesApi } from './api-devices';
import { visitor } from './visitor.svelte';
import type { DeviceAsk, DeviceList } from './wire';

class Devices {
  list = $state.raw<DeviceList | null>(null);
  problem = $state.raw<unknown>(null);
  /** Whether the dialog that adds one is open: it shows who asks itself. */
  adding = $state(false);
  readonly asks = $derived<readonly DeviceAsk[]>(this.list?.asks ?? []);
  #asked = 0;
  #ending: ReturnType<typeof setTimeout> | undefined;

  async read(): Promise<void> {
    if (!visitor.owns) return;
    const asked = ++this.#asked;
    try {
      const told = await devicesApi.list();
      if (asked !== this.#asked) return;
      [this.list, this.problem] = [told, null];
      clearTimeout(this.#ending);
      // Who waited too long is not told of by an event.
      if (told.asks.length > 0) this.#ending = setTimeout(() => void this.read(), 1000 * Math.min(...told.asks.map((one) => one.ends_in_s)) + 100);
    } catch (error) {
      if (asked === this.#asked) this.problem = error;
    }
  }
}

export const devices = new Devices();
