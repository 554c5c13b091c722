/** What is asked of the server about publishing films of one's own. */

import { ask, BASE, json, read } from './api';
import type { InfoHash, Publication, PublishFilm, Publishing, Upload } from './wire';

const at = (kind: 'uploads' | 'publications', id: string): string => `${BASE}/${kind}/${encodeURIComponent(id)}`;

export const publishingApi = {
  all: (): Promise<Publishing> => read(`${BASE}/publications`),
  begin: (name: string, length: number): Promise<Upload> => read(`${BASE}/uploads`, json('POST', { name: name.slice(-1000) || 'film', length })),
  upload: (id: string): Promise<Upload> => read(at('uploads', id)),
  /** Send a part, from the byte on at which those end that are there. It takes as long as the line needs. */
  part: (id: string, start: number, part: Blob, signal: AbortSignal): Promise<Upload> =>
    read(`${at('uploads', id)}?start=${start}`, { method: 'PUT', body: part, headers: { 'Content-Type': 'application/octet-stream' }, signal }),
  async drop(id: string): Promise<void> {
    await ask(at('uploads', id), { method: 'DELETE' });
  },
  publish: (order: PublishFilm): Promise<Publication> => read(`${BASE}/publications`, json('POST', order)),
  async cancel(id: string): Promise<void> {
    await ask(at('publications', id), { method: 'DELETE' });
  },
  torrentAddress: (hash: InfoHash): string => `${BASE}/torrents/${hash}/film.torrent`,
  /** Its magnet link as a QR code. */
  square: async (hash: InfoHash): Promise<Blob> => (await ask(`${BASE}/torrents/${hash}/qr.svg`)).blob(),
};
