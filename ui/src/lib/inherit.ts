/** What this browser remembered by itself, before the server did, as a library that it can take in. Pure. */

import type { Taste } from './subtitles/choice';

/** How all subtitles look that nobody chose a look for. */
export const ANY_SERIES = '*';

export interface Old {
  positions: string | null;
  tastes: string | null;
  look: string | null;
  /** By film: `HASH/INDEX`. */
  timings: Readonly<Record<string, string | null>>;
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}

function listed(text: string | null): unknown[] {
  const list = parsed(text);
  return Array.isArray(list) ? list : [];
}

const isSeconds = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= 1_000_000;

function progressOf(entry: Record<string, unknown>, now_ms: number): object | null {
  const { hash, index, position_s, duration_s, at_ms } = entry;
  if (typeof hash !== 'string' || !/^([0-9a-f]{40}|[0-9a-f]{64})$/u.test(hash) || !Number.isInteger(index) || Number(index) < 0 || !isSeconds(position_s)) return null;
  const at = Number(at_ms);
  const changed_ms = at > 0 && at < now_ms ? Math.round(at) : now_ms;
  return { title: hash, season: null, number: null, file: index, position_s, duration_s: isSeconds(duration_s) ? duration_s : 0, watched: false, info_hash: hash, file_index: index, name: '', changed_ms };
}

const LANGUAGE = /^[A-Za-z0-9-]{0,40}$/u;

function tasteOf(series: string, taste: Taste, now_ms: number): object | null {
  const flat = series.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '').slice(0, 200);
  if (flat === '') return null;
  const language = (value: unknown): string | null => (typeof value === 'string' && LANGUAGE.test(value) ? value : null);
  const look = typeof taste.look === 'string' && /^[\x20-\x7e]{1,400}$/u.test(taste.look) ? taste.look : null;
  const within = (value: unknown, low: number, high: number): number | null => (typeof value === 'number' && value >= low && value <= high ? value : null);
  return {
    series: flat, subtitles: language(taste.subtitles), second: language(taste.second), audio: language(taste.audio), look,
    delay_s: within(taste.delay_s, -60, 60), stretch: within(taste.stretch, 0.5, 2), changed_ms: now_ms,
  }; // prettier-ignore
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The document, or null when there was nothing. What cannot be right is left out: the rest must not be lost with it. */
export function inherited(old: Old, profile: string, now_ms: number): object | null {
  const progress = listed(old.positions).filter(isRecord).map((entry) => progressOf(entry, now_ms)).filter((one) => one !== null);
  const tastes = new Map<string, Taste>();
  for (const entry of listed(old.tastes)) if (Array.isArray(entry) && typeof entry[0] === 'string' && isRecord(entry[1])) tastes.set(entry[0], entry[1] as Taste);
  if (old.look !== null) tastes.set(ANY_SERIES, { look: old.look });
  for (const [film, timing] of Object.entries(old.timings)) {
    const [delay_s = 0, stretch = 1] = (timing ?? '').split(' ').map(Number);
    tastes.set(film, { delay_s, stretch });
  }
  const taste = [...tastes].map(([series, one]) => tasteOf(series, one, now_ms)).filter((one) => one !== null);
  if (progress.length === 0 && taste.length === 0) return null;
  const person = { id: profile, name: '', colour: 'amber', child: false, keeps_history: true, created_ms: 0 };
  return { format: 'matinee-library', version: 1, profiles: [{ ...person, progress, taste }] };
}
