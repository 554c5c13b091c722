/** A whole poster from a title and its year. */

import { COMPOSITIONS, type Composition } from './compositions';
import { widthOf } from './measure.svelte';
import { paletteOf, type Palette } from './palette';
import { drawFrom, seedOf } from './seed';
import { LEADING, setTitle } from './setting';
import { WIDTH } from './shapes';

export interface Line {
  text: string;
  y: number;
}

export interface Poster extends Composition {
  palette: Palette;
  letter: string;
  size: number;
  lines: Line[];
  x: number;
  rightToLeft: boolean;
  yearY: number;
}

const MARGIN = 16;
const YEAR_ROOM = 22;
const ASCENT = 0.76;
const RIGHT_TO_LEFT = /^[^\p{L}]*[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

export function drawPoster(title: string, year: number | null): Poster {
  const seed = seedOf(`${title.toLowerCase()}|${year ?? ''}`);
  const draw = drawFrom(seed);
  const palette = paletteOf(year, seed);
  const compose = COMPOSITIONS[(seed >>> 16) % COMPOSITIONS.length]!;
  const made = compose(palette, draw);
  const { place } = made;
  const text = place.face === 'capitals' ? title.toLocaleUpperCase() : title;
  const room = year === null ? 0 : YEAR_ROOM;
  const setting = setTitle(
    text,
    { width: WIDTH - 2 * MARGIN, height: place.height - room, largest: place.face === 'wide' ? 58 : 64, smallest: 15 },
    (part) => widthOf(part, place.face),
  );
  const step = setting.size * LEADING;
  const first =
    place.at === 'top'
      ? place.top + room + setting.size * ASCENT
      : place.top + place.height - room - step * (setting.lines.length - 1) - setting.size * 0.1;
  const rightToLeft = RIGHT_TO_LEFT.test(title);
  return {
    ...made,
    palette,
    letter: (Array.from(title.replace(/^(?:the|a|an|le|la|les|l[’'])\s*/iu, ''))[0] ?? '…').toLocaleUpperCase(),
    size: setting.size,
    lines: setting.lines.map((line, at) => ({ text: line, y: first + at * step })),
    x: rightToLeft ? WIDTH - MARGIN : MARGIN,
    rightToLeft,
    yearY: place.at === 'top' ? place.top + 12 : place.top + place.height - 1,
  };
}
