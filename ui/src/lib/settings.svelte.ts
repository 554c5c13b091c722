/** The server's settings as far as this page has read them; what another screen changes is seen at once. */

import { api } from './api';
import type { ServerSettings, SettingState } from './wire';

export type SettingValue = string | number | boolean | null;

class Settings {
  #all = $state.raw<ServerSettings | null>(null);
  problem = $state.raw<unknown>(null);
  readonly #byKey = $derived(new Map(this.#all?.settings.map((one) => [one.key, one] as const)));
  /** How many changes wait for a restart. */
  readonly waiting = $derived(this.#all?.settings.filter((one) => one.waits).length ?? 0);
  #asked = 0;
  #wanted = false;

  get listed(): boolean {
    return this.#all !== null;
  }

  get file(): string {
    return this.#all?.file ?? '';
  }

  of(key: string): SettingState | undefined {
    return this.#byKey.get(key);
  }

  /** Read them, from now on kept fresh. */
  async read(): Promise<void> {
    this.#wanted = true;
    const asked = ++this.#asked;
    try {
      const told = await api.settings();
      if (asked === this.#asked) [this.#all, this.problem] = [told, null];
    } catch (error) {
      if (asked === this.#asked) this.problem = error;
    }
  }

  /** Something was changed, or may have been while nothing was heard. */
  hear(): void {
    if (this.#wanted) void this.read();
  }

  /** Change one. Throws what the server says against it. */
  async change(key: string, value: SettingValue): Promise<void> {
    this.#asked += 1;
    this.#all = await api.changeSettings({ [key]: value });
  }
}

export const settings = new Settings();
