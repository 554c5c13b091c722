/** By which addresses a title is passed on. Pure. */

import type { SubtitlesBeside, TitleView } from './wire';

export interface Link {
  /** Where its films lie for everybody; its torrent; this very page, for screens of this house. */
  kind: 'web' | 'magnet' | 'here';
  url: string;
}

/** An address of the web that a stranger wrote; empty for anything else. */
function https(address: string): string {
  try {
    return new URL(address).protocol === 'https:' ? address : '';
  } catch {
    return '';
  }
}

/**
 * The one that is worth most to somebody far away comes first.
 *
 * @param magnet of its torrent, where that is here.
 * @param origin of this page.
 */
export function linksOf(view: Pick<TitleView, 'id' | 'releases' | 'rights'>, magnet: string, origin: string): Link[] {
  const found: Link[] = [];
  const archive = view.releases.find((one) => one.archive !== null)?.archive ?? '';
  const web = archive !== '' ? `https://archive.org/details/${encodeURIComponent(archive)}` : https(view.releases.find((one) => one.url !== null)?.url ?? '');
  // What nobody knows to be free is not passed on from here.
  if (view.rights.standing === 'allowed') {
    if (web !== '') found.push({ kind: 'web', url: web });
    const torrent = [magnet, ...view.releases.map((one) => one.magnet ?? '')].find((one) => one.startsWith('magnet:?'));
    if (torrent !== undefined) found.push({ kind: 'magnet', url: torrent });
  }
  return [...found, { kind: 'here', url: `${origin}/#/title/${encodeURIComponent(view.id)}` }];
}

/** In which languages subtitles are known to be beside one of its films. */
export function subtitlesOf({ releases, seasons }: Pick<TitleView, 'releases' | 'seasons'>): string[] {
  const all = [...releases, ...seasons.flatMap((season) => season.episodes.flatMap((one) => one.releases))];
  return [...new Set(all.flatMap((one) => one.subtitles))].filter((tag) => tag !== 'und').sort();
}

/** All subtitles that are known to be beside it; what a machine made only in languages that nobody else did, and last. */
export function besideOf(view: Pick<TitleView, 'releases' | 'seasons'>, beside: readonly SubtitlesBeside[]): SubtitlesBeside[] {
  const people = new Set([...subtitlesOf(view), ...beside.filter((one) => !one.machine_made).map((one) => one.language)]);
  const machine = new Set(beside.filter((one) => one.machine_made && !people.has(one.language)).map((one) => one.language));
  const named = (tags: Set<string>, machine_made: boolean): SubtitlesBeside[] => [...tags].sort().map((language) => ({ language, machine_made }));
  return [...named(people, false), ...named(machine, true)];
}
