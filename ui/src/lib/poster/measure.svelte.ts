/** Widths of words as the browser will really set them: asked of SVG text itself, so that nothing runs over an edge. */

import type { Place } from './compositions';

const SIZE = 100;
const NAMESPACE = 'http://www.w3.org/2000/svg';
/** Whose letters posters are set in. */
const FAMILY = 'Bricolage';
const MOST_KEPT = 4000;

let ruler: SVGTextElement | null = null;
const kept = new Map<string, number>();
let generation = $state(0);

/** Grows whenever a font has come and earlier measures may be wrong. */
export function fontGeneration(): number {
  return generation;
}

document.fonts.addEventListener('loadingdone', ({ fontfaces }) => {
  if (!fontfaces.some(({ family }) => family.includes(FAMILY))) return;
  kept.clear();
  generation += 1;
});

/** Set a text, unless it is the one that was set last: what is asked of it then costs no layout. */
function set(text: string, face: Place['face']): SVGTextElement {
  if (ruler === null) {
    const sheet = document.createElementNS(NAMESPACE, 'svg');
    sheet.setAttribute('class', 'poster-ruler');
    sheet.setAttribute('aria-hidden', 'true');
    ruler = document.createElementNS(NAMESPACE, 'text');
    ruler.setAttribute('font-size', String(SIZE));
    sheet.append(ruler);
    document.body.append(sheet);
  }
  const worn = `poster-face ${face}`;
  if (ruler.getAttribute('class') !== worn) ruler.setAttribute('class', worn);
  if (ruler.textContent !== text) ruler.textContent = text;
  return ruler;
}

/** What measures parts of a text, each in units of its size. The text is set once, and words that stand in it are read off it. */
export function measureIn(text: string, face: Place['face']): (part: string) => number {
  const whole = text.split(' ').filter((word) => word !== '').join(' ');
  const find = (part: string): number => ` ${whole} `.indexOf(` ${part} `);
  return (part) => {
    const key = `${face}:${part}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const at = find(part);
    const inside = at >= 0 && set(whole, face).getNumberOfChars() === whole.length;
    const width = (inside ? set(whole, face).getSubStringLength(at, part.length) : set(part, face).getComputedTextLength()) / SIZE;
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(key, width);
    return width;
  };
}
