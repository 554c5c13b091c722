/** How subtitles look, for every film in this browser. */

import { recall, remember } from '../store';

export const SIZES = [0.75, 1, 1.3, 1.7, 2.2] as const;
export const COLOURS = ['white', 'warm', 'yellow', 'green'] as const;
export const GROUNDS = ['shadow', 'box', 'none'] as const;
export const PLACES = ['low', 'raised', 'high'] as const;

export interface LookValues {
  size: number;
  colour: (typeof COLOURS)[number];
  ground: (typeof GROUNDS)[number];
  place: (typeof PLACES)[number];
}

const PLAIN: LookValues = { size: 1, colour: 'white', ground: 'shadow', place: 'low' };

function kept(): LookValues {
  try {
    const read = JSON.parse(recall('subtitles') ?? '{}') as Partial<LookValues>;
    const known = <T>(value: T | undefined, list: readonly T[], plain: T): T => (value !== undefined && list.includes(value) ? value : plain);
    return {
      size: known(read.size, SIZES as readonly number[], PLAIN.size),
      colour: known(read.colour, COLOURS, PLAIN.colour),
      ground: known(read.ground, GROUNDS, PLAIN.ground),
      place: known(read.place, PLACES, PLAIN.place),
    };
  } catch {
    return { ...PLAIN };
  }
}

export const look = $state(kept());

export function setLook(change: Partial<LookValues>): void {
  Object.assign(look, change);
  remember('subtitles', JSON.stringify(look));
}
