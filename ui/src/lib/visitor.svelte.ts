/** Who sits before this page: at the computer itself, or at another screen that was let in. */

import { devicesApi } from './api-devices';
import { t } from './i18n/index.svelte';
import type { Visitor } from './wire';

class Who {
  #told = $state.raw<Visitor | null>(null);
  /** Until it is known, nothing is taken away. */
  readonly manages = $derived(this.#told === null || this.#told.may === 'manage' || this.#told.may === 'owner');
  /** Whether others can be let in here: at the computer itself. */
  readonly owns = $derived(this.#told?.may === 'owner');
  readonly otherScreen = $derived(this.#told?.other_screen === true);

  /** What stood against it when somebody came with what a camera saw. */
  refusal = $state.raw<unknown>(null);

  /** Come in with what a camera saw. */
  async comeIn(secret: string): Promise<void> {
    try {
      const { deviceName } = await import('./device-name');
      await devicesApi.scan(secret, deviceName(navigator.userAgent, t('pair.fallback')));
    } catch (error) {
      this.refusal = error;
    }
  }

  async load(): Promise<void> {
    this.#told = await devicesApi.visitor();
  }
}

export const visitor = new Who();
