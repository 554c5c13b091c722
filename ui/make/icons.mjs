/** Draws the icon as PNG, where SVG is not taken: phones, desktops. It knows what `public/icon.svg` is made of, and no more. */

import { deflateSync, crc32 } from 'node:zlib';

const VIEW = 64;
/** A launcher may cut a maskable icon down to a circle of four fifths of its width. */
const SAFE = 0.8;
const SAMPLES = 3;

/** How each is to be drawn: `whole` leaves no corner transparent, `safe` keeps what matters within the circle. */
export const ICONS = [
  { name: 'icon-192.png', size: 192, whole: false, safe: false },
  { name: 'icon-512.png', size: 512, whole: false, safe: false },
  { name: 'icon-maskable-512.png', size: 512, whole: true, safe: true },
  { name: 'apple-touch-icon.png', size: 180, whole: true, safe: false },
];

const MADE_OF = ['svg', 'clipPath', 'g', 'rect', 'polygon', 'circle'];

/** Read rectangles, polygons and circles, in the order in which they are painted; throws on anything else. */
export function read(svg) {
  const shapes = [];
  let corner = 0;
  for (const [, name, rest] of svg.matchAll(/<([a-zA-Z]+)([^>]*)>/gu)) {
    if (!MADE_OF.includes(name)) throw new Error(`The icon has a <${name}>, which cannot be drawn.`);
    const its = Object.fromEntries([...rest.matchAll(/([a-z]+)="([^"]*)"/giu)].map(([, key, value]) => [key, value]));
    if (name === 'rect' && its.rx !== undefined) corner = Number(its.rx);
    else if (its.fill !== undefined) shapes.push({ covers: shapeOf(name, its), colour: colourOf(its.fill), alpha: Number(its.opacity ?? 1) });
  }
  return { shapes, corner };
}

function colourOf(fill) {
  const found = /^#([0-9A-F]{2})([0-9A-F]{2})([0-9A-F]{2})$/iu.exec(fill);
  if (found === null) throw new Error(`The icon has the colour ${fill}, which cannot be read.`);
  return found.slice(1).map((part) => parseInt(part, 16));
}

function shapeOf(name, its) {
  if (name === 'rect') return (x, y) => x >= 0 && y >= 0 && x < Number(its.width) && y < Number(its.height);
  if (name === 'circle') return (x, y) => Math.hypot(x - Number(its.cx), y - Number(its.cy)) < Number(its.r);
  const points = its.points.split(' ').map((point) => point.split(',').map(Number));
  return (x, y) =>
    points.reduce((inside, [ax, ay], at) => {
      const [bx, by] = points[(at + 1) % points.length];
      return ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax ? !inside : inside;
    }, false);
}

/** Whether a place of the room is within its round corners. */
function within(x, y, corner) {
  const nearest = (at) => Math.min(Math.max(at, corner), VIEW - corner);
  return Math.hypot(x - nearest(x), y - nearest(y)) <= corner;
}

/** Paint one place: red, green, blue, and how much of it is covered. */
function paint({ shapes, corner }, x, y, { whole, safe }) {
  if (!whole && !within(x, y, corner)) return [0, 0, 0, 0];
  const at = (place) => (safe ? (place - VIEW / 2) / SAFE + VIEW / 2 : place);
  // The wall goes on to the edge, however small what hangs on it is drawn.
  let [painted] = shapes.map((shape) => shape.colour);
  for (const { covers, colour, alpha } of shapes.slice(1)) {
    if (covers(at(x), at(y))) painted = painted.map((part, nth) => part * (1 - alpha) + colour[nth] * alpha);
  }
  return [...painted, 1];
}

/** Draw it: the bytes of a PNG. */
export function draw(svg, { size, whole, safe }) {
  const icon = read(svg);
  const rows = Buffer.alloc(size * (size * 4 + 1));
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const sum = [0, 0, 0, 0];
      for (let sample = 0; sample < SAMPLES * SAMPLES; sample += 1) {
        const place = (at, nth) => ((at + (nth + 0.5) / SAMPLES) * VIEW) / size;
        const [red, green, blue, alpha] = paint(icon, place(column, sample % SAMPLES), place(row, Math.floor(sample / SAMPLES)), { whole, safe });
        [red * alpha, green * alpha, blue * alpha, alpha].forEach((part, nth) => (sum[nth] += part));
      }
      const to = row * (size * 4 + 1) + 1 + column * 4;
      for (let nth = 0; nth < 3; nth += 1) rows[to + nth] = Math.round(sum[nth] / (sum[3] || 1));
      rows[to + 3] = Math.round((sum[3] / SAMPLES ** 2) * 255);
    }
  }
  return png(size, rows);
}

function png(size, rows) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(name, data) {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const whole = Buffer.alloc(named.length + 8);
  whole.writeUInt32BE(data.length, 0);
  named.copy(whole, 4);
  whole.writeUInt32BE(crc32(named), named.length + 4);
  return whole;
}
