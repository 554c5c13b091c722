/** What the curious see of a film while it plays, as numbers. Pure. */

import type { Activity, Span } from './wire';

const MOST_SENDERS = 4;

export interface Pieces {
  here: number;
  all: number;
  /** Those that are not here, from where the picture is to the end. */
  ahead: number;
}

/** Pieces are counted from the file's own beginning, which need not be one of the torrent's: one may be off at each edge. */
export function piecesOf(spans: readonly Span[], length: number, piece: number, at: number): Pieces | null {
  if (length <= 0 || piece <= 0) return null;
  const all = Math.ceil(length / piece);
  const there = new Set<number>();
  for (const [start, stop] of spans) {
    const first = Math.ceil(start / piece);
    const last = stop >= length ? all : Math.floor(stop / piece);
    for (let one = first; one < last; one += 1) there.add(one);
  }
  let ahead = 0;
  for (let one = Math.floor((at * length) / piece); one < all; one += 1) if (!there.has(one)) ahead += 1;
  return { here: there.size, all, ahead };
}

/** Seconds that the browser holds from a place on. */
export function aheadOf(buffered: Pick<TimeRanges, 'length' | 'start' | 'end'>, at_s: number): number {
  for (let n = 0; n < buffered.length; n += 1) {
    if (buffered.start(n) <= at_s + 0.1 && at_s < buffered.end(n)) return buffered.end(n) - at_s;
  }
  return 0;
}

export interface Sender {
  /** The program it says it is; a web host's address. */
  name: string;
  isHost: boolean;
  bytes_per_s: number;
}

/** Who sends, and how fast: between one look and the next. */
export class Senders {
  #last = new Map<string, number>();
  #last_ms: number | null = null;

  /** Those that sent since the look before, the fastest first; null for the first look, which tells nothing. */
  take({ peers, web_hosts }: Pick<Activity, 'peers' | 'web_hosts'>, now_ms: number): { all: number; first: Sender[] } | null {
    const before = this.#last;
    const passed_s = this.#last_ms === null ? 0 : (now_ms - this.#last_ms) / 1000;
    this.#last = new Map();
    this.#last_ms = now_ms;
    const found: Sender[] = [];
    for (const one of [...web_hosts, ...peers]) {
      // Two connections of one peer count as one.
      const key = `${one.kind} ${one.address}`;
      this.#last.set(key, (this.#last.get(key) ?? 0) + one.bytes_down);
    }
    for (const [key, bytes] of this.#last) {
      const more = bytes - (before.get(key) ?? 0);
      if (passed_s <= 0 || more <= 0) continue;
      const one = [...web_hosts, ...peers].find((other) => `${other.kind} ${other.address}` === key)!;
      const isHost = one.kind === 'web-host';
      found.push({ name: isHost ? one.address : one.client, isHost, bytes_per_s: more / passed_s });
    }
    found.sort((a, b) => b.bytes_per_s - a.bytes_per_s);
    return passed_s <= 0 ? null : { all: found.length, first: found.slice(0, MOST_SENDERS) };
  }
}
