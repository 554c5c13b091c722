/** Which letters fonts have, so that none is drawn as an empty box. Pure. */

/** What the font that comes with the drawer has: Liberation Sans. */
const AT_HAND = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Hebrew}\p{Script=Common}\p{Script=Inherited}]/u;
const LETTER = /\p{L}/u;
const FIELDS_BEFORE_TEXT = 9;
const MOST_LETTERS = 20_000;
const MOST_RANGES = 200_000;
const MOST_TABLES = 200;
const [COLLECTION, CMAP] = [0x74746366, 0x636d6170];

/** Give the letters of lines of dialogue for which another font is needed, by their numbers. */
export function foreignLetters(lines: readonly string[]): Set<number> {
  const found = new Set<number>();
  for (const line of lines) {
    const text = line.split(',').slice(FIELDS_BEFORE_TEXT).join(',').replaceAll(/\{[^}]*\}/gu, '');
    for (const letter of text) if (LETTER.test(letter) && !AT_HAND.test(letter) && found.size < MOST_LETTERS) found.add(letter.codePointAt(0) ?? 0);
  }
  return found;
}

/** The letters of all fonts that were added. */
export class Letters {
  readonly #ranges: [number, number][] = [];

  /** TrueType and OpenType, alone or in a collection; of anything else nothing is known. */
  add(font: Uint8Array): void {
    const data = new DataView(font.buffer, font.byteOffset, font.byteLength);
    try {
      const fonts = data.getUint32(0) === COLLECTION ? Array.from({ length: Math.min(data.getUint32(8), MOST_TABLES) }, (_, n) => data.getUint32(12 + 4 * n)) : [0];
      for (const at of fonts) this.#addFont(data, at);
    } catch (error) {
      // It ends before it says: what it has said until then counts.
      if (!(error instanceof RangeError)) throw error;
    }
  }

  has(letters: Iterable<number>): boolean {
    return Array.from(letters).every((letter) => this.#ranges.some(([first, last]) => first <= letter && letter <= last));
  }

  #addFont(data: DataView, at: number): void {
    for (let table = 0; table < Math.min(data.getUint16(at + 4), MOST_TABLES); table += 1) {
      const entry = at + 12 + 16 * table;
      if (data.getUint32(entry) !== CMAP) continue;
      const cmap = data.getUint32(entry + 8);
      for (let n = 0; n < Math.min(data.getUint16(cmap + 2), MOST_TABLES); n += 1) this.#addMap(data, cmap + data.getUint32(cmap + 4 + 8 * n + 4));
    }
  }

  /** OpenType, cmap: format 4 of the first 65 536 characters, format 12 of all. */
  #addMap(data: DataView, at: number): void {
    const format = data.getUint16(at);
    if (format === 12) {
      for (let n = 0; n < data.getUint32(at + 12); n += 1) this.#put(data.getUint32(at + 16 + 12 * n), data.getUint32(at + 20 + 12 * n));
    } else if (format === 4) {
      const twice = data.getUint16(at + 6);
      for (let n = 0; n < twice; n += 2) this.#put(data.getUint16(at + 16 + twice + n), data.getUint16(at + 14 + n));
    }
  }

  #put(first: number, last: number): void {
    if (this.#ranges.length >= MOST_RANGES) throw new RangeError('a font of more letters than there are');
    // The last stretch of format 4 stands for nothing.
    if (first < 0xffff || last > 0xffff) this.#ranges.push([first, last]);
  }
}
