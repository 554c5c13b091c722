/** Why a title may be shared, in words: the rules' reasons, and each piece of evidence. */

import { en, type Key } from './i18n/en';
import { t } from './i18n/index.svelte';
import { countryWithin } from './i18n/names';
import type { Facts, TitleEvidence, TitleReason } from './wire';
import { licenceName } from './words';

/** Facts as a sentence wants them: years without separators, countries and licences by their names. */
function told(facts: Facts): Record<string, string | number> {
  const words: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(facts)) {
    if (value === null) continue;
    if (name === 'count') words['n'] = value;
    else if (name === 'licence') words[name] = licenceName(String(value));
    else if (name === 'country' || name === 'origin' || name === 'territory') words[name] = countryWithin(String(value));
    else if (name === 'countries') words[name] = String(value).split(', ').map(countryWithin).join(', ');
    else if (name === 'role') words[name] = wordsFor('role', String(value), {}) ?? String(value);
    else words[name] = String(value);
  }
  return words;
}

function wordsFor(family: 'why' | 'claim' | 'role', name: string, values: Record<string, string | number>): string | null {
  const key = `${family}.${name}`;
  return key in en ? t(key as Key, values) : null;
}

/** One reason of the verdict; null for one that this page does not know. */
export function reasonWords(reason: TitleReason): string | null {
  return wordsFor('why', reason.why, told(reason.facts));
}

/** What is claimed. */
export function claimWords(evidence: TitleEvidence): string {
  const { claim, facts } = evidence;
  const name = claim === 'published' && (facts['country'] ?? null) === null ? 'published-somewhere' : claim;
  return wordsFor('claim', name, told(facts)) ?? claim;
}

/** Whose page it is, for people: the host of an address. */
export function hostOf(address: string): string {
  try {
    return new URL(address).hostname.replace(/^www\./u, '');
  } catch {
    return address;
  }
}

/** An address that may be a link: strangers wrote it. */
export function safeLink(address: string): string | null {
  try {
    const url = new URL(address);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
  } catch {
    return null;
  }
}
