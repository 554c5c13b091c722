/** A whole poster from a title and its year. */

import { visible } from '../title';
import { COMPOSITIONS, type Composition, type Shape } from './compositions';
import { measureIn } from './measure.svelte';
import { luminance, paletteOf, type Palette } from './palette';
import { drawFrom, seedOf } from './seed';
import { LEADING, setTitle } from './setting';
import { HEIGHT, WIDTH } from './shapes';

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

/** A poster's picture without its words, in the colours of a room: its ground is the room's own wall. */
export interface Scene {
  shapes: Shape[];
  /** Where fills that are null let the wall be seen. */
  view: string;
  initial: string | null;
  letter: string;
}

const DARK = 0.12;
/** Of the sheet's height: what a picture fills of it at most. */
const PICTURE = 0.62;

/** `key` is what a title is always called, whatever it is called here: the same title always gets the same poster. */
function posterSeed(key: string, year: number | null): number {
  return seedOf(`${key.toLowerCase()}|${year ?? ''}`);
}

/** The first letter that counts. */
function letterOf(title: string): string {
  return (Array.from(title.replace(/^(?:the|a|an|le|la|les|l[’'])\s*/iu, ''))[0] ?? '…').toLocaleUpperCase();
}

/** Draw the picture as it would be on a wall that is dark, or light: where the poster's ground is neither, it changes places with the ink. */
export function drawScene(title: string, year: number | null, isDark: boolean, key = title): Scene {
  const seed = posterSeed(key, year);
  const palette = paletteOf(year, seed);
  const [dark, light] = luminance(palette.ground) < luminance(palette.ink) ? [palette.ground, palette.ink] : [palette.ink, palette.ground];
  const compose = COMPOSITIONS[(seed >>> 16) % COMPOSITIONS.length]!;
  let made = compose(palette, drawFrom(seed));
  if (luminance(made.ground) < DARK !== isDark) {
    const fits = [{ ...palette, ground: palette.ink, ink: palette.ground }, { ground: palette.ink, ink: palette.colour, colour: palette.ground }, { ground: palette.colour, ink: palette.ink, colour: palette.ground }];
    made = fits.map((one) => compose(one, drawFrom(seed))).find((one) => luminance(one.ground) < DARK === isDark) ?? made;
  }
  const { top, height, at } = made.place;
  const wall = isDark ? dark : light;
  return {
    shapes: made.shapes.map(({ d, fill }) => ({ d, fill: fill === made.ground || fill === wall ? 'var(--bg)' : fill })),
    view: at === 'bottom' ? `0 0 ${WIDTH} ${Math.min(top, HEIGHT * PICTURE)}` : `0 ${top + height} ${WIDTH} ${HEIGHT - top - height}`,
    initial: made.initial ?? null,
    letter: letterOf(title),
  };
}

export function drawPoster(named: string, year: number | null, key = named): Poster {
  const title = visible(named);
  const seed = posterSeed(key, year);
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
    measureIn(text, place.face),
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
    letter: letterOf(title),
    size: setting.size,
    lines: setting.lines.map((line, at) => ({ text: line, y: first + at * step })),
    x: rightToLeft ? WIDTH - MARGIN : MARGIN,
    rightToLeft,
    yearY: place.at === 'top' ? place.top + 12 : place.top + place.height - 1,
  };
}
