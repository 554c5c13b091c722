/** Where each film was left, in this browser, until the server keeps it. */

import { recall, remember } from './store';
import type { InfoHash } from './wire';

export interface Position {
  hash: InfoHash;
  index: number;
  position_s: number;
  duration_s: number;
  at_ms: number;
}

const KEY = 'positions';
const KEPT = 200;
const TOO_EARLY_S = 20;
const NEARLY_OVER = 0.96;

export function positions(): Position[] {
  try {
    const list: unknown = JSON.parse(recall(KEY) ?? '[]');
    return Array.isArray(list) ? (list as Position[]).filter((entry) => typeof entry?.position_s === 'number') : [];
  } catch {
    return [];
  }
}

/** Where to go on, or null when it had hardly begun or was nearly over. */
export function resumeAt(hash: InfoHash, index: number): Position | null {
  const found = positions().find((entry) => entry.hash === hash && entry.index === index);
  if (found === undefined || found.position_s < TOO_EARLY_S) return null;
  return found.duration_s > 0 && found.position_s / found.duration_s > NEARLY_OVER ? null : found;
}

/** Where this film was left last, in whichever of its files. */
export function lastLeft(hash: InfoHash): Position | null {
  return positions().map((entry) => (entry.hash === hash ? resumeAt(hash, entry.index) : null)).find((entry) => entry !== null) ?? null;
}

export function keepPosition(entry: Omit<Position, 'at_ms'>): void {
  const others = positions().filter((old) => !(old.hash === entry.hash && old.index === entry.index));
  remember(KEY, JSON.stringify([{ ...entry, at_ms: Date.now() }, ...others].slice(0, KEPT)));
}

export function forgetPositions(hash: InfoHash): void {
  remember(KEY, JSON.stringify(positions().filter((entry) => entry.hash !== hash)));
}
