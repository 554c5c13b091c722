/** The title of the evening: another one every day, the same all day long, or whatever chance brings. */

import type { Shelf, TitleCard } from './wire';

const DAY_MS = 86_400_000;
/** A step that walks through a shelf of any usual length without an order one would notice. */
const STRIDE = 37;

/** Which of `count` is shown on a day, `turns` times on. Pure. */
export function ofTheDay(day: number, turns: number, count: number): number {
  return count === 0 ? -1 : ((day + turns) * STRIDE) % count;
}

class Spotlight {
  #turns = $state(0);
  readonly #day = Math.floor((Date.now() - new Date().getTimezoneOffset() * 60_000) / DAY_MS);

  /** The first shelf is what the program would begin with. */
  choose(shelves: readonly Shelf[]): TitleCard | undefined {
    const shelf = shelves[0]?.titles ?? [];
    return shelf[ofTheDay(this.#day, this.#turns, shelf.length)];
  }

  another(shelves: readonly Shelf[]): void {
    const before = this.choose(shelves)?.id;
    do this.#turns += 1;
    while (this.choose(shelves)?.id === before && this.#turns % STRIDE !== 0);
  }
}

export const spotlight = new Spotlight();
