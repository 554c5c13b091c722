/** Whether this computer keeps up with the film: with converting it, or with showing it. Pure. */

export interface Beat {
  /** The picture stands although all it needs is here, and nobody has just moved it. */
  starved: boolean;
  converted: boolean;
  dropped: number;
  shown: number;
}

export type Weakness = 'none' | 'converting' | 'showing' | 'colours' | 'silent';

const REMEMBERED = 45;
const STARVED_BEATS = 6;
const DROPPED_SHARE = 0.25;
const ENOUGH_FRAMES = 150;

/** Takes one beat a second. */
export class Strength {
  #beats: Beat[] = [];

  take(beat: Beat): Weakness {
    const before = this.#beats.at(-1);
    // Another source counts its frames anew.
    if (before !== undefined && beat.shown < before.shown) this.#beats = [];
    this.#beats = [...this.#beats.slice(1 - REMEMBERED), beat];
    const first = this.#beats[0] ?? beat;
    if (beat.converted && this.#beats.filter((one) => one.starved).length >= STARVED_BEATS) return 'converting';
    const shown = beat.shown - first.shown;
    return shown >= ENOUGH_FRAMES && (beat.dropped - first.dropped) / shown > DROPPED_SHARE ? 'showing' : 'none';
  }

  forget(): void {
    this.#beats = [];
  }
}
