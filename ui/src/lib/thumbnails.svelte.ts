/** Which part of which sprite shows which moment; the map grows while the film arrives. */

import { api } from './api';
import { readTiles, tileAt, type Tile } from './tiles';

const AGAIN_AFTER_MS = 4000;
/** While it plays the map is asked for unseen: what is missing is fetched then, where the swarm has room for that. */
const FIRST_AFTER_MS = 5000;
const UNSEEN_EACH_MS = 15_000;

export class Thumbnails {
  #tiles = $state.raw<readonly Tile[]>([]);
  #url: string | null = null;
  #asked_ms = -Infinity;
  #taken_ms = -Infinity;
  /** Asked for when all of the film was here: what has a picture now has its last one. */
  #whole = false;

  take(url: string | null): void {
    if (url === this.#url) return;
    this.#url = url;
    this.#asked_ms = -Infinity;
    this.#taken_ms = performance.now();
    this.#whole = false;
    if (url === null) this.#tiles = [];
  }

  at(seconds: number): Tile | null {
    return tileAt(this.#tiles, seconds);
  }

  /** Somebody points at the bar: have the map, and newer ones while the film arrives. */
  look(seconds: number, whole: boolean): void {
    if (performance.now() - this.#asked_ms < AGAIN_AFTER_MS || (this.#whole && this.at(seconds) !== null)) return;
    this.#ask(whole);
  }

  /** It plays, and nobody points at the bar. */
  foresee(whole: boolean): void {
    const now = performance.now();
    if (this.#whole || now - this.#taken_ms < FIRST_AFTER_MS || now - this.#asked_ms < UNSEEN_EACH_MS) return;
    this.#ask(whole);
  }

  #ask(whole: boolean): void {
    const url = this.#url;
    if (url === null) return;
    this.#asked_ms = performance.now();
    void api.text(url).then(
      (text) => {
        if (url !== this.#url) return;
        this.#tiles = readTiles(text, new URL(url, location.href).href);
        this.#whole = whole;
      },
      // No pictures then: the bar says its price in words all the same.
      () => undefined,
    );
  }
}
