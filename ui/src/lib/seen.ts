/** Who can see this computer, in a sentence. Pure but for the language. */

import { language, t } from './i18n/index.svelte';
import type { Glance } from './wire';

/** Everybody but the people in swarms, named. */
function others(now: Glance): string[] {
  return [
    ...(now.trackers > 0 ? [t('house.and.trackers', { n: now.trackers })] : []),
    ...(now.dht ? [t('house.and.dht')] : []),
    ...(now.lsd_films > 0 ? [t('house.and.lsd')] : []),
    ...(now.web_hosts > 0 ? [t('house.and.hosts', { n: now.web_hosts })] : []),
  ];
}

/** One sentence that says it all, and whether others are told of this computer's films. */
export function seenBy(now: Glance): string {
  const named = new Intl.ListFormat(language(), { type: 'conjunction' }).format(others(now));
  if (now.people === 0) return named === '' ? t('house.nobody') : t('house.nobody-but', { others: named });
  const people = t('house.people', { n: now.people, swarms: t('house.swarms', { n: now.swarms }) });
  return named === '' ? t('house.only-they', { people }) : t('house.they-and', { people, others: named });
}

export function isTold(now: Glance): boolean {
  return now.trackers + now.dht_films + now.lsd_films > 0;
}
