/** The map of the seek bar's pictures: WebVTT whose cues name a part of a sprite. Pure. */

export interface Tile {
  start_s: number;
  stop_s: number;
  url: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

const ENTRY = /(?:(\d+):)?(\d{1,2}):(\d{1,2})[.,](\d{3})\s+-->\s+(?:(\d+):)?(\d{1,2}):(\d{1,2})[.,](\d{3})[^\n]*\r?\n([^\s#"'()\\]+)#xywh=(?:pixel:)?(\d{1,5}),(\d{1,5}),(\d{1,4}),(\d{1,4})/gu;

function clock(h: string | undefined, min: string | undefined, s: string | undefined, ms: string | undefined): number {
  return Number(h ?? 0) * 3600 + Number(min) * 60 + Number(s) + Number(ms) / 1000;
}

/** Addresses are read beside the map's own, and only our own server is asked for pictures. */
export function readTiles(text: string, base: string): Tile[] {
  const tiles: Tile[] = [];
  for (const [, h1, m1, s1, p1, h2, m2, s2, p2, name, x, y, width, height] of text.matchAll(ENTRY)) {
    const url = new URL(name ?? '', base);
    if (url.origin !== new URL(base).origin) continue;
    tiles.push({ start_s: clock(h1, m1, s1, p1), stop_s: clock(h2, m2, s2, p2), url: url.href, x: Number(x), y: Number(y), width: Number(width), height: Number(height) });
  }
  return tiles.sort((a, b) => a.start_s - b.start_s);
}

export function tileAt(tiles: readonly Tile[], at_s: number): Tile | null {
  let [low, high] = [0, tiles.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tiles[middle]?.start_s ?? 0) <= at_s) low = middle + 1;
    else high = middle;
  }
  const tile = tiles[low - 1];
  return tile !== undefined && at_s < tile.stop_s ? tile : null;
}
