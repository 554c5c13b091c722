/** The language in force and the way to its words. */

import { hear, recall, remember } from '../store';
import { en, type Catalogue, type Key, type Message } from './en';
import { directionOf, LANGUAGES, ownName, spokenOf, wordsOf } from './languages';

export type { Key } from './en';

let current = $state('en');
let words = $state.raw<Catalogue>(en);
const plural = $derived(new Intl.PluralRules(current));
const whole = $derived(new Intl.NumberFormat(current, { maximumFractionDigits: 0 }));

/** The tag of the language in force. */
export function language(): string {
  return current;
}

export function direction(): 'ltr' | 'rtl' {
  return directionOf(current);
}

/** All that there are, each as its own speakers call it. */
export const LANGUAGE_OPTIONS = LANGUAGES.map((tag) => ({ value: tag, label: ownName(tag), lang: tag }));

async function take(tag: string): Promise<void> {
  words = await wordsOf(tag);
  current = tag;
}

/** Go over to a language; where its words do not come, the page stays with those it has. */
export function speak(next: string): void {
  void take(next).then(
    () => remember('language', next),
    () => undefined,
  );
}

hear('language', (next) => void take(spokenOf([next ?? '', ...navigator.languages])).catch(() => undefined));

/** The language that is wanted here, once its words have come. */
export const spoken = take(spokenOf([recall('language') ?? '', ...navigator.languages]));

/** What a stranger wrote may not turn what stands around it, nor bury it. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/gu;
const LONGEST_VALUE = 300;

function tame(value: string): string {
  const text = value.replace(TURNING, '');
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`;
}

/** The words for a key. `n` chooses the plural form and is written in the language's own figures. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  const message: Message = words[key];
  const n = values['n'];
  const text = typeof message === 'string' ? message : (message[plural.select(Number(n))] ?? message.other);
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
