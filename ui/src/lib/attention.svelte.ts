/** What the player shows for a moment: its controls while somebody moves, and what a key has just done. */

const CONTROLS_STAY_MS = 2500;
const WORDS_STAY_MS = 1600;
/** A sentence takes longer to read than a name. */
const PER_LETTER_MS = 45;

export class Attention {
  awake = $state(true);
  said = $state('');
  #sleep: ReturnType<typeof setTimeout> | undefined;
  #hush: ReturnType<typeof setTimeout> | undefined;

  wake(): void {
    this.awake = true;
    clearTimeout(this.#sleep);
    this.#sleep = setTimeout(() => (this.awake = false), CONTROLS_STAY_MS);
  }

  say(words: string): void {
    this.said = words;
    clearTimeout(this.#hush);
    this.#hush = setTimeout(() => (this.said = ''), Math.max(WORDS_STAY_MS, words.length * PER_LETTER_MS));
  }

  close(): void {
    clearTimeout(this.#sleep);
    clearTimeout(this.#hush);
  }
}
