/** What somebody chose for a film or a series. */

import { library } from './library.svelte';
import type { Taste } from './subtitles/choice';

/** One name for all episodes: what stands before the season, or the title. */
export function seriesOf(name: string): string {
  const flat = name.toLowerCase().replace(/[\p{C}\p{Z}._]+/gu, ' ').trim();
  return (/^(.+?)[\s-]+(?:s\d{1,2}\s?e\d|s\d{1,2}\b|season\b|\d{1,2}x\d{2})/u.exec(flat)?.[1] ?? flat).slice(0, 120) || '-';
}

export function tasteFor(series: string): Taste {
  return library.tasteFor(series);
}

export function keepTaste(series: string, change: Taste): void {
  library.keepTaste(series, change);
}
