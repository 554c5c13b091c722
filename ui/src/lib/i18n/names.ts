/** Names of countries, languages, genres, people and days in the language in force. */

import { en, type Key } from './en';
import { called } from '../title';
import { language, t } from './index.svelte';

/** Countries that are no more: Intl names what came after them. */
const GONE: Readonly<Record<string, Key>> = { SU: 'country.SU', DD: 'country.DD', CS: 'country.CS', YU: 'country.YU' };

/** What is no code that anybody knows is shown as it came. */
const LONGEST_CODE = 24;

const made = new Map<string, Intl.DisplayNames>();

function names(type: 'region' | 'language'): Intl.DisplayNames {
  const key = `${language()}/${type}`;
  let found = made.get(key);
  if (found === undefined) made.set(key, (found = new Intl.DisplayNames(language(), { type, fallback: 'code' })));
  return found;
}

function named(type: 'region' | 'language', code: string): string {
  try {
    return names(type).of(code) ?? called(code, LONGEST_CODE);
  } catch {
    return called(code, LONGEST_CODE);
  }
}

export function countryName(code: string): string {
  const gone = GONE[code];
  return gone === undefined ? named('region', code) : t(gone);
}

/** English says 'in the United States', and 'in France'. */
const WITH_ARTICLE = new Set(['AE', 'BS', 'CF', 'CD', 'CG', 'DO', 'GB', 'GM', 'MV', 'NL', 'PH', 'SU', 'US']);

/** A country as it stands in the middle of a sentence. */
export function countryWithin(code: string): string {
  return language() === 'en' && WITH_ARTICLE.has(code) ? `the ${countryName(code)}` : countryName(code);
}

export function languageName(tag: string): string {
  return named('language', tag);
}

/** A genre; one that we have no word for is called as the server calls it. */
export function genreName(id: string): string {
  const key = `genre.${id}`;
  return key in en ? t(key as Key) : id.replace(/-/gu, ' ');
}

/** Several of them: “A, B and C”. */
export function listed(names: readonly string[]): string {
  return new Intl.ListFormat(language(), { type: 'conjunction' }).format(names);
}

/** A day, of an ISO date. */
export function day(iso: string): string {
  const date = new Date(`${iso.slice(0, 10)}T12:00:00Z`);
  return Number.isNaN(date.getTime()) ? iso : new Intl.DateTimeFormat(language(), { dateStyle: 'long', timeZone: 'UTC' }).format(date);
}

/** A decade: the 1940s, les années 1940. */
export function decadeName(decade: number): string {
  return t('browse.decade', { year: String(decade) });
}
