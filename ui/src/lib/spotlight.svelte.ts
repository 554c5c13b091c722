/** The title of the evening: another one every day, the same all day long, or whatever chance brings. */

import { dayOf, featureOf, surprise, titlesOf, type Met } from './programme';
import type { Shelf, TitleCard } from './wire';

class Spotlight {
  /** What chance brought. */
  #chosen = $state<string | null>(null);
  readonly day = dayOf(new Date());

  choose(shelves: readonly Shelf[]): TitleCard | undefined {
    const chosen = this.#chosen === null ? undefined : titlesOf(shelves).find(({ id }) => id === this.#chosen);
    return chosen ?? featureOf(shelves, this.day);
  }

  another(shelves: readonly Shelf[], met: readonly Met[]): void {
    this.#chosen = surprise(titlesOf(shelves), met, this.choose(shelves)?.id ?? '', Math.random())?.id ?? null;
  }
}

export const spotlight = new Spotlight();
