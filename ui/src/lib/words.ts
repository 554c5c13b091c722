/** What a film is doing and what it waits for, in plain words. */

import { t, tCode } from './i18n/index.svelte';
import { about, percent, rate } from './i18n/units';
import type { Torrent } from './wire';

/** What it is doing, in a few words. */
export function doing(film: Torrent): string {
  // Until it may be shared the server holds it back, whatever it calls that.
  if (film.rights === null && film.files.length > 0 && film.state !== 'error' && film.state !== 'checking') return t('state.unconfirmed');
  if (film.state === 'fetching-metadata' || film.state === 'checking' || film.state === 'error' || film.state === 'paused') {
    return t(`state.${film.state}`);
  }
  if (film.rights === null) return t('state.unconfirmed');
  if (film.state === 'complete') return t('state.complete');
  const left = film.progress.bytes_total - film.progress.bytes_done;
  const down = film.rates.down_bytes_per_s;
  const shown = percent(film.progress.fraction);
  return down > 20_000 ? t('state.left', { percent: shown, time: about(left / down) }) : t('state.percent', { percent: shown });
}

/** Who is there for it; empty when that says nothing. */
export function company(film: Torrent): string {
  const { connected } = film.peers;
  if (film.state === 'paused' || film.state === 'error' || film.state === 'checking') return '';
  if (film.state === 'complete') {
    return film.rates.up_bytes_per_s > 0 && connected > 0 ? t('state.sharing', { n: connected }) : '';
  }
  if (connected === 0) return film.rights === null || film.state === 'fetching-metadata' ? '' : t('state.nobody');
  return t(film.rates.down_bytes_per_s > 0 ? 'state.sending' : 'state.connected', { n: connected });
}

/** Why the picture stands still: the first reason that holds. */
export function reason(film: Torrent | undefined, serverIsUp: boolean, missing: boolean, wait_s: number | null): string {
  if (!serverIsUp) return t('wait.server');
  if (film === undefined) return t('wait.opening');
  if (film.trouble !== null) return tCode('trouble', film.trouble.code, film.trouble.sentence);
  if (film.state === 'paused') return t('wait.paused');
  if (film.state === 'fetching-metadata') return t('wait.metadata');
  if (film.state === 'checking') return t('wait.checking');
  if (!missing || film.state === 'complete') return t('wait.opening');
  const down = film.rates.down_bytes_per_s;
  if (down > 0) {
    return wait_s !== null && wait_s >= 2 && wait_s < 600
      ? t('wait.arriving.time', { time: about(wait_s) })
      : t('wait.arriving', { rate: rate(down) });
  }
  return film.peers.connected === 0 ? t('wait.nobody') : t('wait.stalled', { n: film.peers.connected });
}

export function licenceWords(film: Torrent): string {
  if (film.rights === null) return '';
  return t(`rights.stated.${film.rights.basis}`, { licence: film.rights.licence ?? '' });
}
