/** Publishing on the made-up server: `?publish=sending|checking|hashing|copying|failed` shows a publication as it is there,
 * and `away` a page that does not stand on the server's computer. */

import type { Publication, Publishing } from './lib/wire';

export function mockPublishing(wanted: URLSearchParams): Publishing {
  const kind = wanted.get('publish');
  const step = kind === 'checking' || kind === 'hashing' || kind === 'copying' ? kind : null;
  const one: Publication = { id: 'A'.repeat(22), title: 'Mein Film <b>', step: step ?? 'checking', done: 340, total: 1000, info_hash: null, title_id: null, code: null, message: null };
  return {
    publications: step === null ? [] : [one],
    licences: ['CC0-1.0', 'CC-PDM-1.0', 'CC-BY-4.0', 'CC-BY-SA-4.0', 'CC-BY-NC-ND-4.0'].map((id) => ({ id, name: id, url: `https://licence.example/${id}` })),
    paths: wanted.get('publish') !== 'away',
    folder: wanted.get('publish') !== 'away' ? '/home/somebody/films' : null,
    films: [
      { path: '/home/somebody/films/Holiday.2026.mkv', name: 'Holiday.2026.mkv', length: 4_200_000_000 },
      { path: `/home/somebody/films/${'long '.repeat(60)}.mp4`, name: `${'long '.repeat(50)}.mp4`, length: 12_000 },
    ],
  };
}

export function mockPublication(wanted: URLSearchParams, hash: string, title: string): Publication {
  const failed = wanted.get('publish') === 'failed';
  return { id: 'B'.repeat(22), title, step: failed ? 'failed' : 'done', done: 1, total: 1, info_hash: failed ? null : hash, title_id: failed ? null : `own.${hash}`, code: failed ? 'bad-film' : null, message: failed ? 'This is not a film that Matinee can open.' : null };
}

/** What is sent comes to nothing; where it is looked at on its way it stays in the middle. */
export async function mockUpload(wanted: URLSearchParams, url: URL, init: RequestInit | undefined): Promise<Response> {
  const begun = typeof init?.body === 'string' ? (JSON.parse(init.body) as { name: string; length: number }) : null;
  if (begun !== null) return new Response(JSON.stringify({ id: `U${begun.length}`.padEnd(22, 'U'), ...begun, received: 0 }), { status: 201 });
  if (init?.method === 'DELETE') return new Response(null, { status: 204 });
  const start = Number(url.searchParams.get('start'));
  const length = Number(/U(\d+)/u.exec(url.pathname)?.[1]);
  const part = init?.body instanceof Blob ? init.body.size : 0;
  if (wanted.get('publish') === 'sending' && start > 0) await new Promise<never>((_, reject) => init?.signal?.addEventListener('abort', () => reject(new Error('given up'))));
  const received = wanted.get('publish') === 'sending' ? Math.min(length - 1, Math.ceil(length / 3)) : start + part;
  return new Response(JSON.stringify({ id: 'U', name: 'film.mp4', length, received }));
}

/** Something of a QR code's look; no camera reads it. */
export function mockSquare(): Response {
  const cells = Array.from({ length: 33 * 33 }, (_, at) => at).filter((at) => (at * at * 31 + at * 17 + Math.floor(at / 33) * 7) % 13 < 6);
  const path = cells.map((at) => `M${at % 33} ${Math.floor(at / 33)}h1v1h-1z`).join('');
  return new Response(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4 41 41"><path fill="#fffbf2" d="M-4-4h41v41h-41z"/><path fill="#1b1206" d="${path}"/></svg>`, { headers: { 'Content-Type': 'image/svg+xml' } });
}
