/** What the made-up server does with torrents that nobody plays: takes, the queue, and what was given. */

import type { FileStates, LimitsNow, Torrent } from './lib/wire';

type Transfer = Pick<Torrent, 'fetching' | 'queue_position' | 'takes' | 'wanted' | 'giving' | 'limits'>;
type Take = Torrent['takes']['rest'];

/** What is told besides of the n-th film: the second was given enough, the third is, the first comes and the sixth waits. */
export function mockTransfer(n: number, length: number, part: number): Transfer {
  const whole = n === 1 || n === 6 || n === 7;
  const given = n === 2 ? 2.1 : n === 3 ? 0.7 : 0;
  return {
    fetching: part === 1 ? (whole ? 'here' : 'as-watched') : n === 1 ? 'now' : whole ? 'queued' : 'as-watched',
    queue_position: n - 1,
    takes: { rest: whole ? 'normal' : 'not', files: n === 6 ? { 1: 'not' } : {} },
    wanted: whole ? { bytes_done: length * part, bytes_total: length } : { bytes_done: 0, bytes_total: 0 },
    giving: {
      bytes_down: length * part,
      bytes_up: Math.round(length * given),
      ratio: given,
      ratio_limit: n === 2 ? 2 : null,
      hours_limit: null,
      complete_since: part === 1 ? '2026-11-25T20:00:00Z' : null,
      until: n === 3 ? '2026-11-27T20:00:00Z' : null,
      enough: n === 2 ? 'ratio' : null,
    },
    limits: { down_bytes_per_s: n === 7 ? 500_000 : 0, up_bytes_per_s: 0 },
  };
}

export const mockLimits = (quiet: boolean): LimitsNow => ({ down_bytes_per_s: 0, up_bytes_per_s: quiet ? 250_000 : 0, quiet, until: quiet ? '2026-11-27T06:00:00Z' : '2026-11-26T21:30:00Z' });

const takeOf = (film: Torrent, index: number): Take => film.takes.files[String(index)] ?? film.takes.rest;

function fetching(film: Torrent): Torrent['fetching'] {
  const taken = film.files.some((file) => takeOf(film, file.index) !== 'not');
  return !taken ? 'as-watched' : film.state === 'complete' ? 'here' : film.queue_position < 3 ? 'now' : 'queued';
}

/** Files of a torrent, and what is done with them; undefined for any other question. */
export function mockFiles(part: string, method: string, url: URL, body: Record<string, unknown>, film: Torrent): FileStates | FileStates['files'][number] | undefined {
  const index = /^files\/(\d+)$/u.exec(part)?.[1];
  if (part !== 'files' && index === undefined) return undefined;
  if (index !== undefined && method === 'PATCH') film.takes = { ...film.takes, files: { ...film.takes.files, [index]: body['take'] as Take } };
  film.fetching = fetching(film);
  const states = film.files.map(({ index: at, path, length, media_type }) => ({ index: at, path, length, media_type, take: takeOf(film, at), bytes_done: Math.round(length * film.progress.fraction) }));
  if (index !== undefined) return states[Number(index)];
  const start = Number(url.searchParams.get('start') ?? 0);
  return { files: states.slice(start, start + Number(url.searchParams.get('limit') ?? 500)), total: states.length };
}

/** Go by a PATCH; gives every film that is shown otherwise now. */
export function mockChange(body: Record<string, unknown>, film: Torrent, films: Iterable<Torrent>): Torrent[] {
  if (typeof body['take'] === 'string') film.takes = { rest: body['take'] as Take, files: {} };
  for (const [name, of] of [
    ['give_ratio_limit', 'ratio_limit'],
    ['give_hours_limit', 'hours_limit'],
  ] as const) {
    if (name in body) film.giving = { ...film.giving, [of]: body[name] as number | null, enough: null };
  }
  if (typeof body['down_limit_bytes_per_s'] === 'number') film.limits = { ...film.limits, down_bytes_per_s: body['down_limit_bytes_per_s'] };
  if (typeof body['up_limit_bytes_per_s'] === 'number') film.limits = { ...film.limits, up_bytes_per_s: body['up_limit_bytes_per_s'] };
  film.fetching = fetching(film);
  if (typeof body['queue_position'] !== 'number') return [film];
  const order = [...films].filter((one) => one !== film).sort((a, b) => a.queue_position - b.queue_position);
  order.splice(body['queue_position'], 0, film);
  order.forEach((one, place) => (one.queue_position = place));
  return order;
}
