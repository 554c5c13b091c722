/** What to go on with, in words. */

import { t } from './i18n/index.svelte';
import { clock } from './i18n/units';
import { readTitle, visible } from './title';
import { nameOf } from './titles';
import type { Going, TitleCard } from './wire';

interface Named {
  name: string;
  card: TitleCard | null;
}

/** By its title's name in the reader's language; what is nobody's title, by that of its torrent. */
export function goingName({ card, name }: Named): string {
  return card !== null ? nameOf(card) : readTitle(visible(name)).title;
}

interface Numbered {
  season: number | null;
  number: number | null;
}

export function numberOf({ season, number }: Numbered): string {
  return season === null || number === null ? '' : t('going.episode', { season: String(season), number: String(number) });
}

/** Which episode, and whether it comes after what was seen. */
export function episodeWords(going: Pick<Going, 'season' | 'number' | 'follows'>): string {
  const { season, number, follows } = going;
  if (season === null || number === null) return '';
  return t(follows ? 'going.next' : 'going.episode', { season: String(season), number: String(number) });
}

/** How far it was watched. */
export function leftAt(one: { position_s: number; watched: boolean }): string {
  return one.watched ? t('history.seen') : t('title.left.at', { time: clock(one.position_s) });
}
