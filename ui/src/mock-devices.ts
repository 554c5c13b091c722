/** Other screens on the made-up server: `?screens=on|asks|tls`, `?visitor=watch|out`. Never part of a build. */

import type { DeviceCode, DeviceList, Visitor } from './lib/wire';

const TLS = new URLSearchParams(location.search).get('screens') === 'tls';
const URLS = ['192.168.1.20', 'matinee.local'].map((host) => `http${TLS ? 's' : ''}://${host}:8642/`);
const PRINT = Array.from({ length: 32 }, (_, n) => ((n * 37 + 131) % 256).toString(16).padStart(2, '0').toUpperCase()).join(':');
const SEEN = Date.UTC(2026, 10, 26, 19, 12) / 1000;

function list(wanted: URLSearchParams): DeviceList {
  const kind = wanted.get('screens');
  const device = (id: string, name: string, may: 'watch' | 'manage', ago_s: number) => ({ id: id.repeat(22), name, may, created_at: SEEN - 864_000, seen_at: SEEN - ago_s, expires_at: SEEN + 7_776_000, address: '192.168.1.33' });
  return {
    on: kind !== null,
    urls: kind === null ? [] : URLS,
    trouble: null,
    encrypted: TLS,
    authority: TLS ? { fingerprint: PRINT, page: 'http://192.168.1.20:8642/authority' } : null,
    locked: false,
    devices: kind === null ? [] : [device('a', 'Anna’s iPhone', 'watch', 60), device('b', 'Tablet on the sofa', 'manage', 90_000)],
    asks: kind === 'asks' ? [{ id: 'c'.repeat(22), name: 'Android phone', match: '47', address: '192.168.1.41', with_code: true, ends_in_s: 100 }] : [],
  };
}

function visitor(wanted: URLSearchParams): Visitor {
  const kind = wanted.get('visitor');
  if (kind === 'out') return { may: null, device: null, name: null, other_screen: true };
  return kind === 'watch' ? { may: 'watch', device: 'a'.repeat(22), name: 'Phone', other_screen: true } : { may: 'owner', device: null, name: null, other_screen: false };
}

/** A square that looks like one, without a word in it. */
function square(): string {
  const dots = Array.from({ length: 29 * 29 }, (_, n) => n).filter((n) => (n * 2_654_435_761) % 7 < 3);
  const path = dots.map((n) => `M${(n % 29) + 4} ${Math.floor(n / 29) + 4}h1v1h-1z`).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 37 37"><path fill="#fffbf2" d="M0 0h37v37H0z"/><path fill="#1b1206" d="${path}"/></svg>`;
}

function code(): DeviceCode {
  return { id: 'd'.repeat(22), number: '40271986', ends_in_s: 120, links: URLS.map((url) => ({ url, link: `${url}#/pair=secret`, qr: square() })) };
}

/** The answer; null where it has none, undefined for what is not asked of these. */
export function mockDevices(method: string, path: string, wanted: URLSearchParams): unknown {
  if (path === '/api/v1/access' && method === 'GET') return visitor(wanted);
  if (path === '/api/v1/devices/codes') return code();
  if (path === '/api/v1/devices' && method === 'GET') return list(wanted);
  if (path.startsWith('/api/v1/devices')) return null;
  return path === '/api/v1/pairing' ? { ask: 'secret', match: '47', ends_in_s: 120 } : undefined;
}
