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

/** Strip what has no shape, without touching what a person would read. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, '').replace(/\s+/gu, ' ').trim();
}

export function readTitle(name: string): Title {
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
