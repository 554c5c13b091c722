/** What films take of the disk, as far as this page has read it; kept fresh while somebody looks at it. */

import { api } from './api';
import type { FilmSpace, InfoHash, Storage, Torrent } from './wire';

/** What comes together is asked for once. */
const REST_MS = 800;

class Disk {
  view = $state.raw<Storage | null>(null);
  problem = $state.raw<unknown>(null);
  #asked = 0;
  #lookers = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** The film of a title, where one is here and takes any room. */
  ofTitle(id: string): FilmSpace | undefined {
    return this.view?.films.find((film) => film.title_id === id);
  }

  /** Read it now, and again whenever it changes, until the way back is called. */
  look(): () => void {
    this.#lookers += 1;
    void this.read();
    return () => {
      this.#lookers -= 1;
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  }

  async read(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const told = await api.storage();
      if (asked === this.#asked) [this.view, this.problem] = [told, null];
    } catch (error) {
      if (asked === this.#asked) this.problem = error;
    }
  }

  /** Something has changed, or may have while nothing was heard. */
  hear(): void {
    if (this.#lookers === 0 || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.read();
    }, REST_MS);
  }

  /** Keep a film for offline, or do not. Throws what the server says against it. */
  async keep(hash: InfoHash, kept: boolean): Promise<Torrent> {
    const changed = await api.change(hash, { kept });
    if (this.#lookers > 0) await this.read();
    return changed;
  }
}

export const disk = new Disk();
