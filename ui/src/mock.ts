/** The whole page on a made-up server, for working on it alone: `npm run dev`, then /mock.html. Never part of a build.
 *
 * `?screens=on|asks` and `?visitor=watch|out` are of `mock-devices`; what a camera saw has ended there.
 * `?people=several` and `?remembered=much` are of `mock-library`, `?glass=nobody|crowd` of `mock-glass`,
 * `?sought` has titles looked for until the page gets the event `found`.
 * `?publish=sending|checking|hashing|copying|failed|away` of `mock-publishing`.
 * `?films=none|some|hostile` chooses what hangs on the wall, `?film=ADDRESS` a real video to play, `?hls=ADDRESS` a playlist, `?way=remux|transcode` how it
 * is said to be played, `?weak` a computer that does not keep up,
 * `?quiet` has other limits hold now, `?plain` a film without tracks, `?locked` shuts the doors, `?many=10000` hangs so many titles, `?offline` has none of
 * them play, `?first` shows the first screens, `?shelves=away` shows none, `?still` has nothing move by itself, `?fuzz=SEED` has strangers write the worst
 * into every answer (`mock-hostile`), `?stills=5` has so many of every film, `?beside` a trailer and subtitles, `?remember=notice:read` has the browser remember that. The titles are the built-in shelf's own. */

import { mockExtras, mockFilters, mockFound, mockShelves, mockTitle, mockTitles } from './mock-catalogue';
import { mockDevices } from './mock-devices';
import { mockStorage } from './mock-disk';
import { mockOverview } from './mock-glass';
import { Hostile } from './mock-hostile';
import { mockLibrary } from './mock-library';
import { mockOffers, mockPlayback, mockStyled, mockSprite, mockSubtitles, mockThumbnails } from './mock-playback';
import { mockPublication, mockPublishing, mockSquare, mockUpload } from './mock-publishing';
import { mockSettings } from './mock-settings';
import { mockReceipt, mockSources } from './mock-sources';
import { mockChange, mockFiles, mockLimits, mockTransfer } from './mock-transfers';
import type { Activity, BufferEvent, Rights, TitleView, Torrent } from './lib/wire';

const wanted = new URLSearchParams(location.search);
for (const [key, ...value] of wanted.getAll('remember').map((one) => one.split(':'))) localStorage.setItem(`matinee.${key}`, value.join(':'));
const LENGTH = 50_195_281;
const hash = (n: number): string => n.toString(16).padStart(40, '0');
const domain: Rights = { basis: 'public-domain', licence: null, stated_at: '2026-11-22T20:00:00Z' };

function torrent(n: number, name: string, more: Partial<Torrent> = {}): Torrent {
  const part = more.state === 'complete' ? 1 : ((n * 37) % 90) / 100;
  return {
    info_hash: hash(n),
    name,
    state: 'downloading',
    trouble: null,
    rights: domain,
    sharing: 'while-watching',
    length: LENGTH,
    piece_length: 262_144,
    files: [
      { index: 0, path: `${name}/film.mp4`, length: LENGTH, media_type: 'video/mp4', stream_url: wanted.get('film') ?? '/mock-film.mp4' },
      { index: 1, path: `${name}/en.srt`, length: 54_321, media_type: 'application/x-subrip', stream_url: '/mock.srt' },
    ],
    progress: { bytes_done: LENGTH * part, bytes_total: LENGTH, fraction: part },
    rates: { down_bytes_per_s: part < 1 ? 900_000 : 0, up_bytes_per_s: 40_000 },
    peers: { connected: n % 6, seeds: 1, known: 40 },
    added_at: new Date(Date.UTC(2026, 10, 22, 20, n)).toISOString(),
    magnet: `magnet:?xt=urn:btih:${hash(n)}`,
    comes_from: null,
    became: null,
    kept: false,
    own: false,
    homes: { count: 1, seen_on: n === 2 ? '2026-11-12' : new Date().toISOString().slice(0, 10) },
    ...mockTransfer(n, LENGTH, part),
    ...more,
  };
}

const SOME = [
  torrent(1, 'Big Buck Bunny (2008)', { rights: { ...domain, basis: 'licence', licence: 'CC-BY-3.0' } }),
  torrent(2, 'Nosferatu.1922.1080p.BluRay.x264', { state: 'complete' }),
  torrent(3, 'A Trip to the Moon (1902)', { state: 'complete' }),
  torrent(4, 'Sintel.2010.2160p', { rights: null }),
  torrent(5, 'Häxan (1922)', { state: 'fetching-metadata', files: [], length: 0, rights: null }),
  torrent(6, 'The General (1926)', { state: 'paused' }),
  torrent(7, 'Night of the Living Dead 1968', { trouble: { code: 'disk-full', sentence: 'The disk is full.' }, state: 'error' }),
];

const HOSTILE = [
  torrent(21, '<img src=x onerror="alert(1)"><script>alert(2)</script>'),
  torrent(22, 'A'.repeat(10_000)),
  torrent(23, '\u202e4pm.exe gnihtyna \u2066evil\u2069'),
  torrent(24, 'فيلم جميل جدا من القاهرة 1958'),
  torrent(25, '\u0000\u0001\u0007\u200b'),
  torrent(26, 'Z\u0351\u0302\u0334\u0327a\u0335\u032al\u0338\u0328go'.repeat(60)),
  torrent(27, '{n} ${7*7} {{name}}', { rights: { ...domain, basis: 'licence', licence: '<b>x</b>'.repeat(300) } }),
  torrent(28, '東京物語 1953'),
  torrent(29, 'word '.repeat(2_000)),
];

const films = new Map((wanted.get('films') === 'none' ? [] : wanted.get('films') === 'hostile' ? HOSTILE : SOME).map((film) => [film.info_hash, film]));
const listeners = new Set<MockEvents>();
const hostile = wanted.has('fuzz') ? await Hostile.of(wanted.get('fuzz') ?? '') : null;

function tell(name: string, data: unknown): void {
  const told = hostile?.event(`${name.charAt(0).toUpperCase()}${name.slice(1)}Event`, data) ?? data;
  for (const listener of listeners) listener.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(told) }));
}

class MockEvents extends EventTarget {
  static readonly CLOSED = 2;
  readyState = 1;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;

  constructor() {
    super();
    listeners.add(this);
    setTimeout(() => this.onopen?.(), 50);
  }

  close(): void {
    listeners.delete(this);
  }
}

function activity(film: Torrent): Activity {
  const peers = Array.from({ length: film.peers.connected }, (_, n) => ({ address: `203.0.113.${n + 1}:51413`, client: 'Some <b>client</b>', kind: 'peer' as const, bytes_down: n * 900_000, bytes_up: n * 12_000, progress: 0.5 }));
  return { info_hash: film.info_hash, trackers: [{ url: 'udp://tracker.example.org:1337', state: 'working', message: '' }], dht: true, lsd: false, pex: true, peers, web_hosts: [], bytes_down: film.progress.bytes_done, bytes_up: 1_200_000, active: true };
}

/** With `?sought`, a title is looked for when it is opened first, until somebody sends the page the event `found`. */
let found = false;
window.addEventListener('found', () => {
  found = true;
  for (const id of soughtFor) tell('title', { title_id: id });
});
const soughtFor = new Set<string>();

function sought(view: TitleView): TitleView {
  if (!wanted.has('sought')) return view;
  soughtFor.add(view.id);
  return found ? mockFound(view) : { ...view, looking: true };
}

function json(body: unknown, status = 200): Response {
  return new Response(status === 204 ? null : JSON.stringify(body), { status });
}

function answer(method: string, url: URL, body: Record<string, unknown>): Response {
  if (url.pathname === '/api/v1/pairing/scan') return json({ code: 'refused', detail: '' }, 403);
  const screens = mockDevices(method, url.pathname, wanted);
  if (screens !== undefined) return json(screens, screens === null ? 204 : 200);
  if (wanted.has('locked') || wanted.get('visitor') === 'out') return json({ code: 'unauthorised', detail: '' }, 401);
  if (url.pathname === '/api/v1/shelves') return wanted.get('shelves') === 'away' ? json({ code: 'storage-failed', detail: '' }, 503) : json(mockShelves(wanted.get('country') ?? 'US'));
  if (url.pathname === '/api/v1/storage') return json(mockStorage([...films.values()], wanted.get('disk')));
  if (url.pathname === '/api/v1/settings') return json(mockSettings(method, body));
  if (url.pathname === '/api/v1/limits') return json(mockLimits(wanted.has('quiet')));
  if (url.pathname === '/api/v1/health') return json({ status: 'ok', version: '0.1.0' });
  const remembered = mockLibrary(method, url, body, wanted);
  if (remembered !== undefined) return json(remembered, remembered === null ? 204 : 200);
  if (url.pathname === '/api/v1/titles/filters') return json(mockFilters());
  const sourced = mockSources(method, url.pathname, body);
  if (sourced !== undefined) return json(sourced, sourced === null ? 204 : 200);
  if (url.pathname === '/api/v1/titles') return json(mockTitles(url.search, Number(wanted.get('many') ?? 0)));
  if (url.pathname.endsWith('/extras')) return json(mockExtras(url.pathname.split('/')[4] ?? '', wanted));
  const completed = /^\/api\/v1\/titles\/([^/]+)\/complete$/u.exec(url.pathname)?.[1];
  const opened = completed === undefined ? undefined : mockTitle(decodeURIComponent(completed));
  if (opened !== undefined) return json(sought(opened));
  if (url.pathname.startsWith('/api/v1/titles/') && method === 'POST') return wanted.has('offline') ? json({ code: 'source-unreachable', detail: '' }, 502) : json({ info_hash: hash(5), file_index: null, confirmed: true }, 201);
  if (url.pathname.startsWith('/api/v1/titles/')) {
    const view = mockTitle(decodeURIComponent(url.pathname.slice('/api/v1/titles/'.length)));
    return view === undefined ? json({ code: 'title-not-found', detail: '' }, 404) : json(sought(view));
  }
  if (url.pathname === '/api/v1/playback' && body['title_id'] !== undefined) return json(mockPlayback(wanted, hash(1)), 201);
  if (url.pathname === '/api/v1/playback') return json(mockPlayback(wanted, String(body['info_hash'])), 201);
  if (url.pathname.endsWith('/offers')) return wanted.get('offers') === 'spent' ? json({ code: 'source-unreachable', detail: 'OpenSubtitles gives no more subtitles today. Try again in 5 hours.' }, 503) : json(mockOffers(wanted.get('offers')));
  if (url.pathname.startsWith('/api/v1/playback/')) return json(method === 'DELETE' ? null : mockPlayback(wanted, hash(1)), method === 'DELETE' ? 204 : 200);
  if (url.pathname === '/api/v1/publications') return method === 'POST' ? json(mockPublication(wanted, hash(1), String(body['title'])), 202) : json(mockPublishing(wanted));
  if (url.pathname.startsWith('/api/v1/publications/')) return json(null, 204);
  if (url.pathname === '/api/v1/activity') return json(mockOverview(wanted, films.values()));
  if (url.pathname === '/api/v1/receipt') return json(mockReceipt([...films.values()].slice(0, 3)));
  const [, id, part] = /^\/api\/v1\/torrents\/([0-9a-f]+)\/?(.*)$/u.exec(url.pathname) ?? [];
  if (id === undefined) {
    if (method !== 'POST') return json({ torrents: [...films.values()] });
    const film = torrent(99, 'Sita.Sings.the.Blues.2008.1080p', { rights: null });
    films.set(film.info_hash, film);
    return json(film, 201);
  }
  const film = films.get(id);
  if (film === undefined) return json({ code: 'torrent-not-found', detail: '' }, 404);
  if (part === 'activity') return json(activity(film));
  if (part?.endsWith('ranges')) return json({ length: LENGTH, spans: [[0, film.progress.bytes_done]] });
  const files = mockFiles(part ?? '', method, url, body, film);
  if (files !== undefined) {
    tell('torrent', film);
    return json(files);
  }
  if (method === 'DELETE') {
    films.delete(id);
    return json(null, 204);
  }
  if (part === 'rights') film.rights = { ...(body as unknown as Rights), stated_at: new Date().toISOString() };
  if (typeof body['paused'] === 'boolean') film.state = body['paused'] ? 'paused' : 'downloading';
  if (typeof body['kept'] === 'boolean') film.kept = body['kept'];
  if (typeof body['sharing'] === 'string') film.sharing = body['sharing'] as Torrent['sharing'];
  if (method === 'PATCH') for (const one of mockChange(body, film, films.values())) if (one !== film) tell('torrent', one);
  return json(film);
}

/** What strangers make of an answer, and a list of parts line by line. */
async function sent(method: string, url: URL, plain: Response): Promise<Response> {
  if (plain.status !== 200 && plain.status !== 201) return plain;
  const told: unknown = await plain.json();
  const body = hostile?.answer(method, url.pathname, told) ?? told;
  if (!Array.isArray(body)) return json(body, plain.status);
  return new Response(body.map((part) => `${JSON.stringify(part)}\n`).join(''), { status: plain.status });
}

/** How many answers are on their way: whoever waits for the page to be whole waits for none. */
function asked(more: number): void {
  document.documentElement.dataset['asked'] = String(Number(document.documentElement.dataset['asked'] ?? 0) + more);
}

const realFetch = window.fetch;
window.fetch = async (input, init) => {
  const url = new URL(String(input), location.href);
  if (url.pathname.startsWith('/subtitles/')) return new Response(url.pathname.endsWith('.ass') ? mockStyled(url) : (hostile?.cues() ?? mockSubtitles(url)));
  if (url.pathname === '/api/v1/subtitles') return new Response(init?.body as Blob);
  if (url.pathname.startsWith('/thumbnails/')) return new Response(mockThumbnails(await mockSprite()));
  if (url.pathname.endsWith('/qr.svg')) return mockSquare();
  if (url.pathname.startsWith('/api/v1/uploads')) return mockUpload(wanted, url, init);
  // Nobody answers: it is waited for.
  if (url.pathname === '/api/v1/pairing/wait') return new Promise(() => undefined);
  if (!url.pathname.startsWith('/api/')) return realFetch(input, init);
  const body = typeof init?.body === 'string' ? (JSON.parse(init.body) as Record<string, unknown>) : {};
  const method = init?.method ?? 'GET';
  asked(1);
  try {
    await new Promise((resolve) => setTimeout(resolve, wanted.has('still') ? 0 : 80));
    return await sent(method, url, answer(method, url, body));
  } finally {
    setTimeout(() => asked(-1));
  }
};
window.EventSource = MockEvents as unknown as typeof EventSource;

const beat = (): void => {
  for (const film of films.values()) {
    if (film.state !== 'downloading' || film.files.length === 0) continue;
    const done = Math.min(LENGTH, film.progress.bytes_done + film.rates.down_bytes_per_s);
    film.progress = { bytes_done: done, bytes_total: LENGTH, fraction: done / LENGTH };
    if (done === LENGTH) film.state = 'complete';
    tell('torrent', film);
    tell('buffer', { info_hash: film.info_hash, file_index: 0, length: LENGTH, spans: [[0, done]], waiting: null } satisfies BufferEvent);
  }
};
if (!wanted.has('still')) setInterval(beat, 1000);

await import('./main');

