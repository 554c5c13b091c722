/** Colours of the posters we draw: a palette by decade, and only pairs that can be read. Pure. */

export interface Palette {
  ground: string;
  ink: string;
  colour: string;
}

const BY_DECADE: readonly [before: number, palette: Palette][] = [
  [1920, { ground: '#E9D8A6', ink: '#9B2226', colour: '#0A3D46' }],
  [1940, { ground: '#E8E2D0', ink: '#1F1B24', colour: '#B23A2E' }],
  [1960, { ground: '#D8C7B0', ink: '#3A2E39', colour: '#C9792B' }],
  [2000, { ground: '#F2C14E', ink: '#1D3557', colour: '#D1495B' }],
  [Infinity, { ground: '#BFD7EA', ink: '#2B2D42', colour: '#FF7F51' }],
];

/** The palette of a year; without a year the seed chooses. Every third title has ground and colour change places. */
export function paletteOf(year: number | null, seed: number): Palette {
  const entry = year === null ? BY_DECADE[seed % BY_DECADE.length] : BY_DECADE.find(([before]) => year < before);
  const palette = (entry ?? BY_DECADE[0]!)[1];
  return (seed >>> 8) % 3 === 0 ? { ...palette, ground: palette.colour, colour: palette.ground } : palette;
}

/** How light a colour is: 0 black, 1 white. */
export function luminance(hex: string): number {
  const channel = (at: number): number => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

export function contrast(a: string, b: string): number {
  const [one, two] = [luminance(a), luminance(b)];
  return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
}

const ENOUGH = 4.5;

/** The first of these colours that can be read on the ground, or else the one that reads best. */
export function readable(on: string, ...wanted: string[]): string {
  const all = [...wanted, '#FBF4E6', '#17121B'];
  return all.find((colour) => contrast(on, colour) >= ENOUGH) ?? all.reduce((a, b) => (contrast(on, a) >= contrast(on, b) ? a : b));
}
