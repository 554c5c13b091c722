/** Whether anybody still watches: episodes that follow each other by themselves, and how long nothing was touched. Pure. */

const EPISODES = 3;
const LONG_MS = 3 * 3_600_000;

export class Vigil {
  #over = 0;
  #touched_ms: number;

  constructor(now_ms: number) {
    this.#touched_ms = now_ms;
  }

  /** Somebody pressed, turned or moved something. */
  touch(now_ms: number): void {
    this.#over = 0;
    this.#touched_ms = now_ms;
  }

  /** Another episode has come to its end; whether to ask before the next one begins. */
  over(now_ms: number): boolean {
    this.#over += 1;
    return this.#over >= EPISODES || now_ms - this.#touched_ms >= LONG_MS;
  }
}

/** One for the page: the player is made anew for every episode. */
export const vigil = new Vigil(Date.now());
