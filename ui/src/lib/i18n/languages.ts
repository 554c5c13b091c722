/** The languages of the page. Every file in `languages` is one, called by its tag: adding a language is adding its file. */

import { en, type Catalogue } from './en';

/** English is here from the start; the others are fetched by whoever reads them. */
const FILES = import.meta.glob<{ default: Catalogue }>('./languages/*.ts');
const HOME = 'en';

const fetchers = new Map(Object.entries(FILES).map(([path, fetch]) => [path.replace(/^.*\/(.+)\.ts$/u, '$1'), fetch]));
const RIGHT_TO_LEFT = new Set(['Adlm', 'Arab', 'Hebr', 'Mand', 'Nkoo', 'Rohg', 'Samr', 'Syrc', 'Thaa', 'Yezi']);

export const LANGUAGES: readonly string[] = [HOME, ...fetchers.keys()].sort();

/** The first of these tags that there is a language for, or at least a kindred one: fr for fr-CA. */
export function spokenOf(wanted: readonly string[]): string {
  for (const tag of wanted.filter((one) => one !== '')) {
    const found = LANGUAGES.find((one) => one === tag) ?? LANGUAGES.find((one) => one === tag.split('-')[0]?.toLowerCase());
    if (found !== undefined) return found;
  }
  return HOME;
}

/** Its words. Throws when nobody answers. */
export async function wordsOf(tag: string): Promise<Catalogue> {
  const fetch = fetchers.get(tag);
  return fetch === undefined ? en : (await fetch()).default;
}

/** Of these it is known here: a browser reads all it knows of all languages before it tells, and a phone's first picture waits for that. */
const KNOWN: Readonly<Record<string, { name: string; direction: 'ltr' | 'rtl' }>> = {
  en: { name: 'English', direction: 'ltr' },
  fr: { name: 'Français', direction: 'ltr' },
};

export function directionOf(tag: string): 'ltr' | 'rtl' {
  return KNOWN[tag]?.direction ?? (RIGHT_TO_LEFT.has(new Intl.Locale(tag).maximize().script ?? '') ? 'rtl' : 'ltr');
}

/** What its own speakers call it. */
export function ownName(tag: string): string {
  const known = KNOWN[tag]?.name;
  if (known !== undefined) return known;
  const name = new Intl.DisplayNames([tag], { type: 'language', fallback: 'code' }).of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
}
