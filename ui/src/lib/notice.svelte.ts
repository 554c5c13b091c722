/** What has to be said before the first film. Once in the house, on the first screens; else, where a player was opened first, in one sentence. */

import { settings } from './settings.svelte';
import { recall, remember } from './store';
import { visitor } from './visitor.svelte';

const MARK = 'welcomed';

class Notice {
  #here = $state(recall('notice') === 'read');
  /** Whether anybody in this house, or before this screen, has been told. Whoever was let in to watch decides nothing here. */
  readonly acknowledged = $derived(this.#here || !visitor.manages || settings.of(MARK)?.value === true);
  /** Nobody has: the server said so. */
  readonly due = $derived(!this.acknowledged && settings.listed);
  /** Whether it is known by now. */
  readonly known = $derived(this.acknowledged || settings.listed);
  #asking: Promise<void> | null = null;

  /** Find out what the server knows of it; whatever comes, one may go on. */
  settle(): Promise<void> {
    if (this.acknowledged || settings.listed) return Promise.resolve();
    this.#asking ??= settings.read().finally(() => (this.#asking = null));
    return this.#asking;
  }

  /** Somebody before this screen has read it. */
  acknowledge(): void {
    this.#here = true;
    remember('notice', 'read');
  }

  /** The first screens were seen: no other screen of the house shows them. */
  welcome(): void {
    this.acknowledge();
    // Where the server cannot keep it, this screen does.
    void settings.change(MARK, true).catch(() => undefined);
  }
}

export const notice = new Notice();
