/** What OpenSubtitles has for a film, in words. */

import { problemWords } from './add.svelte';
import { ApiError } from './api';
import { t, type Key } from './i18n/index.svelte';
import { called } from './title';
import { languageName, type Named } from './tracks';
import type { Offer } from './wire';

/** The server's sentences that we know in other words; `{1}` is what stands in its brackets. */
const SENTENCES: readonly (readonly [RegExp, Key])[] = [
  [/gives no more subtitles today\. Try again in (.+)\.$/u, 'offers.spent.until'],
  [/gives no more subtitles today/u, 'offers.spent'],
  [/asked too often/u, 'offers.often'],
  [/does not take the key/u, 'offers.key'],
  [/cannot be reached/u, 'offers.away'],
];

/** Why there is nothing. */
export function offersProblem(error: unknown): string {
  if (!(error instanceof ApiError)) return t('problem.error');
  for (const [pattern, key] of SENTENCES) {
    const found = pattern.exec(error.message);
    if (found !== null) return t(key, { when: found[1] ?? '' });
  }
  return error.code === 'bad-subtitles' || error.code === 'too-large' ? t('offers.unreadable') : problemWords(error);
}

export function offerName(offer: Offer): Named {
  const marks = [
    offer.matches ? t('offers.matches') : '',
    offer.forced ? t('subtitles.forced') : '',
    offer.hearing_impaired ? t('subtitles.deaf') : '',
    offer.machine ? t('offers.machine') : '',
    offer.downloads > 0 ? t('offers.taken', { n: offer.downloads }) : '',
  ];
  return { label: languageName(offer.language), more: [called(offer.release, 120), ...marks].filter((part) => part !== '').join(' · ') };
}
