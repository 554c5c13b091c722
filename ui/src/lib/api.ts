/** The only module that asks the server for anything. */

import { slow } from './slow.svelte';
import type {
  Activity, AddedTitle, Answered, BufferEvent, ClientSupport, EpisodeNumber, Extras, FeedSource, FileState, FileStates, Filters, Forecast, Glance, GoneEvent, InfoHash, LibraryEvent, LimitsNow, Offer, Overview, PictureEvent, PlaybackView, Problem, PromiseError, Promised, Provider, Ranges, Receipt,
  RightsStatement, PlaybackEvent, ServerSettings, SettingEvent, Shelves, SourceList, Storage, Take, TitlePage, TitleView, Torrent, TorrentChange, TorrentEvent,
} from './wire'; // prettier-ignore
import type { Publication, TitleEvent } from './wire';
import { asked, writeWish, type Wish } from './wish';

/** The server said no, or nobody answered (`code` is then `unreachable`). */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    detail: string,
    /** All that it said, where it said more. */
    readonly told: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail);
    this.name = 'ApiError';
  }
}

const BAD_GATEWAY = 502;

/** Whether nobody answered, or not for now. */
export function isAway(error: unknown): boolean {
  return !(error instanceof ApiError) || error.code === 'unreachable' || error.status >= BAD_GATEWAY;
}

export const BASE = '/api/v1';
const ANSWER_LIMIT_MS = 30_000;
const FONTS_LIMIT_MS = 600_000;

async function problemOf(answer: Response): Promise<ApiError> {
  try {
    const problem = (await answer.json()) as Partial<Problem>;
    return new ApiError(problem.code ?? 'error', answer.status, problem.detail ?? problem.title ?? '', problem);
  } catch {
    return new ApiError('error', answer.status, '');
  }
}

/** Ask the server; throws `ApiError` unless it said yes. Only for the modules that name what may be asked: this one and `api-library`. */
export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (init.method !== undefined && init.method !== 'GET' && init.method !== 'HEAD') headers.set('X-Matinee', '1');
  let answer: Response;
  try {
    const coming = fetch(path, { ...init, headers, credentials: 'same-origin', signal: init.signal ?? AbortSignal.timeout(ANSWER_LIMIT_MS) });
    // Bytes of a film, and what others are asked for, take the time they take, and say so where they are waited for.
    const swift = init.method === undefined && path.startsWith(BASE) && !path.includes('/offers?');
    answer = await (swift ? slow.watch(coming) : coming);
  } catch {
    throw new ApiError(init.signal?.aborted === true ? 'given-up' : 'unreachable', 0, '');
  }
  if (!answer.ok) throw await problemOf(answer);
  return answer;
}

export function json(method: string, body: unknown): RequestInit {
  return { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

const at = (hash: InfoHash): string => `${BASE}/torrents/${encodeURIComponent(hash)}`;

export async function read<T>(path: string, init?: RequestInit): Promise<T> {
  return (await (await ask(path, init)).json()) as T;
}

/** Lines of JSON, as they come. Throws when they end in the middle. */
async function* lines<T>(answer: Response, signal: AbortSignal): AsyncGenerator<T, void, undefined> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
      const whole = (rest + part.value).split('\n');
      rest = whole.pop() ?? '';
      for (const line of whole) yield JSON.parse(line) as T;
    }
  } catch {
    throw new ApiError(signal.aborted ? 'given-up' : 'unreachable', 0, '');
  } finally {
    await reader?.cancel().catch(() => undefined);
  }
}

/** What of a title is played: an episode, the film where that is null, or its trailer. */
export type WantedPart = { episode: EpisodeNumber | null } | { trailer: true };

function said(wanted: WantedPart): Record<string, unknown> {
  return 'episode' in wanted && wanted.episode === null ? {} : wanted;
}

export const api = {
  async access(link: string): Promise<void> {
    await ask(`${BASE}/access`, json('POST', { link }));
  },
  async torrents(): Promise<Torrent[]> {
    return (await read<{ torrents: Torrent[] }>(`${BASE}/torrents`)).torrents;
  },
  torrent: (hash: InfoHash): Promise<Torrent> => read(at(hash)),
  addMagnet: (magnet: string): Promise<Torrent> => read(`${BASE}/torrents`, json('POST', { magnet })),
  addUrl: (url: string): Promise<Torrent> => read(`${BASE}/torrents`, json('POST', { url })),
  addFile(file: File): Promise<Torrent> {
    const form = new FormData();
    form.set('file', file, file.name);
    return read(`${BASE}/torrents`, { method: 'POST', body: form });
  },
  change: (hash: InfoHash, change: TorrentChange): Promise<Torrent> => read(at(hash), json('PATCH', change)),
  /** Some of a torrent's files, each with how much of it is here. */
  files: (hash: InfoHash, limit: number): Promise<FileStates> => read(`${at(hash)}/files?limit=${limit}`),
  takeFile: (hash: InfoHash, index: number, take: Take): Promise<FileState> => read(`${at(hash)}/files/${index}`, json('PATCH', { take })),
  /** The most that all together take and give at this hour. */
  limits: (): Promise<LimitsNow> => read(`${BASE}/limits`),
  stateRights: (hash: InfoHash, rights: RightsStatement): Promise<Torrent> => read(`${at(hash)}/rights`, json('PUT', rights)),
  async remove(hash: InfoHash, files: 'keep' | 'delete'): Promise<void> {
    await ask(`${at(hash)}?files=${files}`, { method: 'DELETE' });
  },
  /** The page as the server has it now. */
  page: async (): Promise<string> => (await ask('/', { cache: 'no-cache' })).text(),
  activity: (hash: InfoHash): Promise<Activity> => read(`${at(hash)}/activity`),
  /** Who can see this computer, over all torrents. */
  overview: (): Promise<Overview> => read(`${BASE}/activity`),
  /** Where titles come from beside the shelf, who is asked, and what came of it. */
  sources: (): Promise<SourceList> => read(`${BASE}/sources`),
  async switchProvider(id: string, enabled: boolean): Promise<void> {
    await ask(`${BASE}/sources/providers/${encodeURIComponent(id)}`, json('PUT', { enabled }));
  },
  /** Read a feed now, and keep its address. */
  addFeed: (url: string): Promise<FeedSource> => read(`${BASE}/sources/feeds`, json('POST', { url })),
  async switchFeed(id: string, enabled: boolean): Promise<void> {
    await ask(`${BASE}/sources/feeds/${encodeURIComponent(id)}`, json('PUT', { enabled }));
  },
  async removeFeed(id: string): Promise<void> {
    await ask(`${BASE}/sources/feeds/${encodeURIComponent(id)}`, { method: 'DELETE' });
  },
  /** What films take of the disk, and which would make room. */
  storage: (): Promise<Storage> => read(`${BASE}/storage`),
  settings: (): Promise<ServerSettings> => read(`${BASE}/settings`),
  /** All that are named, or none; null goes back to what a setting was at first. */
  changeSettings: (changes: Readonly<Record<string, string | number | boolean | null>>): Promise<ServerSettings> => read(`${BASE}/settings`, json('PATCH', changes)),
  /** Whether the server is there: it answers within a time, whatever it says. */
  isHere: (limit_ms: number): Promise<boolean> =>
    ask(`${BASE}/health`, { signal: AbortSignal.timeout(limit_ms) }).then(
      () => true,
      (error: unknown) => error instanceof ApiError && error.status > 0,
    ),
  health: (): Promise<{ version: string }> => read(`${BASE}/health`),
  /** What was taken and given, when, and on what basis. */
  receipt: (of: Record<string, string>): Promise<Receipt> => read(api.receiptAddress(of)),
  receiptAddress: (of: Record<string, string>): string => `${BASE}/receipt?${new URLSearchParams(of)}`,
  ranges: (hash: InfoHash, index: number): Promise<Ranges> => read(`${at(hash)}/files/${index}/ranges`),
  /** When it would start were it wanted now; asks nobody but this server. */
  promise: (hash: InfoHash, index: number): Promise<Promised> => read(`${at(hash)}/promise?file_index=${index}`),
  /** Begin to play: the answer comes once the film's head is here, so there is no limit but the caller's patience. */
  play: (hash: InfoHash, index: number, client: ClientSupport, start_s: number, signal: AbortSignal): Promise<PlaybackView> =>
    read(`${BASE}/playback`, { ...json('POST', { info_hash: hash, file_index: index, client, start_s }), signal }),
  /** The rows of the home page. */
  shelves: (): Promise<Shelves> => read(`${BASE}/shelves`),
  title: (id: string): Promise<TitleView> => read(`${BASE}/titles/${encodeURIComponent(id)}`),
  /** What there is of a title beside the film, as far as it is known; with `ask` the server asks for what it does not know. */
  extras: (id: string, ask: boolean): Promise<Extras> => read(`${BASE}/titles/${encodeURIComponent(id)}/extras${ask ? '' : '?ask=false'}`),
  /** The same, and others are asked for what it lacks; the event `title` tells what they have. */
  complete: (id: string): Promise<TitleView> => read(`${BASE}/titles/${encodeURIComponent(id)}/complete`, { method: 'POST' }),
  titles(wish: Wish, children: boolean, cursor: string | null, limit: number, signal?: AbortSignal): Promise<TitlePage> {
    const query = new URLSearchParams(writeWish(wish));
    if (children) query.set('children', 'true');
    query.set('limit', String(limit));
    if (cursor !== null) query.set('cursor', cursor);
    return read(`${BASE}/titles?${query}`, signal === undefined ? {} : { signal });
  },
  /** What titles may be narrowed by; of a child's, what suits it. */
  filters: (children: boolean): Promise<Filters> => read(`${BASE}/titles/filters${children ? '?children=true' : ''}`),
  /** What pressing Play on a title would do; asks nobody but this server. */
  forecast: (id: string, episode: EpisodeNumber | null, client: ClientSupport, signal: AbortSignal): Promise<Forecast> =>
    read(`${BASE}/titles/${encodeURIComponent(id)}/forecast`, { ...json('POST', { ...said({ episode }), client }), signal }),
  /** How well what was promised of films was kept. */
  promiseError: (): Promise<PromiseError> => read<{ error: PromiseError }>(`${BASE}/promises`).then((told) => told.error),
  /** Who is asked when a search goes further. Asks nobody. */
  providers: (): Promise<Provider[]> => read<{ providers: Provider[] }>(`${BASE}/providers`).then((told) => told.providers),
  /** Ask them all: what is looked for goes out to them now. Each part of an answer, as it comes. */
  async *further(wish: Wish, children: boolean, signal: AbortSignal): AsyncGenerator<Answered, void, undefined> {
    const filters = { ...asked(wish), ...(children ? { children: 'true' } : {}), query: wish.query.trim() };
    const answer = await ask(`${BASE}/titles/further`, { ...json('POST', filters), signal });
    yield* lines<Answered>(answer, signal);
  },
  /** Add the torrent of a title; it waits for nobody. */
  addTitle: (id: string, wanted: WantedPart, client: ClientSupport, signal: AbortSignal): Promise<AddedTitle> =>
    read(`${BASE}/titles/${encodeURIComponent(id)}/torrent`, { ...json('POST', { ...said(wanted), client }), signal }),
  /** Begin to play a title: the answer comes once the film's head is here, as with any other. */
  playTitle: (id: string, wanted: WantedPart, client: ClientSupport, start_s: number, signal: AbortSignal): Promise<PlaybackView> =>
    read(`${BASE}/playback`, { ...json('POST', { title_id: id, ...said(wanted), client, start_s }), signal }),
  playback: (session: string): Promise<PlaybackView> => read(`${BASE}/playback/${encodeURIComponent(session)}`),
  /** End a playback; sent even when the page is going away. What goes wrong then is nobody's business any more. */
  leave(session: string): void {
    ask(`${BASE}/playback/${encodeURIComponent(session)}`, { method: 'DELETE', keepalive: true }).catch(() => undefined);
  },
  /** A file of subtitles of any kind and encoding, or a zip with one, as WebVTT. */
  async readSubtitles(file: File, language: string): Promise<string> {
    const query = new URLSearchParams({ name: file.name.slice(-255), language });
    return (await ask(`${BASE}/subtitles?${query}`, { method: 'POST', body: file, headers: { 'Content-Type': 'application/octet-stream' } })).text();
  },
  /** Subtitles or the map of the seek bar's pictures, as WebVTT. */
  async text(url: string, signal?: AbortSignal): Promise<string> {
    return (await ask(url, signal === undefined ? {} : { signal })).text();
  },
  /** The fonts inside a film, also those too large to be listed with it. They may lie at its end, which is not here. */
  fonts: (url: string): Promise<PlaybackView['fonts']> => read<{ fonts: PlaybackView['fonts'] }>(url, { signal: AbortSignal.timeout(FONTS_LIMIT_MS) }).then((list) => list.fonts),
  /** One of them. */
  async bytes(url: string): Promise<Uint8Array> {
    return new Uint8Array(await (await ask(url, { signal: AbortSignal.timeout(FONTS_LIMIT_MS) })).arrayBuffer());
  },
  /** What a provider has for the film: it is asked now, and learns of it. */
  offers(url: string, languages: readonly string[], signal: AbortSignal): Promise<Offer[]> {
    const query = new URLSearchParams(languages.map((language) => ['language', language]));
    return read<{ offers: Offer[] }>(`${url}?${query}`, { signal }).then((found) => found.offers);
  },
  /** Whether a stream can be asked for bytes; throws the server's reason when it cannot. */
  async probe(streamUrl: string): Promise<void> {
    await ask(streamUrl, { method: 'HEAD' });
  },
};

export interface EventHandlers {
  open(): void;
  /** `gone for good` when the browser will not try again by itself. */
  lost(forGood: boolean): void;
  torrent(event: TorrentEvent): void;
  gone(hash: InfoHash): void;
  buffer(event: BufferEvent): void;
  library(event: LibraryEvent): void;
  /** A poster or a backdrop of a title has come. */
  picture(id: string): void;
  /** More is known of a title, or it is not looked for any more. */
  title(id: string): void;
  /** Films take more or less of the disk. */
  storage(): void;
  /** A setting was changed, here or on another screen. */
  setting(key: string): void;
  playback(session: string): void;
  /** A film of one's own gets on. */
  publication(now: Publication): void;
  /** Others can see this computer, or no longer can. */
  activity(now: Glance): void;
  /** Another screen asks, came in or was sent away. */
  devices(): void;
}

/** Listen to the server. Returns the way to stop. */
export function listen(handlers: EventHandlers): () => void {
  const source = new EventSource(`${BASE}/events`);
  const on = <T>(name: string, take: (data: T) => void): void => {
    source.addEventListener(name, (event: MessageEvent<string>) => take(JSON.parse(event.data) as T));
  };
  source.onopen = () => handlers.open();
  source.onerror = () => handlers.lost(source.readyState === EventSource.CLOSED);
  on<TorrentEvent>('torrent', (event) => handlers.torrent(event));
  on<GoneEvent>('gone', (data) => handlers.gone(data.info_hash));
  on<PictureEvent>('picture', (data) => handlers.picture(data.title_id));
  on<TitleEvent>('title', (data) => handlers.title(data.title_id));
  on<unknown>('storage', () => handlers.storage());
  on<SettingEvent>('setting', (data) => handlers.setting(data.key));
  on<PlaybackEvent>('playback', (data) => handlers.playback(data.session));
  on<Publication>('publication', (now) => handlers.publication(now));
  on<Glance>('activity', (now) => handlers.activity(now));
  on<unknown>('devices', () => handlers.devices());
  on<BufferEvent>('buffer', (data) => handlers.buffer(data));
  on<LibraryEvent>('library', (data) => handlers.library(data));
  return () => source.close();
}
