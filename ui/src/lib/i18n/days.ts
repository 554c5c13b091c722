/** Days and times in words of the language in force. */

import { language, t } from './index.svelte';

/** What goes on after midnight belongs to the evening before, as the server counts. */
const NIGHT_MS = 5 * 3600 * 1000;

function evening(ms: number): string {
  const date = new Date(ms - NIGHT_MS);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}

/** Of a day as the server names it, YYYY-MM-DD: today, yesterday, or Thursday 26 November. */
export function dayWords(day: string): string {
  const now = Date.now();
  if (day === evening(now)) return t('history.today');
  if (day === evening(now - 24 * 3600 * 1000)) return t('history.yesterday');
  const date = new Date(`${day}T12:00:00`);
  if (Number.isNaN(date.getTime())) return day;
  const thisYear = date.getFullYear() === new Date(now).getFullYear();
  const words = new Intl.DateTimeFormat(language(), { weekday: 'long', day: 'numeric', month: 'long', ...(thisYear ? {} : { year: 'numeric' }) }).format(date);
  return words.charAt(0).toLocaleUpperCase(language()) + words.slice(1);
}

export function timeOfDay(ms: number): string {
  return new Intl.DateTimeFormat(language(), { hour: 'numeric', minute: '2-digit' }).format(ms);
}
