/** What the seek bar shows: what is here, what will be here by the time it is reached, what would make one wait. Pure. */

import type { Span } from './wire';

export interface Stretch {
  /** Fractions of the file, half-open. */
  start: number;
  stop: number;
  kind: 'here' | 'coming';
}

export interface Playing {
  length: number;
  /** What comes whole or not at all, in bytes; 0 while it is unknown. */
  piece_length: number;
  spans: readonly Span[];
  /** Fraction of the file at which the picture is. */
  at: number;
  /** Unknown until the player has read the head of the film. */
  duration_s: number | null;
  rate_bytes_per_s: number;
}

const MOST_STRETCHES = 240;
/** What a browser asks for before it knows how long a film is, in bytes. */
const HEAD_LENGTH = 65_536;

/** Bytes are taken to be spread evenly over time: good to a few seconds for a film. */
export function stretches(playing: Playing): Stretch[] {
  const { length, duration_s: duration, rate_bytes_per_s: rate } = playing;
  if (length <= 0) return [];
  const here = merged(playing.spans, length);
  const found: Stretch[] = here.map(([start, stop]) => ({ start: start / length, stop: stop / length, kind: 'here' }));
  if (duration === null || duration <= 0 || rate <= 0) return found;
  const from = playing.at * length;
  const needed = length / duration;
  let missingBefore = 0;
  for (const [gapStart, gapStop] of gaps(here, length)) {
    if (gapStop <= from) continue;
    const start = Math.max(gapStart, from);
    // In the gap, what is missing grows by one byte a byte; the time to reach it by 1/needed.
    const late = missingBefore / rate - (start - from) / needed;
    const growth = 1 / rate - 1 / needed;
    let stop = gapStop;
    if (late > 0) stop = start;
    else if (growth > 0) stop = Math.min(gapStop, start - late / growth);
    if (stop > start) found.push({ start: start / length, stop: stop / length, kind: 'coming' });
    missingBefore += gapStop - start;
  }
  return found;
}

/**
 * Seconds one would wait at this fraction for `lead_s` of film to arrive; 0 when it is here, null when nothing arrives.
 * Whole pieces are counted: of one that is begun nothing can be shown.
 */
export function priceAt(playing: Playing, fraction: number, lead_s = 3): number | null {
  const { length, duration_s: duration, rate_bytes_per_s: rate } = playing;
  if (length <= 0) return null;
  const start = Math.min(fraction * length, length - 1);
  const stop = Math.min(length, start + (duration === null || duration <= 0 ? HEAD_LENGTH : (length / duration) * lead_s));
  let missing = 0;
  for (const [from, to] of gaps(playing.spans, length)) {
    if (to <= start || stop <= from) continue;
    missing += wholePieces(Math.max(start, from) - from, Math.min(stop, to) - from, to - from, playing.piece_length);
  }
  if (missing <= 1) return 0;
  return rate > 0 ? missing / rate : null;
}

/** The film as it would arrive if something were asked for: a swarm of which nothing is wanted sends nothing. */
export function asked(playing: Playing, waiting: boolean, last_bytes_per_s: number): Playing {
  return playing.rate_bytes_per_s > 0 || waiting ? playing : { ...playing, rate_bytes_per_s: last_bytes_per_s };
}

/** Whether all of the film is here. */
export function isWhole({ spans, length }: Playing): boolean {
  const [first] = spans;
  return length > 0 && first !== undefined && first[0] <= 0 && first[1] >= length;
}

/** Up to which fraction the film can be played from `at` without waiting for anybody. */
export function hereUntil(spans: readonly Span[], length: number, at: number): number {
  if (length <= 0) return 0;
  const position = at * length;
  for (const [start, stop] of spans) if (start <= position && position < stop) return stop / length;
  return at;
}

function merged(spans: readonly Span[], length: number): Span[] {
  const least = length / MOST_STRETCHES / 4;
  const joined: Span[] = [];
  for (const [start, stop] of spans) {
    const last = joined.at(-1);
    if (last !== undefined && spans.length > MOST_STRETCHES && start - last[1] < least) last[1] = stop;
    else joined.push([start, stop]);
  }
  return joined;
}

function* gaps(spans: readonly Span[], length: number): Generator<Span> {
  let from = 0;
  for (const [start, stop] of spans) {
    if (start > from) yield [from, start];
    from = stop;
  }
  if (from < length) yield [from, length];
}

/** Bytes of the pieces that hold `[start, stop)` of a gap, which begins with a piece and is `size` long. */
function wholePieces(start: number, stop: number, size: number, piece: number): number {
  if (piece <= 0) return stop - start;
  return Math.min(size, Math.ceil(stop / piece) * piece) - Math.floor(start / piece) * piece;
}
