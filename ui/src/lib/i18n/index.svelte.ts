/** The language in force and the way to its words. */

import { recall, remember } from '../store';
import { en, type Catalogue, type Key } from './en';
import { fr } from './fr';

export type { Key } from './en';
export type Language = 'en' | 'fr';

const CATALOGUES: Record<Language, Catalogue> = { en, fr };

function first(): Language {
  const wanted = [recall('language') ?? '', ...navigator.languages];
  for (const tag of wanted) {
    const language = tag.slice(0, 2).toLowerCase();
    if (language === 'en' || language === 'fr') return language;
  }
  return 'en';
}

let current = $state<Language>(first());
const plural = $derived(new Intl.PluralRules(current));
const whole = $derived(new Intl.NumberFormat(current, { maximumFractionDigits: 0 }));

export function language(): Language {
  return current;
}

export function speak(next: Language): void {
  current = next;
  remember('language', next);
}

/** What a stranger wrote may not turn what stands around it, nor bury it. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/gu;
const LONGEST_VALUE = 300;

function tame(value: string): string {
  const text = value.replace(TURNING, '');
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`;
}

/** The words for a key. `n` chooses the plural form and is written in the language's own figures. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  const message = CATALOGUES[current][key];
  const n = values['n'];
  const text = typeof message === 'string' ? message : message[plural.select(Number(n)) === 'one' ? 'one' : 'other'];
  return text.replace(/\{(\w+)\}/gu, (_, name: string) => {
    const value = values[name];
    return typeof value === 'number' ? whole.format(value) : tame(value ?? '');
  });
}

/** The words for a code of the server, or its own sentence when we have none. What a film suffers from may be any problem. */
export function tCode(family: 'trouble' | 'problem', code: string, sentence: string): string {
  const key = [`${family}.${code}`, `problem.${code}`].find((one) => one in en);
  return key === undefined ? sentence || t('problem.error') : t(key as Key, { said: sentence });
}
