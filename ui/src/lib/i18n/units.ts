/** Sizes, rates and durations in words of the language in force. */

import { language, t, type Key } from './index.svelte';

const STEPS = ['unit.B', 'unit.kB', 'unit.MB', 'unit.GB', 'unit.TB'] as const satisfies readonly Key[];

export function size(bytes: number): string {
  let value = Math.max(0, bytes);
  let step = 0;
  while (value >= 999.5 && step < STEPS.length - 1) {
    value /= 1000;
    step += 1;
  }
  const digits = step === 0 || value >= 100 ? 0 : value >= 10 && step < 3 ? 0 : 1;
  const n = new Intl.NumberFormat(language(), { maximumFractionDigits: digits }).format(value);
  return t(STEPS[step] ?? 'unit.TB', { n });
}

/** A day and an hour, such as `26 Nov, 14:05`. */
export function moment(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? '' : new Intl.DateTimeFormat(language(), { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' }).format(date);
}

export function rate(bytesPerS: number): string {
  return t('unit.per-s', { size: size(bytesPerS) });
}

/** A line's rate as lines are sold, and films counted: 6 Mbit/s. */
export function megabits(bytesPerS: number): string {
  const value = (bytesPerS * 8) / 1e6;
  const n = new Intl.NumberFormat(language(), { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
  return t('unit.Mbit-per-s', { n });
}

export function percent(fraction: number): string {
  // Never "100 %" before everything is here.
  const shown = fraction >= 1 ? 1 : Math.min(0.99, Math.floor(fraction * 100) / 100);
  return new Intl.NumberFormat(language(), { style: 'percent' }).format(shown);
}

/** Roughly how long, for a person: seconds, minutes or hours. */
export function about(seconds: number): string {
  if (seconds < 60) return t('unit.s', { n: Math.max(1, Math.round(seconds)) });
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return t('unit.min', { n: minutes });
  return t('unit.h', { h: Math.floor(minutes / 60), min: String(minutes % 60).padStart(2, '0') });
}

/** A place in a film: 0:07, 12:04, 1:36:00. */
export function clock(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0;
  const [h, min, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = String(s).padStart(2, '0');
  return h > 0 ? `${h}:${String(min).padStart(2, '0')}:${tail}` : `${min}:${tail}`;
}

/** A delay in seconds with its sign: +0.4 s. */
export function seconds(value: number): string {
  const n = new Intl.NumberFormat(language(), { minimumFractionDigits: 1, maximumFractionDigits: 2, signDisplay: 'exceptZero' }).format(value);
  return t('unit.s', { n: n.replace('-', '\u2212') });
}

/** A stretch as a share: 104.2 %. */
export function percentOf(value: number): string {
  return new Intl.NumberFormat(language(), { style: 'percent', maximumFractionDigits: 1 }).format(value);
}

/** A speed: 1.25×. */
export function times(value: number): string {
  return `${new Intl.NumberFormat(language(), { maximumFractionDigits: 2 }).format(value)}×`;
}

/** A figure with at most one decimal: 7.4. */
export function decimal(value: number): string {
  return new Intl.NumberFormat(language(), { maximumFractionDigits: 1 }).format(value);
}
