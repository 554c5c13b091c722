/// <reference lib="webworker" />

/** Keeps the page for the time when nobody answers: decision 0034. It never stands between a player and a film.
 *
 * What the page is made of bears the hash of its content, and all of it is kept under one version; what the server tells is
 * asked for first, always, and the kept copy is given when nobody answers. */

import { kindOf, surplus } from './lib/keeping';

const worker = self as unknown as ServiceWorkerGlobalScope;

/** Written here when the page is built: its files, and what they add up to. */
const BUILT = JSON.parse('{"version":"","files":[]}') as { version: string; files: string[] };

const SHELL = `shell-${BUILT.version}`;
const TOLD = 'told';
const MOST_TOLD = 400;
/** A server that lives answers the page in milliseconds; one behind a sleeping network does not answer at all. */
const PATIENCE_MS = 3000;
const STREAMS = ['/stream/*', '/hls/*', '/subtitles/*', '/thumbnails/*', '/fonts/*', '/api/v1/events'];
const files = new Set(BUILT.files);

/** Newer browsers send these past the worker without waking it; others ask it, and it lets them pass. */
type Routes = { addRoutes?: (rules: readonly object[]) => Promise<void> };

worker.addEventListener('install', (event) => {
  const { addRoutes } = event as Routes;
  const pass = STREAMS.map((pathname) => ({ condition: { urlPattern: { pathname } }, source: 'network' }));
  const own = { condition: { urlPattern: { pathname: '/assets/*' } }, source: { cacheName: SHELL } };
  event.waitUntil(Promise.all([addRoutes?.call(event, [...pass, own]), keepShell(), worker.skipWaiting()]));
});

async function keepShell(): Promise<void> {
  const cache = await caches.open(SHELL);
  await cache.addAll(['/', ...BUILT.files]);
}

worker.addEventListener('activate', (event) => event.waitUntil(takeOver()));

async function takeOver(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name !== SHELL && name !== TOLD);
  await Promise.all([...old.map((name) => caches.delete(name)), worker.registration.navigationPreload?.enable(), worker.clients.claim()]);
}

/** A page says what it asked for before there was anybody to keep it. */
worker.addEventListener('message', (event) => {
  const asked = (event.data as unknown[]).filter((one) => typeof one === 'string').map((one) => new Request(new URL(one, worker.location.origin)));
  const wanted = asked.filter((request) => isOurs(new URL(request.url)) && kindOf(request, new URL(request.url), files) === 'told');
  event.waitUntil(Promise.allSettled(wanted.map(told)));
});

function isOurs(url: URL): boolean {
  return url.origin === worker.location.origin;
}

worker.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (!isOurs(url)) return;
  const kind = kindOf(event.request, url, files);
  if (kind === 'shell') event.respondWith(shell(event));
  else if (kind === 'file') event.respondWith(file(event.request));
  else if (kind === 'told') event.respondWith(told(event.request));
});

/** The page as the server has it now; the kept one where nobody answers. */
async function shell(event: FetchEvent): Promise<Response> {
  const asked = Promise.resolve(event.preloadResponse as Promise<Response | undefined>).then((early) => early ?? fetch(event.request));
  const late = new Promise<never>((_, refuse) => setTimeout(() => refuse(new Error('nobody answers')), PATIENCE_MS));
  try {
    return await Promise.race([asked, late]);
  } catch (error) {
    asked.catch(() => undefined);
    const kept = await caches.match('/', { cacheName: SHELL });
    if (kept === undefined) throw error;
    return kept;
  }
}

async function file(request: Request): Promise<Response> {
  return (await caches.match(request, { cacheName: SHELL })) ?? fetch(request);
}

/** What the server says now; what it said last where nobody answers. A browser that is sent away forgets all of it. */
async function told(request: Request): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(request);
  } catch (error) {
    const kept = await caches.match(request.url, { cacheName: TOLD });
    if (kept === undefined) throw error;
    return kept;
  }
  if (answer.status === 401 || answer.status === 403) await caches.delete(TOLD);
  else if (answer.status === 200) await keep(request.url, answer.clone());
  return answer;
}

async function keep(address: string, answer: Response): Promise<void> {
  const cache = await caches.open(TOLD);
  // Taken out first, so that what was seen last goes last.
  await cache.delete(address);
  await cache.put(address, answer);
  for (const old of surplus(await cache.keys(), MOST_TOLD)) await cache.delete(old);
}
