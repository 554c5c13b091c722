/** Which tracks are chosen before anybody has chosen. Pure. */

import type { AudioChoice, SubtitleChoice } from '../wire';

/** What somebody chose for a film or a series; absent where they chose nothing. */
export interface Taste {
  /** A language (BCP 47) or 'off'. */
  subtitles?: string;
  second?: string;
  audio?: string;
  /** As `look.svelte.ts` writes it. */
  look?: string;
  /** Of one film: by how much its lines come later, and how much longer they take. */
  delay_s?: number;
  stretch?: number;
}

/** `fr-CA` and `fr` are one language to a viewer; an unknown one is like no other. */
export function sameLanguage(a: string, b: string): boolean {
  const [one, other] = [a, b].map((tag) => tag.toLowerCase().split('-')[0] ?? '');
  return one === other && one !== '' && one !== 'und';
}

type Offered = Pick<SubtitleChoice, 'id' | 'language' | 'default' | 'forced' | 'hearing_impaired' | 'form'>;

/** The best of a language: whole rather than forced, text rather than pictures, without noises in words. */
export function bestOf(tracks: readonly Offered[], language: string): Offered | null {
  const cost = (track: Offered): number => (track.forced ? 4 : 0) + (track.form === 'picture' ? 2 : 0) + (track.hearing_impaired ? 1 : 0);
  const ours = tracks.filter((track) => sameLanguage(track.language, language));
  return ours.sort((a, b) => cost(a) - cost(b))[0] ?? null;
}

export function chooseAudio(tracks: readonly AudioChoice[], taste: Taste): string | null {
  const wanted = taste.audio === undefined ? undefined : tracks.find((track) => sameLanguage(track.language, taste.audio ?? ''));
  return (wanted ?? tracks.find((track) => track.default) ?? tracks[0])?.id ?? null;
}

/** What was chosen for this film; else its forced lines; else the reader's own language when the film speaks another. */
export function chooseSubtitles(tracks: readonly Offered[], taste: Taste, spoken: string, languages: readonly string[]): string | null {
  if (taste.subtitles === 'off') return null;
  if (taste.subtitles !== undefined) {
    const wanted = bestOf(tracks, taste.subtitles);
    if (wanted !== null) return wanted.id;
  }
  const understood = spoken === '' || spoken === 'und' || languages.some((language) => sameLanguage(language, spoken));
  if (!understood) {
    const first = languages.map((language) => bestOf(tracks, language)).find((track) => track !== null);
    if (first !== undefined && first !== null) return first.id;
  }
  return tracks.find((track) => track.forced && sameLanguage(track.language, spoken))?.id ?? null;
}
