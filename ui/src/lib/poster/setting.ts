/** Setting a title: the largest size at which it fits its place, broken by measure. Pure but for the measure it is given. */

export interface Setting {
  size: number;
  lines: string[];
}

export interface Bounds {
  width: number;
  height: number;
  largest: number;
  smallest: number;
}

export const LEADING = 0.92;

type Measure = (text: string) => number;

const SHAVE = 0.94;

export function setTitle(title: string, bounds: Bounds, measure: Measure): Setting {
  const words = title.split(' ').filter((word) => word !== '');
  const widest = Math.max(...words.slice(0, 24).map(measure));
  const whole = Math.max(bounds.smallest, Math.min(bounds.largest, bounds.width / widest));
  for (let size = whole; size >= bounds.smallest; size *= SHAVE) {
    const lines = breakLines(words, bounds.width / size, measure);
    if (lines !== null && lines.length * size * LEADING <= bounds.height) return { size, lines: balance(words, lines, bounds.width / size, measure) };
  }
  const size = bounds.smallest;
  const room = Math.max(1, Math.floor(bounds.height / (size * LEADING)));
  return { size, lines: cut(words, bounds.width / size, room, measure) };
}

/** Greedy lines, or null when a word alone is too wide. */
function breakLines(words: readonly string[], width: number, measure: Measure): string[] | null {
  const lines: string[] = [];
  for (const word of words) {
    if (measure(word) > width + 1e-6) return null;
    const joined = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && measure(joined) <= width) lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  return lines;
}

/** As many lines, as even as they can be. */
function balance(words: readonly string[], lines: string[], width: number, measure: Measure): string[] {
  let best = lines;
  for (let narrow = width * 0.96; narrow > width * 0.4; narrow *= 0.94) {
    const tried = breakLines(words, narrow, measure);
    if (tried === null || tried.length > lines.length) break;
    best = tried;
  }
  return best;
}

/** As much as there is room for: long words are broken between letters, the rest becomes an ellipsis. */
function cut(words: readonly string[], width: number, room: number, measure: Measure): string[] {
  const lines: string[] = [''];
  const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  for (const word of words) {
    const last = lines.at(-1) ?? '';
    const joined = last === '' ? word : `${last} ${word}`;
    if (measure(joined) <= width) {
      lines[lines.length - 1] = joined;
      continue;
    }
    if (last !== '') lines.push('');
    for (const { segment } of letters.segment(word)) {
      if (measure((lines.at(-1) ?? '') + segment) > width && lines.at(-1) !== '') lines.push('');
      lines[lines.length - 1] += segment;
      if (lines.length > room) break;
    }
    if (lines.length > room) break;
  }
  if (lines.length <= room) return lines;
  let end = lines[room - 1] ?? '';
  while (end !== '' && measure(`${end}…`) > width) end = Array.from(end).slice(0, -1).join('');
  return [...lines.slice(0, room - 1), `${end.trimEnd()}…`];
}
