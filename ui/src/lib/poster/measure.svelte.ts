/** Widths of words as the browser will really set them: asked of SVG text itself, so that nothing runs over an edge. */

import type { Place } from './compositions';

const SIZE = 100;
const NAMESPACE = 'http://www.w3.org/2000/svg';
const MOST_KEPT = 4000;

let ruler: SVGTextElement | null = null;
const kept = new Map<string, number>();
let generation = $state(0);

/** Grows whenever a font has come and earlier measures may be wrong. */
export function fontGeneration(): number {
  return generation;
}

document.fonts.addEventListener('loadingdone', () => {
  kept.clear();
  generation += 1;
});

/** Width of a text, in units of its size. */
export function widthOf(text: string, face: Place['face']): number {
  const key = `${face}:${text}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  if (ruler === null) {
    const sheet = document.createElementNS(NAMESPACE, 'svg');
    sheet.setAttribute('class', 'poster-ruler');
    sheet.setAttribute('aria-hidden', 'true');
    ruler = document.createElementNS(NAMESPACE, 'text');
    ruler.setAttribute('font-size', String(SIZE));
    sheet.append(ruler);
    document.body.append(sheet);
  }
  ruler.setAttribute('class', `poster-face ${face}`);
  ruler.textContent = text;
  const width = ruler.getComputedTextLength() / SIZE;
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, width);
  return width;
}
