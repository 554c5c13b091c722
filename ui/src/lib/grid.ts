/** What of a long row or a high wall is drawn: only what can be seen, and a little around it. Pure. */

/** Half-open, in items of a row or in rows of a wall. */
export type Stretch = readonly [start: number, stop: number];

/** How many columns of at least `least` fit, with `gap` between them; one at least. */
export function columnsFor(width: number, least: number, gap: number): number {
  return Math.max(1, Math.floor((width + gap) / (least + gap)));
}

/** What lies between two places when each takes `step`, and `around` more on both sides. */
export function stretch(from: number, until: number, step: number, count: number, around: number): Stretch {
  if (step <= 0 || count <= 0) return [0, 0];
  // A wall that has become shorter than where one stands shows its end.
  const start = Math.max(0, Math.min(count - around, Math.floor(from / step) - around));
  const stop = Math.min(count, Math.max(start, Math.ceil(until / step) + around));
  return [start, stop];
}

/** A stretch that holds one more place, for what is focused must never be taken away. */
export function holding([start, stop]: Stretch, at: number | null): number[] {
  const all = Array.from({ length: stop - start }, (_, step) => start + step);
  if (at === null || (at >= start && at < stop)) return all;
  return at < start ? [at, ...all] : [...all, at];
}

/** Where a row glides to when it is turned like a page: whole items, and the last of the old ones stays in sight. */
export function turned(scroll: number, view: number, step: number, most: number, ways: 1 | -1): number {
  const whole = Math.max(1, Math.floor(view / step) - 1);
  const now = Math.round(scroll / step);
  return Math.max(0, Math.min(most, (now + ways * whole) * step));
}
