/** The title of the evening: another one every day, the same all day long, or whatever chance brings. */

import { dayOf, surprise, titlesOf, type Met } from './programme';
import type { Shelf, TitleCard } from './wire';

/** A step that walks through a shelf of any usual length without an order one would notice. */
const STRIDE = 37;

class Spotlight {
  /** What chance brought. */
  #chosen = $state<string | null>(null);
  readonly day = dayOf(new Date());

  /** The first shelf is what the program would begin with. */
  choose(shelves: readonly Shelf[]): TitleCard | undefined {
    const chosen = this.#chosen === null ? undefined : titlesOf(shelves).find(({ id }) => id === this.#chosen);
    const shelf = shelves[0]?.titles ?? [];
    return chosen ?? shelf[(this.day * STRIDE) % Math.max(1, shelf.length)];
  }

  another(shelves: readonly Shelf[], met: readonly Met[]): void {
    this.#chosen = surprise(titlesOf(shelves), met, this.choose(shelves)?.id ?? '', Math.random())?.id ?? null;
  }
}

export const spotlight = new Spotlight();
