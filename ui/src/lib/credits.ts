/** Where a film's credits begin, when one of its chapters says so. Pure. */

import type { Chapter } from './wire';

const CREDITS = /^\W*(?:(?:end|closing|final)\s+)?(?:credits?|credit roll)\W*$|^\W*g[ée]n[ée]rique(?:\s+(?:de\s+)?fin)?\W*$|^\W*abspann\W*$|^\W*titoli di coda\W*$|^\W*cr[ée]ditos(?:\s+finales)?\W*$/iu;

/** The last one that is called so: opening credits come first. */
export function creditsOf(chapters: readonly Pick<Chapter, 'title' | 'start_s'>[]): number | null {
  return chapters.findLast((chapter) => CREDITS.test(chapter.title))?.start_s ?? null;
}
