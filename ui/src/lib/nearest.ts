/** Where an arrow key leads: the nearest neighbour in its direction. Pure. */

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** One of its two is 1 or -1, the other 0. */
export type Direction = readonly [x: number, y: number];

const ASIDE_WEIGHT = 2.2;

/** How far `[low, high)` lies aside of where one is; what spans the other, or lies within it, does not. */
function asideOf(low: number, high: number, toLow: number, toHigh: number): number {
  if ((toLow >= low && toHigh <= high) || (low >= toLow && high <= toHigh)) return 0;
  return Math.max(0, toLow - high, low - toHigh) + Math.min(Math.abs(toLow - low), Math.abs(toHigh - high)) / 8;
}

/** A button that stands in a field is next to what is typed there. */
function isWithin(outer: Box, inner: Box): boolean {
  return inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom;
}

/** How far a box is, as an arrow counts; infinite when it does not lie that way. */
export function distance(from: Box, to: Box, [dx, dy]: Direction): number {
  const ahead = dx !== 0 ? (dx > 0 ? to.left - from.right : from.left - to.right) : dy > 0 ? to.top - from.bottom : from.top - to.bottom;
  const centre = dx !== 0 ? (to.left + to.right - from.left - from.right) * dx : (to.top + to.bottom - from.top - from.bottom) * dy;
  if (centre <= 0) return Infinity;
  if (dx !== 0 && (isWithin(from, to) || isWithin(to, from))) return 0;
  if (ahead < -Math.min(from.bottom - from.top, from.right - from.left) / 2) return Infinity;
  const aside = dx !== 0 ? asideOf(from.top, from.bottom, to.top, to.bottom) : asideOf(from.left, from.right, to.left, to.right);
  return Math.max(0, ahead) + aside * ASIDE_WEIGHT;
}

/** Which of the boxes is nearest, or -1 when none lies that way. */
export function nearest(from: Box, boxes: readonly Box[], direction: Direction): number {
  let best = -1;
  let least = Infinity;
  for (const [at, box] of boxes.entries()) {
    const far = distance(from, box, direction);
    if (far < least) [best, least] = [at, far];
  }
  return best;
}
