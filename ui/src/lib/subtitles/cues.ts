/** SubRip and WebVTT, read into cues. Pure: whatever it is given it ends soon, and with text only. */

export interface Cue {
  start_s: number;
  stop_s: number;
  /** As written, markup included: `markup.ts` reads it. */
  text: string;
  top: boolean;
  align: 'start' | 'center' | 'end';
  /** Drawn on a disc, not written: where it is fetched, and its place in hundredths of the film's picture. */
  picture?: Picture;
}

export interface Picture {
  url: string;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A film of three hours has three thousand. */
export const MOST_CUES = 60_000;
const LONGEST_TEXT = 2_000;
const TIMES = /^\s*(?:(\d{1,4}):)?(\d{1,3}):(\d{1,2})[.,](\d{1,3})\s*-->\s*(?:(\d{1,4}):)?(\d{1,3}):(\d{1,2})[.,](\d{1,3})(.*)$/u;
/** Up to this share of the height a line stands at the top. */
const TOP_PERCENT = 40;

function seconds(found: RegExpExecArray, from: number): number {
  const [h, min, s, part] = [found[from], found[from + 1], found[from + 2], found[from + 3]];
  return Number(h ?? 0) * 3600 + Number(min) * 60 + Number(s) + Number((part ?? '0').padEnd(3, '0')) / 1000;
}

function placed(settings: string, text: string): Pick<Cue, 'top' | 'align'> {
  const line = /\bline:(-?\d{1,3})(%?)/u.exec(settings);
  const align = /\balign:(start|left|end|right)\b/u.exec(settings)?.[1];
  const atTop = line !== null && (line[2] === '%' ? Number(line[1]) <= TOP_PERCENT : Number(line[1]) >= 0 && Number(line[1]) < 8);
  return {
    // SubRip borrows the place from SSA: 7, 8 and 9 are the upper row of a keypad.
    top: atTop || /\{[^}]{0,80}\\an[789]/u.test(text),
    align: align === undefined ? 'center' : align === 'start' || align === 'left' ? 'start' : 'end',
  };
}

/** Read cues in the order of their beginning; what cannot be read is left out. */
export function readCues(source: string): Cue[] {
  const cues: Cue[] = [];
  const lines = source.replace(/^\ufeff/u, '').replaceAll('\0', '').split(/\r\n|\r|\n/u);
  for (let at = 0; at < lines.length && cues.length < MOST_CUES; at += 1) {
    const found = TIMES.exec((lines[at] ?? '').slice(0, 400));
    if (found === null) continue;
    const said: string[] = [];
    while (at + 1 < lines.length && lines[at + 1]?.trim() !== '') said.push(lines[(at += 1)] ?? '');
    const text = said.join('\n').slice(0, LONGEST_TEXT).trim();
    const [start_s, stop_s] = [seconds(found, 1), seconds(found, 5)];
    if (text !== '' && stop_s > start_s) cues.push({ start_s, stop_s, text, ...placed(found[9] ?? '', text) });
  }
  return cues.sort((a, b) => a.start_s - b.start_s);
}

/** Whether the server says that these lines came from a web seed, and nothing has verified them. */
export function isUnverified(source: string): boolean {
  return /^\ufeff?WEBVTT Not verified/u.test(source);
}

const PICTURE = /^([^\s#"'()\\]+)#xywh=percent:(\d+(?:\.\d+)?),(\d+(?:\.\d+)?),(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)$/u;

/** Read cues whose text is a picture's address, seen from `base`, and its place; only our own server's are taken. */
export function readPictures(source: string, base: string): Cue[] {
  return readCues(source).flatMap((cue) => {
    const [, name, left, top, width, height] = PICTURE.exec(cue.text) ?? [];
    if (name === undefined) return [];
    const url = new URL(name, base);
    if (url.origin !== new URL(base).origin) return [];
    return [{ ...cue, text: '', picture: { url: url.href, left: Number(left), top: Number(top), width: Number(width), height: Number(height) } }];
  });
}

/** The cues of a moment, oldest first. */
export function cuesAt(cues: readonly Cue[], at_s: number, most = 6): Cue[] {
  return cues.filter((cue) => cue.start_s <= at_s && at_s < cue.stop_s).slice(-most);
}
