/** A poster as a picture of its own, for places outside the page: a lock screen, a watch. */

import { drawPoster } from './draw';
import { HEIGHT, WIDTH } from './shapes';

const SIDE = 512;

/** Give it as a square PNG, at an address that holds until it is revoked; null where the browser cannot draw it. */
export async function paintPoster(title: string, year: number | null): Promise<string | null> {
  const poster = drawPoster(title, year);
  const sheet = new OffscreenCanvas(SIDE, SIDE);
  const pen = sheet.getContext('2d');
  if (pen === null) return null;
  pen.fillStyle = poster.ground;
  pen.fillRect(0, 0, SIDE, SIDE);
  const scale = SIDE / HEIGHT;
  pen.setTransform(scale, 0, 0, scale, (SIDE - WIDTH * scale) / 2, 0);
  pen.beginPath();
  pen.rect(0, 0, WIDTH, HEIGHT);
  pen.clip();
  for (const shape of poster.shapes) {
    pen.fillStyle = shape.fill;
    pen.fill(new Path2D(shape.d));
  }
  const { place } = poster;
  pen.fillStyle = place.fill;
  pen.textAlign = poster.rightToLeft ? 'right' : 'left';
  pen.fontStretch = place.face === 'wide' ? 'normal' : 'condensed';
  for (const line of poster.lines) {
    pen.font = `800 ${poster.size}px 'Bricolage Grotesque Variable', sans-serif`;
    pen.fillText(line.text, poster.x, line.y, WIDTH - 32);
  }
  return URL.createObjectURL(await sheet.convertToBlob({ type: 'image/png' }));
}
