/** The one-time link: its secret stands in the fragment, which is neither sent nor logged, and leaves the address at once. */

import { api, ApiError } from './api';

export type Access = 'none' | 'granted' | 'refused';

/** Take the secret out of the address before anything else reads it. */
export function takeLink(): string | null {
  const found = /^#t=([\w.~-]{1,512})(?:&to=(\/film\/[0-9a-f]{40,64}(?:\/play\/\d{1,6})?))?$/u.exec(location.hash);
  if (!location.hash.startsWith('#t=')) return null;
  history.replaceState(null, '', `${location.pathname}#${found?.[2] ?? '/'}`);
  return found?.[1] ?? '';
}

/** Take the secret that a camera saw out of the address, likewise. */
export function takePairing(): string | null {
  const found = /^#\/pair=([\w-]{1,100})$/u.exec(location.hash);
  if (!location.hash.startsWith('#/pair=')) return null;
  history.replaceState(null, '', `${location.pathname}#/`);
  return found?.[1] ?? '';
}

export async function useLink(link: string | null): Promise<Access> {
  if (link === null) return 'none';
  for (let tries = 0; ; tries += 1) {
    try {
      await api.access(link);
      return 'granted';
    } catch (error) {
      // The browser may be quicker than the server: the secret lives for a minute, so a few more tries are fair.
      const passing = error instanceof ApiError && (error.code === 'unreachable' || error.status === 503);
      if (!passing || tries >= 8) return 'refused';
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
