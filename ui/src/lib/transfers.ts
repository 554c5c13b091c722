/** What torrents do while nobody plays them: which stand where, how much is left, what all of them do together. Pure. */

import type { Take, Torrent } from './wire';

/** Below this it is chatter of the protocol. */
const MOVES_BYTES_PER_S = 1000;
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export const TAKES: readonly Take[] = ['not', 'low', 'normal', 'high'];

/** What is not whole yet, in the order in which it is fetched. */
export function coming(films: readonly Torrent[]): Torrent[] {
  return films.filter((film) => film.state !== 'complete').sort((a, b) => a.queue_position - b.queue_position || a.added_at.localeCompare(b.added_at));
}

/** What is whole, the last that came first. */
export function whole(films: readonly Torrent[]): Torrent[] {
  const since = (film: Torrent): string => film.giving.complete_since ?? film.added_at;
  return films.filter((film) => film.state === 'complete').sort((a, b) => since(b).localeCompare(since(a)));
}

export interface Sums {
  down: number;
  up: number;
  /** How many are fetched now, and how many wait their turn. */
  now: number;
  waiting: number;
  /** How many are given to somebody at this moment. */
  given: number;
}

export function sums(films: readonly Torrent[]): Sums {
  return {
    down: films.reduce((sum, film) => sum + film.rates.down_bytes_per_s, 0),
    up: films.reduce((sum, film) => sum + film.rates.up_bytes_per_s, 0),
    now: films.filter((film) => film.state === 'downloading' && (film.fetching === 'now' || film.rates.down_bytes_per_s > MOVES_BYTES_PER_S)).length,
    waiting: films.filter((film) => film.state === 'downloading' && film.fetching === 'queued').length,
    given: films.filter((film) => film.rates.up_bytes_per_s > MOVES_BYTES_PER_S).length,
  };
}

/** Whether there is anything to look at. */
export function isMoving({ now, waiting, given }: Sums): boolean {
  return now + waiting + given > 0;
}

/** How many are fetched before one that waits its turn. */
export function before(film: Torrent, films: readonly Torrent[]): number {
  return films.filter((one) => one !== film && one.state === 'downloading' && (one.fetching === 'now' || (one.fetching === 'queued' && one.queue_position < film.queue_position))).length;
}

/** Of what is taken, or else of all of it, how much is here. */
export function part({ wanted, progress }: Torrent): number {
  return wanted.bytes_total > 0 ? wanted.bytes_done / wanted.bytes_total : progress.fraction;
}

/** In how many seconds what is taken will be here; null where that cannot be said. */
export function left_s(film: Torrent): number | null {
  const down = film.rates.down_bytes_per_s;
  const left = film.wanted.bytes_total - film.wanted.bytes_done;
  return film.fetching === 'now' && down > 20 * MOVES_BYTES_PER_S && left > 0 ? left / down : null;
}

/** Where a film must be put to stand one higher or lower among those that are shown; null at an end. */
export function placeFor(film: Torrent, shown: readonly Torrent[], step: -1 | 1): number | null {
  const neighbour = shown[shown.indexOf(film) + step];
  return shown.includes(film) && neighbour !== undefined ? neighbour.queue_position : null;
}

/** Days as the settings say them, by Monday's 0. None named is every day. */
export function readDays(text: string): boolean[] {
  const named = text.toLowerCase().split(/[\s,]+/u);
  return DAYS.map((day) => text.trim() === '' || named.includes(day));
}

/** Empty for every day, and for none, which would be no hours at all. */
export function writeDays(days: readonly boolean[]): string {
  return days.every(Boolean) || !days.some(Boolean) ? '' : DAYS.filter((_, at) => days[at]).join(',');
}
