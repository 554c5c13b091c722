/** What somebody chose for a film or a series, in this browser, until profiles keep it. */

import { recall, remember } from './store';
import type { Taste } from './subtitles/choice';

const KEY = 'tastes';
const KEPT = 200;

/** One name for all episodes: what stands before the season, or the title. */
export function seriesOf(name: string): string {
  const flat = name.toLowerCase().replace(/[._]+/gu, ' ').trim();
  return (/^(.+?)[\s-]+(?:s\d{1,2}\s?e\d|s\d{1,2}\b|season\b|\d{1,2}x\d{2})/u.exec(flat)?.[1] ?? flat).slice(0, 120);
}

function all(): [string, Taste][] {
  try {
    const list: unknown = JSON.parse(recall(KEY) ?? '[]');
    return Array.isArray(list) ? (list as [string, Taste][]).filter((entry) => Array.isArray(entry) && typeof entry[0] === 'string') : [];
  } catch {
    return [];
  }
}

export function tasteFor(series: string): Taste {
  return all().find(([name]) => name === series)?.[1] ?? {};
}

export function keepTaste(series: string, change: Taste): void {
  const rest = all().filter(([name]) => name !== series);
  remember(KEY, JSON.stringify([[series, { ...tasteFor(series), ...change }], ...rest].slice(0, KEPT)));
}
