/** A title of the catalogue in the reader's words: its name, its facts, where it stands with the law. */

import { clock, decimal } from './i18n/units';
import { language, t } from './i18n/index.svelte';
import { countryName } from './i18n/names';
import type { HomeRow } from './programme';
import { called, isTrailer, readTitle } from './title';
import type { EpisodeNumber, Shelf, TitleCard, TitleEpisode, TitleView } from './wire';
import { licenceName } from './words';

/** Gives stars, five at most. */
const STARRED = 'Internet Archive';

/** In the reader's language, else as it was first called. */
export function nameOf(one: Pick<TitleCard, 'title' | 'titles'> | TitleEpisode): string {
  return called(one.titles[language()] ?? one.title) || '…';
}

/** What a torrent is of, in words: a film, or its trailer. */
export function heldIn(torrent: string): string {
  const { title: name } = readTitle(torrent);
  return isTrailer(torrent) ? t('title.trailer.named', { name }) : name;
}

/** The original name, where that is another one. */
export function originalOf(one: TitleCard): string | null {
  const original = called(one.title);
  return nameOf(one) === original || original === '' ? null : original;
}

/** What was written of it, and in which language when that is not the reader's. */
export function synopsisOf(one: { synopsis: Readonly<Record<string, string>> }): { text: string; lang: string | null } {
  const own = one.synopsis[language()];
  if (own !== undefined) return { text: own, lang: null };
  const [lang, text] = Object.entries(one.synopsis)[0] ?? [null, ''];
  return { text, lang };
}

/** Its length in words: 1 h 36 min. */
export function runs(minutes: number): string {
  return minutes < 60 ? t('unit.min', { n: minutes }) : t('unit.h', { h: String(Math.floor(minutes / 60)), min: clock((minutes % 60) * 60).split(':')[0]!.padStart(2, '0') });
}

/** Short, for a place beside its name: free to share, and on which ground. */
export function freeWords(view: TitleView): string {
  const { standing, licence } = view.rights;
  if (standing !== 'allowed') return '';
  return licence === null ? t('rights.stated.public-domain') : t('rights.stated.licence', { licence: licenceName(licence) });
}

/** What a shelf is called. */
export function rowName(shelf: Shelf): string {
  return called(shelf.names[language()] ?? shelf.names['en'] ?? '') || shelf.id;
}

/** What a row of the home page is called. */
export function homeRowName(row: HomeRow): string {
  if (row.kind === 'shelf') return rowName(row.shelf);
  if (row.kind === 'because') return t('home.because', { name: nameOf(row.of) });
  if (row.kind === 'decade') return t('home.decade', { year: String(row.decade) });
  return row.kind === 'country' ? countryName(row.country) : t(`home.${row.kind}`);
}

/** What others thought of it: where stars are given, in stars, as there. */
export function ratingWords({ value, votes, by }: NonNullable<TitleView['rating']>): string {
  if (by === STARRED) return t('title.rating.stars', { value: decimal(value / 2), n: votes, by });
  return t('title.rating', { value: decimal(value), n: votes, by });
}

/** Whether a copy of an episode is known: its own, or one of the whole series. */
export function hasCopy(view: TitleView, episode: TitleEpisode): boolean {
  return episode.releases.length > 0 || view.releases.length > 0;
}

/** How many episodes a series has. */
export function episodesOf(view: TitleView): number {
  return view.seasons.reduce((sum, season) => sum + season.episodes.length, 0);
}

export function firstEpisode(view: TitleView): EpisodeNumber | null {
  const season = view.seasons.find((one) => one.episodes.length > 0);
  const episode = season?.episodes[0];
  return season === undefined || episode === undefined ? null : { season: season.number, number: episode.number };
}
