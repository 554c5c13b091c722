/** What the made-up server's films take of its disk. `?disk=full` has fetching wait for room, `?disk=none` has no cap and nothing that went. */

import type { FilmSpace, Storage, Torrent } from './lib/wire';

function standing(film: Torrent, n: number): FilmSpace['standing'] {
  if (film.own) return 'own';
  if (film.kept) return 'kept';
  if (film.sharing === 'keep') return 'given';
  return n % 2 === 0 ? 'watched' : 'unwatched';
}

/** Those that may go first, the watched ones before the others; then those that stay. */
export function mockStorage(films: readonly Torrent[], which: string | null): Storage {
  const order: FilmSpace['standing'][] = ['watched', 'unwatched', 'playing', 'given', 'kept', 'own'];
  const told = films
    .filter((film) => film.progress.bytes_done > 0)
    .map((film, n): FilmSpace => ({ info_hash: film.info_hash, name: film.name, taken_bytes: Math.round(film.progress.bytes_done), standing: standing(film, n), used_at: `2026-11-${String(10 + (n % 15)).padStart(2, '0')}T20:00:00Z`, kept: film.kept, title_id: null }))
    .sort((a, b) => order.indexOf(a.standing) - order.indexOf(b.standing) || a.used_at.localeCompare(b.used_at));
  const used = told.reduce((all, film) => all + film.taken_bytes, 12_000_000);
  return {
    cap_bytes: which === 'none' ? 0 : which === 'full' ? used : 400_000_000,
    used_bytes: used,
    other_bytes: 12_000_000,
    free_bytes: 41_300_000_000,
    floor_bytes: 268_435_456,
    held: which === 'full' ? 'cap-reached' : null,
    films: told,
    freed:
      which === 'none'
        ? []
        : [
            { info_hash: 'f'.repeat(40), name: 'The.Kid.1921.1080p', title_id: 'the-kid-1921', freed_bytes: 1_400_000_000, standing: 'watched', magnet: '', freed_at: '2026-11-25T21:30:00Z' },
            { info_hash: 'e'.repeat(40), name: 'my <b>holiday</b>.mp4', title_id: null, freed_bytes: 700_000_000, standing: 'unwatched', magnet: `magnet:?xt=urn:btih:${'e'.repeat(40)}`, freed_at: '2026-11-24T21:30:00Z' },
          ],
  };
}
