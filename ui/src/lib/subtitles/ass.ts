/** A file of ASS, taken apart just so far that its stretches can be put together again. Pure. */

export interface Document {
  /** All that is no line of dialogue: info, styles, fonts. */
  head: string;
  /** What is shown at some time, each as written. */
  lines: string[];
}

/** Films with signs that move in every picture have a hundred thousand. */
export const MOST_LINES = 200_000;

export function readDocument(text: string): Document {
  const head: string[] = [];
  const lines: string[] = [];
  for (const line of text.split(/\r\n|\r|\n/u)) {
    if (!/^Dialogue\s*:/u.test(line)) head.push(line);
    else if (lines.length < MOST_LINES) lines.push(line);
  }
  return { head: head.join('\n'), lines };
}

/** Whether this is ASS at all; a track without a line is. */
export function isStyled(text: string): boolean {
  return /^\ufeff?\s*\[script info\]/iu.test(text) && /^\[events\]/imu.test(text);
}

/** Lines that have come already are left out: one that is shown over a joint is in both stretches. */
export class Lines {
  readonly #known = new Set<string>();

  /** Those of another stretch that are new; a maker may have written one twice for its look, so within a stretch all are kept. */
  fresh(stretch: readonly string[]): string[] {
    const found = stretch.filter((line) => !this.#known.has(line));
    for (const line of found) if (this.#known.size < MOST_LINES) this.#known.add(line);
    return found;
  }
}
