/** What a film is doing and what it waits for, in plain words. */

import { en } from './i18n/en';
import { t, tCode, type Key } from './i18n/index.svelte';
import { about, megabits, percent, rate } from './i18n/units';
import type { ChoiceReason, PromiseError, Promised, Torrent } from './wire';

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
  if (film.comes_from !== null && film.state !== 'paused' && film.state !== 'error') return t('state.web', { host: film.comes_from });
  if (film.state === 'paused' || film.state === 'error' || film.state === 'checking') return '';
  // Held back until somebody gives their word, or without a list of files: nobody can send it yet.
  if (film.state === 'fetching-metadata' || (film.rights === null && film.state !== 'complete')) return '';
  if (film.state === 'complete') {
    return film.rates.up_bytes_per_s > 0 && connected > 0 ? t('state.sharing', { n: connected }) : '';
  }
  if (connected === 0) return t('state.nobody');
  return t(film.rates.down_bytes_per_s > 0 ? 'state.sending' : 'state.connected', { n: connected });
}

/** Why the picture stands still, and what happens next; `remedy` names what the reader can do about it. */
export interface Reason {
  what: string;
  next: string;
  remedy: 'none' | 'go-on';
}

function because(key: Waiting, values: Record<string, string | number> = {}): Reason {
  return { what: t(`wait.${key}`, values), next: t(`wait.${key}.next`, values), remedy: key === 'paused' ? 'go-on' : 'none' };
}

type Waiting = Key extends infer K ? (K extends `wait.${infer Name}.next` ? Name : never) : never;

/** The first reason that holds. `wait_s` is null when nothing of the missing part is arriving. */
export function reason(film: Torrent | undefined, serverIsUp: boolean, missing: boolean, wait_s: number | null): Reason {
  if (!serverIsUp) return because('server');
  if (film === undefined) return because('opening');
  if (film.trouble !== null) return { what: tCode('trouble', film.trouble.code, film.trouble.sentence), next: '', remedy: 'none' };
  if (film.state === 'paused' && missing) return because('paused');
  if (film.state === 'fetching-metadata') return film.peers.connected > 0 ? because('list', { n: film.peers.connected }) : because('metadata');
  if (film.state === 'checking' && film.comes_from === null) return because('checking');
  if (!missing || film.state === 'complete') return because('opening');
  const { connected, known } = film.peers;
  const down = film.rates.down_bytes_per_s;
  if (down > 0) {
    const values = { rate: rate(down), n: connected };
    return wait_s !== null && wait_s >= 2 && wait_s < 600 ? because('arriving', { ...values, time: about(wait_s) }) : because('nearly', values);
  }
  if (film.comes_from !== null) return because('web', { host: film.comes_from });
  if (connected > 0) return because('stalled', { n: connected });
  return known > 0 ? because('calling', { n: known }) : because('nobody');
}

/** When it will start and how it will play, as far as that can be said; what is only guessed on request. */
export function promised(promise: Promised, guesses = false): string {
  const time = about(promise.starts_in_s);
  const starts = promise.basis !== 'guess' ? t('promise.starts', { time }) : guesses ? t('promise.guess', { time }) : '';
  const { needs_bytes_per_s: needs, gets_bytes_per_s: gets, plays } = promise;
  const how =
    plays === 'pauses' && needs !== null
      ? t('promise.pauses', { needs: megabits(needs), gets: megabits(gets) })
      : plays === 'smoothly' || plays === 'converts-slowly'
        ? t(`promise.${plays}`)
        : '';
  return [starts, how].filter((part) => part !== '').join(' ');
}

/** Why a release was chosen; null for a reason that this page does not know. */
export function chosen({ why, facts }: ChoiceReason): string | null {
  const key = `choice.${why}`;
  if (!(key in en)) return null;
  const rateOf = (name: string): string => megabits(Number(facts[name] ?? 0));
  return t(key as Key, {
    needs: rateOf('needs_bytes_per_s'),
    gets: rateOf('gets_bytes_per_s'),
    assumed: rateOf('assumed_bytes_per_s'),
    lines: String(facts['lines'] ?? ''),
    n: Number(facts['count'] ?? 0),
  });
}

/** How well promises were kept; empty before there were any. */
export function kept(error: PromiseError): string {
  if (error.count === 0 || error.median === null) return '';
  return t('promise.kept', { n: error.count, within: String(error.within), off: percent(error.median) });
}

/** A licence as people write it: CC BY-SA 4.0. */
export function licenceName(id: string): string {
  return id.replace(/^CC-(.+)-(\d\.\d)$/u, 'CC $1 $2').replace(/^CC0-/u, 'CC0 ');
}

export function licenceWords(film: Torrent): string {
  if (film.rights === null) return '';
  return t(`rights.stated.${film.rights.basis}`, { licence: licenceName(film.rights.licence ?? '') });
}
