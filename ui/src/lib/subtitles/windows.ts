/** The cues of one track, fetched in windows a little ahead of the picture. */

import { readCues, type Cue } from './cues';

/** About a segment: a longer window would make the first line wait for film that is not here yet. */
export const WINDOW_S = 8;
const AHEAD_S = 30;
const KEPT = 400;
const AGAIN_MS = 2500;

export type Fetch = (url: string, signal: AbortSignal) => Promise<string>;

export class CueWindows {
  #windows = new Map<number, Cue[]>();
  #fetching: { window: number; stop: AbortController } | null = null;
  #restUntil_ms = 0;

  constructor(
    readonly url: string,
    readonly fetch: Fetch,
    /** Called when cues have come. */
    readonly oncues: () => void,
  ) {}

  /** What is known of the window that holds a moment. */
  near(at_s: number): readonly Cue[] {
    return this.#windows.get(Math.floor(at_s / WINDOW_S)) ?? [];
  }

  /** Have what is needed at a moment and a little after it; one request at a time, the nearest first. */
  want(at_s: number, now_ms: number): void {
    const first = Math.max(0, Math.floor(at_s / WINDOW_S));
    const last = first + Math.ceil(AHEAD_S / WINDOW_S);
    const running = this.#fetching;
    if (running !== null && (running.window < first || running.window > last || (running.window !== first && !this.#windows.has(first)))) {
      running.stop.abort();
      this.#fetching = null;
    }
    if (this.#fetching !== null || now_ms < this.#restUntil_ms) return;
    for (let window = first; window <= last; window += 1) {
      if (this.#windows.has(window)) continue;
      void this.#get(window, now_ms);
      return;
    }
  }

  close(): void {
    this.#fetching?.stop.abort();
    this.#fetching = null;
    this.#windows.clear();
  }

  async #get(window: number, now_ms: number): Promise<void> {
    const mine = { window, stop: new AbortController() };
    this.#fetching = mine;
    try {
      const text = await this.fetch(`${this.url}?from=${window * WINDOW_S}&to=${(window + 1) * WINDOW_S}`, mine.stop.signal);
      if (this.#fetching !== mine) return;
      this.#keep(window, readCues(text));
      this.oncues();
    } catch {
      // Not here yet, or nobody answers: the picture goes on without, and it is asked again.
      if (this.#fetching === mine) this.#restUntil_ms = now_ms + AGAIN_MS;
    } finally {
      if (this.#fetching === mine) this.#fetching = null;
    }
  }

  #keep(window: number, cues: Cue[]): void {
    const oldest = this.#windows.keys().next();
    if (this.#windows.size >= KEPT && oldest.done !== true) this.#windows.delete(oldest.value);
    this.#windows.set(window, cues);
  }
}
