/** Who sees the made-up server: `?glass=nobody` shows a house that nobody sees, `?glass=crowd` one that many do. */

import type { Overview, Torrent } from './lib/wire';

const PROGRAMS = ['qBittorrent', 'Transmission', 'libtorrent', 'Some <b>client</b>', 'µTorrent', 'aria2'];

export function mockOverview(wanted: URLSearchParams, films: Iterable<Torrent>): Overview {
  const kind = wanted.get('glass') ?? 'some';
  const nobody = kind === 'nobody';
  const seen = [...films].map((film, at) => {
    const active = !nobody && at % 3 !== 2;
    const people = active ? (kind === 'crowd' ? 37 * (at + 1) : film.peers.connected) : 0;
    const here = film.progress.bytes_done;
    return { info_hash: film.info_hash, name: film.name, sharing: film.sharing, active, people, trackers: active ? 1 : 0, dht: active, lsd: false, pex: active, web_hosts: at === 0 && active ? 1 : 0, bytes_down: Math.round(here), bytes_up: Math.round(here * 0.4) };
  });
  const people = seen.reduce((sum, film) => sum + film.people, 0);
  const active = seen.filter((film) => film.active);
  const sum = (of: 'bytes_down' | 'bytes_up'): number => seen.reduce((all, film) => all + film[of], 0);
  const clients = PROGRAMS.map((client, at) => ({ client, people: at === 0 ? people - Math.floor(people / 2) : Math.floor(Math.floor(people / 2) / (PROGRAMS.length - 1)) }));
  const missing = people - clients.reduce((all, one) => all + one.people, 0);
  return {
    now: {
      people, swarms: active.filter((film) => film.people > 0).length, trackers: nobody ? 0 : 2, dht: !nobody, dht_films: active.length, lsd_films: 0,
      web_hosts: nobody ? 0 : 1, contacts: nobody ? 0 : 3, down_bytes_per_s: nobody ? 0 : 2_700_000, up_bytes_per_s: nobody ? 0 : 240_000,
    },
    total: { torrents: seen.length + 2, bytes_down: sum('bytes_down') + 900_000_000, bytes_up: sum('bytes_up') + 2_400_000_000 },
    clients: clients.map((one, at) => (at === 1 ? { ...one, people: one.people + missing } : one)).filter((one) => one.people > 0),
    trackers: nobody ? [] : [
      { url: 'udp://tracker.example.org:1337', state: 'working', films: active.length },
      { url: 'https://bt.archive.example', state: 'working', films: 1 },
      { url: `udp://${'a-very-long-name.'.repeat(12)}example:80`, state: 'failed', films: 1 },
    ],
    web_hosts: nobody ? [] : [{ host: 'archive.example', films: 1, bytes_down: 31_000_000 }],
    contacts: {
      hosts: nobody ? [] : [
        { host: 'upload.pictures.example', purposes: ['pictures'], requests: 41, bytes_down: 3_400_000, last_at: '2026-11-26T19:20:00Z' },
        { host: 'archive.example', purposes: ['catalogue', 'pictures', 'torrents'], requests: 12, bytes_down: 820_000, last_at: '2026-11-26T19:12:00Z' },
        { host: `${'x'.repeat(180)}.example`, purposes: ['subtitles'], requests: 1, bytes_down: 54_000, last_at: '2026-11-26T18:01:00Z' },
      ],
      more: kind === 'crowd' ? 7 : 0,
    },
    films: seen.toSorted((a, b) => b.people - a.people),
  }; // prettier-ignore
}
