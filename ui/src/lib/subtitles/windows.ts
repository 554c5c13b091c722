/** The cues of one track, fetched in windows a little ahead of the picture. */

import type { Cue } from './cues.ts';

/** About a segment: a longer window would make the first line wait for film that is not here yet. */
const LENGTH_S = 8;
/** Lines inside a film come from the process that makes its segments: no further than the player is ahead itself. */
const AHEAD_S = 12;
const MOST_WINDOWS = 400;
const AGAIN_MS = 2500;

export type Fetch = (url: string, signal: AbortSignal) => Promise<string>;

/** `[from_s, to_s)` of the film, and what is said in it. */
interface Window {
  from_s: number;
  to_s: number;
  cues: Cue[];
}

export class CueWindows {
  #windows: Window[] = [];
  #running: { from_s: number; to_s: number; stop: AbortController } | null = null;
  #rest: ReturnType<typeof setTimeout> | null = null;

  readonly url: string;
  readonly fetch: Fetch;
  readonly read: (text: string) => Cue[];
  /** Called when cues have come, or it is time to want them again. */
  readonly onchange: () => void;

  constructor(url: string, fetch: Fetch, read: (text: string) => Cue[], onchange: () => void) {
    [this.url, this.fetch, this.read, this.onchange] = [url, fetch, read, onchange];
  }

  /** What is known of the window that holds a moment. */
  near(at_s: number): readonly Cue[] {
    return this.#at(at_s)?.cues ?? [];
  }

  /** Have what is needed at a moment and a little after it; one request at a time, the nearest first. */
  want(at_s: number): void {
    const from_s = this.#firstMissing(at_s);
    const running = this.#running;
    if (running !== null) {
      if (from_s === null || (running.from_s <= from_s && from_s < running.to_s)) return;
      running.stop.abort();
      this.#running = null;
    }
    if (from_s === null || this.#rest !== null) return;
    // From the very moment on: what lies before it in the film may never be fetched.
    const next_s = this.#windows.reduce((least, one) => (one.from_s > from_s ? Math.min(least, one.from_s) : least), Infinity);
    void this.#get(from_s, Math.min(from_s + LENGTH_S, next_s));
  }

  close(): void {
    this.#running?.stop.abort();
    this.#running = null;
    if (this.#rest !== null) clearTimeout(this.#rest);
    this.#rest = null;
    this.#windows = [];
  }

  #at(at_s: number): Window | undefined {
    return this.#windows.findLast((one) => one.from_s <= at_s && at_s < one.to_s);
  }

  /** The first moment from this one on of which nothing is known; null when it is far enough ahead. */
  #firstMissing(at_s: number): number | null {
    let from_s = Math.max(0, Math.round(at_s * 1000) / 1000);
    for (let known = this.#at(from_s); known !== undefined; known = this.#at(from_s)) from_s = known.to_s;
    return from_s < at_s + AHEAD_S ? from_s : null;
  }

  async #get(from_s: number, to_s: number): Promise<void> {
    const mine = { from_s, to_s, stop: new AbortController() };
    this.#running = mine;
    try {
      const text = await this.fetch(`${this.url}?from=${from_s}&to=${to_s}`, mine.stop.signal);
      if (this.#running !== mine) return;
      this.#running = null;
      this.#windows = [...this.#windows.slice(1 - MOST_WINDOWS), { from_s, to_s, cues: this.read(text) }];
      this.onchange();
    } catch {
      // Nobody answers, or not well: the picture goes on without, and it is asked again.
      if (this.#running !== mine) return;
      this.#running = null;
      this.#rest = setTimeout(() => {
        this.#rest = null;
        this.onchange();
      }, AGAIN_MS);
    }
  }
}
