/** From the names people give to files, the title and the year a poster carries. Pure. */

export interface Title {
  title: string;
  year: number | null;
}

const SUFFIX = /\.(?:mkv|mp4|m4v|webm|avi|mov|mpe?g|ogv|ogm|wmv|flv|ts|torrent|iso|srt|mp3|flac|zip)$/iu;
// Marks that turn or hide text, and control characters: they have no shape of their own on a poster.
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;
const RELEASE_WORD =
  /[\s[(](?:\d{3,4}[pi]|4k|8k|uhd|hdr|web-?(?:dl|rip)|blu-?ray|b[dr]rip|dvd(?:rip|\d)?|hdtv|x26[45]|h\.?26[45]|hevc|av1|xvid|divx|aac|ac3|dts|remaster(?:ed)?|multi|vost\w*|surround|stereo)(?=$|[\s\])._-]).*$/iu;
const LONGEST = 160;
/** What fits a headline without making a page of it; a letter as wide as a square counts twice. */
const HEADLINE = 64;
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}]/u;
/** More marks than any language puts on one letter: they would climb over the lines above. */
const PILED_MARKS = /(\p{M}{3})\p{M}+/gu;

/** Strip what has no shape, without touching what a person would read. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, '').replace(PILED_MARKS, '$1').replace(/\s+/gu, ' ').trim();
}

/** How the server ends the name of what it added as a trailer. */
const TRAILER = ' (trailer)';

export function isTrailer(name: string): boolean {
  return name.endsWith(TRAILER);
}

/** A name as it may stand anywhere: what a stranger made of it, as text of one line that ends. */
export function called(text: string, longest = LONGEST): string {
  const name = visible(text.slice(0, 4 * longest));
  return name.length <= longest ? name : `${name.slice(0, longest - 1).trimEnd()}…`;
}

/** A title as a headline: cut at a word where it is too long to be one. */
export function shorten(title: string): string {
  let width = 0;
  let kept = '';
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(title)) {
    width += WIDE.test(segment) ? 2 : 1;
    if (width > HEADLINE) return `${kept.replace(/\s+\S{0,16}$/u, '').trimEnd()}…`;
    kept += segment;
  }
  return title;
}

export function readTitle(whole: string): Title {
  const name = isTrailer(whole) ? whole.slice(0, -TRAILER.length) : whole;
  const flat = visible(name.slice(0, 4 * LONGEST));
  let text = flat.replace(SUFFIX, '');
  if (!text.includes(' ')) text = text.replace(/[._]+/gu, ' ');
  text = text.replace(/_/gu, ' ').replace(/\s+/gu, ' ').trim();
  const latest = new Date().getFullYear() + 1;
  let year: number | null = null;
  for (const match of text.matchAll(/(?<![\d\p{L}])(18[89]\d|19\d\d|20\d\d)(?![\d\p{L}])/gu)) {
    const value = Number(match[1]);
    if (match.index === 0 || value > latest) continue;
    year = value;
    const before = text.slice(0, match.index).replace(/[\s([{,–-]+$/u, '');
    if (before !== '') text = before;
    break;
  }
  text = ` ${text}`.replace(RELEASE_WORD, '').trim() || flat;
  return { title: text.slice(0, LONGEST) || '…', year };
}
