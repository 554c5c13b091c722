/** The little markup that subtitles carry, as runs of text: italic, bold, underlined, and nothing else. Pure. */

export interface Run {
  text: string;
  italic: boolean;
  bold: boolean;
  underlined: boolean;
}

const MARK = /<(\/?)([a-z]+)(?:[.\s][^<>]*)?>|<\d[\d:.]*>|\{\\[^{}]*\}|&(amp|lt|gt|nbsp|lrm|rlm|quot|#\d{1,6}|#x[0-9a-f]{1,5});/giu;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', nbsp: '\u00a0', lrm: '\u200e', rlm: '\u200f', quot: '"' };
const DRAWN = new Set(['i', 'b', 'u']);
const KNOWN = new Set([...DRAWN, 'c', 'v', 'lang', 'ruby', 'rt', 'font', 'em', 'strong', 's', 'span']);

function letter(entity: string): string {
  const named = ENTITIES[entity.toLowerCase()];
  if (named !== undefined) return named;
  const code = entity[1]?.toLowerCase() === 'x' ? parseInt(entity.slice(2), 16) : Number(entity.slice(1));
  return code > 31 && code < 0x11_0000 && !(code >= 0xd800 && code < 0xe000) ? String.fromCodePoint(code) : '';
}

/** Whatever is no mark that we know stays as it was written. */
export function readMarkup(text: string): Run[] {
  const runs: Run[] = [];
  const depth: Record<string, number> = { i: 0, b: 0, u: 0 };
  const say = (said: string): void => {
    if (said === '') return;
    const run = { text: said, italic: (depth['i'] ?? 0) > 0, bold: (depth['b'] ?? 0) > 0, underlined: (depth['u'] ?? 0) > 0 };
    const last = runs.at(-1);
    if (last !== undefined && last.italic === run.italic && last.bold === run.bold && last.underlined === run.underlined) last.text += said;
    else runs.push(run);
  };
  let from = 0;
  for (const found of text.matchAll(MARK)) {
    const name = found[2]?.toLowerCase();
    if (name !== undefined && !KNOWN.has(name)) continue;
    say(text.slice(from, found.index));
    from = found.index + found[0].length;
    if (found[3] !== undefined) say(letter(found[3]));
    if (name === undefined) continue;
    const drawn = name === 'em' ? 'i' : name === 'strong' ? 'b' : name;
    if (DRAWN.has(drawn)) depth[drawn] = Math.max(0, (depth[drawn] ?? 0) + (found[1] === '/' ? -1 : 1));
  }
  say(text.slice(from));
  return runs;
}
