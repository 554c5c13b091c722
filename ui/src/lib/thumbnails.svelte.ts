/** Which part of which sprite shows which moment; the map grows while the film arrives. */

import { api } from './api';
import { readTiles, tileAt, type Tile } from './tiles';

const AGAIN_AFTER_MS = 4000;

export class Thumbnails {
  #tiles = $state.raw<readonly Tile[]>([]);
  #url: string | null = null;
  #asked_ms = -Infinity;
  #whole = false;

  take(url: string | null): void {
    if (url === this.#url) return;
    this.#url = url;
    this.#asked_ms = -Infinity;
    this.#whole = false;
    if (url === null) this.#tiles = [];
  }

  at(seconds: number): Tile | null {
    return tileAt(this.#tiles, seconds);
  }

  /** Somebody points at the bar: have the map, and newer ones while it has holes. */
  look(seconds: number): void {
    const now = performance.now();
    if (this.#url === null || now - this.#asked_ms < AGAIN_AFTER_MS || (this.#whole && this.at(seconds) !== null)) return;
    this.#asked_ms = now;
    const url = this.#url;
    void api.text(url).then(
      (text) => {
        if (url === this.#url) this.#tiles = readTiles(text, new URL(url, location.href).href);
        this.#whole = true;
      },
      // No pictures then: the bar says its price in words all the same.
      () => undefined,
    );
  }
}
