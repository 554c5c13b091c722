/** Where titles come from, what others answer, and what playing would be like, on the made-up server. Never part of a build. */

import type { Answered, FeedSource, Forecast, Promised, PromiseError, Receipt, SourceList, Torrent } from './lib/wire';
import { mockTitles } from './mock-catalogue';

type Provider = SourceList['providers'][number];

const DAY = '2026-11-22T20:00:00Z';
const provider = (id: string, name: string, more: Partial<Provider> = {}): Provider => ({ id, name, home: `https://${id}.example`, features: ['search'], asks: [`${id}.example`], enabled: true, answered_at: DAY, kept_at: DAY, trouble: null, ...more });

const PROVIDERS = [
  provider('archive', 'Internet Archive'),
  provider('peertube', 'PeerTube', { trouble: { code: 'source-unreachable', message: 'It does not answer.', retry_after_s: 600 } }),
  provider('commons', 'Wikimedia Commons', { enabled: false, answered_at: null }),
];
const feeds: FeedSource[] = [{ id: 'f1', address: 'https://films.example.org/feed.xml', name: 'Films for everybody', enabled: true, items: 12, titles: 9, answered_at: DAY, trouble: null }];

const PROMISE: Promised = { starts_in_s: 3.2, plays: 'smoothly', needs_bytes_per_s: 750_000, gets_bytes_per_s: 2_500_000, basis: 'line' };
const KEPT: PromiseError = { count: 14, median: 0.3, within: 12, judged: 13, right: 12 };
const FORECAST: Forecast = { release: 0, file: 'The.General.1926.1080p.mp4', promise: PROMISE, reasons: [{ why: 'best-picture', facts: { lines: 1080 } }, { why: 'plays-as-it-is', facts: {} }] };

/** What two say, the second of whom answers nothing. */
function answered(): Answered[] {
  const titles = mockTitles('?query=the&limit=3', 0).titles.map((card) => ({ ...card, id: `archive-${card.id}` }));
  const silent: Answered = { provider: 'peertube', titles: [], found: 0, kept_at: null, trouble: { code: 'source-unreachable', message: '', retry_after_s: null }, last: true };
  return [{ provider: 'archive', titles, found: titles.length, kept_at: null, trouble: null, last: true }, silent];
}

/** The answer; null where it has none, undefined for what is not asked of these. A list of `Answered` goes out line by line. */
export function mockSources(method: string, path: string, body: Record<string, unknown>): unknown {
  if (path === '/api/v1/titles/further') return answered();
  if (path.endsWith('/forecast')) return FORECAST;
  if (path.endsWith('/promise')) return PROMISE;
  if (path === '/api/v1/promises') return { promises: [], error: KEPT };
  if (path === '/api/v1/providers') return { providers: PROVIDERS.filter((one) => one.enabled).map(({ id, name, home }) => ({ id, name, home })) };
  if (path === '/api/v1/sources/feeds') {
    feeds.push({ ...feeds[0]!, id: `f${feeds.length + 1}`, address: String(body['url']), name: '' });
    return feeds.at(-1);
  }
  if (path === '/api/v1/sources') return { asked: true, providers: PROVIDERS, feeds };
  if (!path.startsWith('/api/v1/sources/')) return undefined;
  const one = [...PROVIDERS, ...feeds].find(({ id }) => path.endsWith(`/${id}`));
  if (one !== undefined && method === 'PUT') one.enabled = body['enabled'] === true;
  if (method === 'DELETE') feeds.splice(feeds.findIndex(({ id }) => path.endsWith(`/${id}`)), 1);
  return null;
}

/** What was taken and given of some films. */
export function mockReceipt(films: readonly Torrent[]): Receipt {
  const day = { day: '2026-11-22', first_at: DAY, last_at: '2026-11-22T22:10:00Z' };
  return {
    made_at: '2026-11-26T19:00:00Z',
    version: '0.1.0',
    entries: films.map((film, n) => ({
      info_hash: film.info_hash,
      name: film.name,
      added_at: DAY,
      recorded_from: DAY,
      removed_at: n === 2 ? '2026-11-25T20:00:00Z' : null,
      title: n === 1 ? { id: 'nosferatu-1922', name: 'Nosferatu', year: 1922, season: null, episode: null, recorded_at: DAY, country: 'US', reasons: [], evidence: [] } : null,
      stated: [{ basis: 'licence', licence: 'CC-BY-3.0', licence_url: 'https://creativecommons.org/licenses/by/3.0/', stated_at: DAY }],
      before_down: null,
      before_up: null,
      days: [{ ...day, bytes_down: 50_195_281, bytes_up: 12_345_678 * (n + 1) }],
      bytes_down: 50_195_281,
      bytes_up: 12_345_678 * (n + 1),
      seeds: n === 0 ? 3 : null,
      seeds_on: n === 0 ? '2026-11-12' : null,
    })),
  };
}
