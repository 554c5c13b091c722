/** What a torrent does while nobody plays it, in plain words. */

import { t } from './i18n/index.svelte';
import { about, moment, percent, rate, times } from './i18n/units';
import { before, left_s, part, type Sums } from './transfers';
import type { LimitsNow, Torrent } from './wire';
import { doing } from './words';

/** What it does, or why it does nothing. */
export function standing(film: Torrent, films: readonly Torrent[]): string {
  if (film.state === 'complete') return given(film);
  if (film.state !== 'downloading' || film.rights === null || film.comes_from !== null) return doing(film);
  const shown = percent(part(film));
  if (film.fetching === 'here') return t('transfer.taken');
  if (film.fetching === 'queued') {
    const n = before(film, films);
    return n === 0 ? t('transfer.next', { percent: shown }) : t('transfer.queued', { percent: shown, n });
  }
  if (film.fetching === 'as-watched') return t('transfer.watched', { percent: shown });
  const left = left_s(film);
  return left === null ? t('transfer.now', { percent: shown }) : t('transfer.left', { percent: shown, time: about(left) });
}

/** What becomes of one that is whole. */
function given(film: Torrent): string {
  const { enough, ratio, until } = film.giving;
  if (film.trouble !== null) return doing(film);
  if (enough === 'ratio') return t('transfer.enough.ratio', { times: times(ratio) });
  if (enough === 'hours') return t('transfer.enough.hours');
  if (film.sharing !== 'keep') return t(`transfer.whole.${film.sharing}`);
  return until === null ? t('transfer.whole.keep') : t('transfer.until', { when: moment(until) });
}

/** What all of them do. */
export function together(sum: Sums): string {
  const words = [];
  if (sum.now > 0) words.push(t('transfers.now', { n: sum.now }));
  if (sum.waiting > 0) words.push(t('transfers.waiting', { n: sum.waiting }));
  if (sum.given > 0) words.push(t('transfers.given', { n: sum.given }));
  return words.length === 0 ? t('transfers.still') : words.join(' ');
}

/** Which limits hold at this hour. */
export function held(limits: LimitsNow): string {
  const most = [
    limits.down_bytes_per_s > 0 ? t('limits.down', { rate: rate(limits.down_bytes_per_s) }) : '',
    limits.up_bytes_per_s > 0 ? t('limits.up', { rate: rate(limits.up_bytes_per_s) }) : '',
  ].filter((one) => one !== '');
  const what = most.length === 0 ? t('limits.none') : most.join(' ');
  if (limits.until === null) return what;
  return `${t(limits.quiet ? 'limits.quiet' : 'limits.day', { when: moment(limits.until) })} ${what}`;
}
