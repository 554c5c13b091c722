/** How subtitles look: as they looked last with this film or series, else as they looked last with any. */

import { ANY_SERIES } from '../inherit';
import { keepTaste, tasteFor } from '../taste';

export const SIZES = [0.75, 1, 1.3, 1.7, 2.2] as const;
export const COLOURS = ['white', 'warm', 'yellow', 'green'] as const;
export const GROUNDS = ['shadow', 'box', 'none'] as const;
export const PLACES = ['low', 'raised', 'high'] as const;

export interface LookValues {
  size: number;
  colour: (typeof COLOURS)[number];
  ground: (typeof GROUNDS)[number];
  place: (typeof PLACES)[number];
  /** Whether those that carry styles of their own are drawn with them. */
  styled: boolean;
}

const PLAIN: LookValues = { size: 1, colour: 'white', ground: 'shadow', place: 'low', styled: false };

function kept(text: string): LookValues {
  try {
    const read = JSON.parse(text) as Partial<LookValues>;
    const known = <T>(value: T | undefined, list: readonly T[], plain: T): T => (value !== undefined && list.includes(value) ? value : plain);
    return {
      size: known(read.size, SIZES as readonly number[], PLAIN.size),
      colour: known(read.colour, COLOURS, PLAIN.colour),
      ground: known(read.ground, GROUNDS, PLAIN.ground),
      place: known(read.place, PLACES, PLAIN.place),
      styled: read.styled === true,
    };
  } catch {
    return { ...PLAIN };
  }
}

export const look = $state<LookValues>({ ...PLAIN });
let of: string | null = null;

/** Have them look as they did with this series; what is changed from now on is kept for it too. */
export function lookAt(series: string): void {
  of = series;
  Object.assign(look, kept(tasteFor(series).look ?? tasteFor(ANY_SERIES).look ?? '{}'));
}

export function setLook(change: Partial<LookValues>): void {
  Object.assign(look, change);
  const written = JSON.stringify(look);
  keepTaste(ANY_SERIES, { look: written });
  if (of !== null) keepTaste(of, { look: written });
}
