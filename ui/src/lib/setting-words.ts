/** A setting's values as people read them. */

import { en, type Key } from './i18n/en';
import { language, t } from './i18n/index.svelte';
import { countryName } from './i18n/names';
import { about, rate, size } from './i18n/units';
import type { SettingState } from './wire';

/** In what a number is asked for, and how much of the server's unit that is. */
export interface Unit {
  name: string;
  factor: number;
  step: number;
  /** Whether nothing in the field says 0: no limit. */
  emptyIsZero: boolean;
}

export function unitOf(one: SettingState): Unit {
  if (one.unit === 'bytes a second') return { name: t('unit.per-s', { size: t('unit.MB', { n: '' }).trim() }), factor: 1e6, step: 0.1, emptyIsZero: true };
  if (one.unit === 'bytes') return { name: t('unit.GB', { n: '' }).trim(), factor: 1e9, step: 0.1, emptyIsZero: false };
  if (one.unit === 'seconds') return { name: t('unit.s', { n: '' }).trim(), factor: 1, step: 1, emptyIsZero: false };
  return { name: '', factor: 1, step: 1, emptyIsZero: false };
}

/** The words of a key that may not be there. */
function said(key: string): string | undefined {
  return key in en ? t(key as Key) : undefined;
}

/** What an option is called; one that this page does not know is called as the server calls it. */
function optionName(one: SettingState, value: string): string {
  if (one.key === 'country') return countryName(value);
  return said(one.key === 'sharing' ? `sharing.${value}` : `set.${one.key}.${value}`) ?? value;
}

export function optionsOf(one: SettingState): { value: string; label: string; more: string }[] {
  const made = one.choices
    .filter((value) => value !== '')
    .map((value) => ({ value, label: optionName(one, value), more: (one.key === 'sharing' ? said(`sharing.${value}.more`) : undefined) ?? '' }));
  if (one.key !== 'country') return made;
  const order = new Intl.Collator(language());
  // What holds as long as nobody chooses is only known while nobody has.
  const own = one.value === '' && one.in_force !== '' ? t('set.country.locale', { name: countryName(String(one.in_force)) }) : one.value === '' ? t('set.country.nowhere') : t('settings.again');
  return [{ value: '', label: own, more: '' }, ...made.sort((a, b) => order.compare(a.label, b.label))];
}

/** What the program goes by now. */
export function inForce(one: SettingState): string {
  const value = one.in_force;
  if (typeof value === 'boolean') return t(value ? 'settings.on' : 'settings.off');
  if (typeof value === 'string') return one.kind === 'choice' ? optionName(one, value) : value === '' ? t('settings.empty') : value;
  if (value === null) return '';
  if (one.unit === 'bytes a second') return value === 0 ? t('settings.none') : rate(value);
  if (one.unit === 'bytes') return size(value);
  return one.unit === 'seconds' ? about(value) : String(value);
}
