/** Pictures that makers gave their films: asked for by what is seen, and asked for again once the server says that one has come. */

import { SvelteMap } from 'svelte/reactivity';

export interface Shown {
  path: string;
  src: string;
  /** Higher than wide: a poster. Otherwise it is a still. */
  upright: boolean;
  /** Its own pixels. */
  width: number;
}

/** Less is too little to be thrown onto a wall. */
const WALL_WIDTH = 640;
const SHARP = 1.3;

class Pictures {
  readonly #turns = new SvelteMap<string, number>();

  /** Grows when a picture of a title has come. */
  turn(path: string): number {
    return this.turnOf(path.split('/')[2] ?? '');
  }

  turnOf(id: string): number {
    return this.#turns.get(id) ?? 0;
  }

  came(id: string): void {
    this.#turns.set(id, (this.#turns.get(id) ?? 0) + 1);
  }
}

export const pictures = new Pictures();

/** Load and decode one, so that it can be shown at once; null where it is not there yet. */
async function load(path: string, width: number, least: number): Promise<Shown | null> {
  const image = new Image();
  const src = `${path}-${width}.webp`;
  image.src = src;
  try {
    await image.decode();
  } catch {
    return null; // the server answers without a picture until it has one
  }
  return image.naturalWidth < least ? null : { path, src, upright: image.naturalHeight > image.naturalWidth * 1.1, width: image.naturalWidth };
}

const STILL_WIDTH = 960;

/** By its last part: a title may be called so too. */
function isStill(path: string): boolean {
  return path.split('/').at(-1)?.startsWith('still-') ?? false;
}

/** `large` where it is shown as large as it is. A still may stand for it. */
export const loadPoster = (path: string, large: boolean): Promise<Shown | null> => load(path, isStill(path) ? STILL_WIDTH : large || devicePixelRatio > SHARP ? 480 : 240, 0);

export const loadStill = (path: string): Promise<Shown | null> => load(path, STILL_WIDTH, 0);

export const loadBackdrop = (path: string): Promise<Shown | null> => load(path, 1280, WALL_WIDTH);
