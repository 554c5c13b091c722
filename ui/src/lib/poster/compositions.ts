/** The posters we draw: each composition is a handful of flat shapes and one place for the title. Pure. */

import { readable, type Palette } from './palette';
import { box, circle, dome, HEIGHT, hill, lens, polygon, quarter, wedge, WIDTH } from './shapes';
import type { Draw } from './seed';

export interface Shape {
  d: string;
  fill: string;
}

/** Where the title stands, and in which hand it is written. */
export interface Place {
  top: number;
  height: number;
  /** At the top of the sheet the year comes first, at the bottom last. */
  at: 'top' | 'bottom';
  fill: string;
  face: 'wide' | 'narrow' | 'capitals';
}

export interface Composition {
  ground: string;
  shapes: Shape[];
  place: Place;
  /** The first letter of the title, huge and cropped, in place of shapes. */
  initial?: string;
}

type Compose = (palette: Palette, draw: Draw) => Composition;

const below = (top: number, fill: string, face: Place['face'] = 'wide'): Place => ({ top, height: HEIGHT - top - 16, at: 'bottom', fill, face });
const above = (height: number, fill: string, face: Place['face'] = 'wide'): Place => ({ top: 16, height, at: 'top', fill, face });

const summit: Compose = ({ ground, ink, colour }, draw) => {
  const x = draw(84, 156);
  const peak = draw(70, 170);
  return {
    ground,
    shapes: [
      { d: circle(x, 112, draw(62, 78)), fill: colour },
      { d: polygon([-20, 236], [peak, draw(112, 140)], [peak + 52, 204], [WIDTH + 10, draw(160, 186)], [WIDTH, HEIGHT], [0, HEIGHT]), fill: ink },
    ],
    place: below(218, readable(ink, ground, colour)),
  };
};

const beam: Compose = ({ ground, ink, colour }, draw) => {
  const [x, y] = [draw(186, 206), draw(34, 52)];
  return {
    ground: ink,
    shapes: [
      { d: polygon([x, y], [-10, draw(86, 118)], [-10, 226], [draw(40, 84), 226]), fill: colour },
      { d: polygon([x, y], [-10, draw(146, 172)], [-10, 226], [4, 226]), fill: ground },
      { d: circle(x, y, 17), fill: ground },
    ],
    place: below(236, readable(ink, ground, colour)),
  };
};

const sliced: Compose = ({ ground, ink, colour }, draw) => {
  const r = draw(80, 94);
  const y = 28 + r;
  const cuts: Shape[] = [0.12, 0.34, 0.54, 0.72, 0.88].map((at, step) => ({ d: box(0, y + r * at, WIDTH, 3 + step * 2.4), fill: ground }));
  return { ground, shapes: [{ d: circle(draw(104, 136), y, r), fill: colour }, ...cuts], place: below(222, readable(ground, ink, colour)) };
};

const arches: Compose = ({ ground, ink, colour }, draw) => {
  const x = draw(100, 140);
  return {
    ground,
    shapes: [
      { d: dome(x, 208, 150), fill: colour },
      { d: dome(x, 208, 112), fill: ink },
      { d: dome(x, 208, 76), fill: ground },
      { d: dome(x, 208, 40), fill: colour },
      { d: box(0, 208, WIDTH, HEIGHT - 208), fill: ground },
    ],
    place: below(220, readable(ground, ink, colour)),
  };
};

const stairs: Compose = ({ ground, ink, colour }, draw) => {
  const shapes: Shape[] = [];
  const step = WIDTH / 5;
  for (let at = 0; at < 5; at += 1) shapes.push({ d: box(at * step, 330 - at * 34, step + 0.5, HEIGHT), fill: colour });
  const on = Math.floor(draw(1, 4));
  shapes.push({ d: circle((on + 0.5) * step, 330 - on * 34 - 21, 21), fill: ink });
  return { ground, shapes, place: above(150, readable(ground, ink, colour)) };
};

const eye: Compose = ({ ground, ink, colour }, draw) => {
  const y = draw(104, 118);
  const look = draw(-26, 26);
  return {
    ground: colour,
    shapes: [
      { d: lens(120, y, 112, draw(66, 78)), fill: ground },
      { d: circle(120 + look, y, 46), fill: ink },
      { d: circle(120 + look * 1.3, y - 6, 17), fill: colour },
    ],
    place: below(214, readable(colour, ink, ground)),
  };
};

const torn: Compose = ({ ground, ink, colour }, draw) => {
  const shapes: Shape[] = [];
  const tall = Math.floor(draw(1, 4));
  for (let at = 0; at < 5; at += 1) {
    const [left, right, foot] = [at * 48 + draw(1, 7), at * 48 + 48 - draw(1, 7), at === tall ? 208 : draw(66, 176)];
    shapes.push({ d: polygon([left + draw(-3, 3), -4], [right + draw(-3, 3), -4], [right, foot + draw(-13, 13)], [left, foot]), fill: at === tall ? ink : colour });
  }
  return { ground, shapes, place: below(222, readable(ground, ink, colour), 'narrow') };
};

const bars: Compose = ({ ground, ink, colour }, draw) => {
  const lean = draw(-46, 46);
  const shapes: Shape[] = [0, 1, 2, 3, 4, 5].map((at) => {
    const [x, wide] = [at * 42 - 6, 6 + at * 5.4];
    return { d: polygon([x + lean, -4], [x + lean + wide, -4], [x + wide, 214], [x, 214]), fill: colour };
  });
  return { ground, shapes: [...shapes, { d: circle(draw(76, 164), draw(84, 128), draw(40, 54)), fill: ink }], place: below(224, readable(ground, ink, colour)) };
};

const door: Compose = ({ ground, ink, colour }, draw) => {
  const x = draw(62, 112);
  return {
    ground: ink,
    shapes: [
      { d: polygon([x, 36], [x + 66, 36], [x + 66, 216], [x, 216]), fill: colour },
      { d: polygon([x, 216], [x + 66, 216], [WIDTH + 30, HEIGHT], [draw(40, 90), HEIGHT]), fill: colour },
      { d: `${circle(x + 33, 112, 15)}${polygon([x + 18, 216], [x + 22, 134], [x + 44, 134], [x + 48, 216])}`, fill: ink },
      { d: box(0, 262, WIDTH, HEIGHT), fill: ink },
    ],
    place: below(268, readable(ink, ground, colour), 'narrow'),
  };
};

const hills: Compose = ({ ground, ink, colour }, draw) => ({
  ground,
  shapes: [
    { d: circle(draw(60, 180), draw(70, 96), draw(34, 46)), fill: ink },
    { d: hill(draw(140, 176), draw(40, 70), draw(130, 176)), fill: colour },
    { d: hill(draw(206, 220), draw(-30, 24), draw(202, 218)), fill: ink },
  ],
  place: below(232, readable(ink, ground, colour)),
});

const tiles: Compose = ({ ground, ink, colour }, draw) => {
  const shapes: Shape[] = [];
  for (let row = 0; row < 2; row += 1) {
    for (let column = 0; column < 3; column += 1) {
      const [x, y] = [column * 80, row * 80 + 24];
      const fills = draw(0, 1) < 0.5 ? [colour, ink] : [ink, ground];
      shapes.push({ d: box(x, y, 80.4, 80.4), fill: fills[0]! }, { d: quarter(x, y, 80.4, Math.floor(draw(0, 4))), fill: fills[1]! });
    }
  }
  return { ground, shapes, place: below(200, readable(ground, ink, colour), 'narrow') };
};

const initial: Compose = ({ ground, ink, colour }) => ({ ground, shapes: [], initial: colour, place: below(238, readable(ground, ink, colour)) });

const rays: Compose = ({ ground, ink, colour }, draw) => {
  const [x, turn] = [draw(90, 150), draw(0, 0.2)];
  const shapes: Shape[] = [];
  for (let at = 0; at < 9; at += 1) shapes.push({ d: wedge(x, 212, 340, turn + at * 0.36, turn + at * 0.36 + 0.18), fill: colour });
  shapes.push({ d: box(0, 212, WIDTH, HEIGHT), fill: ground }, { d: dome(x, 212, draw(44, 60)), fill: ink });
  return { ground, shapes, place: below(224, readable(ground, ink, colour)) };
};

const rings: Compose = ({ ground, ink, colour }, draw) => {
  const [dx, dy] = [draw(-7, 7), draw(2, 7)];
  const fills = [ink, colour, ground, ink, colour, ground];
  return {
    ground: colour === '' ? ground : ink,
    shapes: [104, 86, 68, 50, 33, 16].map((r, at) => ({ d: circle(120 + dx * at, 114 + dy * at * 0.6, r), fill: fills[(at + 1) % 6]! })),
    place: below(230, readable(ink, ground, colour)),
  };
};

const curtain: Compose = ({ ground, ink, colour }, draw) => {
  const shapes: Shape[] = [{ d: circle(120, 196, draw(66, 84)), fill: ground }];
  for (let at = 0; at < 5; at += 1) {
    const [w, drop] = [20, 214 - at * at * 9.4];
    for (const x of [at * w, WIDTH - (at + 1) * w]) shapes.push({ d: `${box(x, 0, w, drop)}${dome(x + w / 2, drop, w / 2).replace('0 0 1', '0 0 0')}`, fill: at % 2 === 0 ? colour : ground });
  }
  shapes.push({ d: box(0, 226, WIDTH, HEIGHT), fill: ink });
  return { ground: ink, shapes, place: below(234, readable(ink, ground, colour)) };
};

const reel: Compose = ({ ground, ink, colour }, draw) => {
  const [x, y, turn] = [draw(130, 170), 262, draw(0, 1.2)];
  const holes = [0, 1, 2, 3, 4].map((at) => ({ d: circle(x + 66 * Math.cos(turn + at * 1.2566), y + 66 * Math.sin(turn + at * 1.2566), 25), fill: ground }));
  return { ground, shapes: [{ d: circle(x, y, 112), fill: colour }, ...holes, { d: circle(x, y, 13), fill: ink }], place: above(122, readable(ground, ink, colour)) };
};

const city: Compose = ({ ground, ink, colour }, draw) => {
  const shapes: Shape[] = [{ d: circle(draw(50, 190), draw(60, 84), draw(30, 42)), fill: colour }];
  for (let x = 0; x < WIDTH; x += 40) {
    const top = draw(104, 196);
    shapes.push({ d: box(x, top, 40.5, HEIGHT), fill: ink });
    for (let y = top + 12; y < 216; y += 20) if (draw(0, 1) < 0.42) shapes.push({ d: box(x + (draw(0, 1) < 0.5 ? 9 : 23), y, 8, 10), fill: colour });
  }
  shapes.push({ d: box(0, 226, WIDTH, HEIGHT), fill: ink });
  return { ground, shapes, place: below(236, readable(ink, ground, colour), 'narrow') };
};

const road: Compose = ({ ground, ink, colour }, draw) => {
  const x = draw(80, 160);
  return {
    ground,
    shapes: [
      { d: dome(x, 196, draw(46, 62)), fill: colour },
      { d: box(0, 196, WIDTH, HEIGHT), fill: ink },
      { d: polygon([x - 3, 196], [x + 3, 196], [draw(200, 290), HEIGHT], [draw(-50, 40), HEIGHT]), fill: colour },
      ...[0, 1, 2, 3].map((at) => ({ d: box(x - 1.5 - at * 1.4, 206 + at * at * 12 + at * 10, 3 + at * 2.8, 8 + at * 9), fill: ground })),
    ],
    place: above(126, readable(ground, ink, colour)),
  };
};

const split: Compose = ({ ground, ink, colour }, draw) => {
  const [high, low] = [draw(150, 190), draw(206, 240)];
  return {
    ground,
    shapes: [
      { d: polygon([0, low], [WIDTH, high], [WIDTH, HEIGHT], [0, HEIGHT]), fill: ink },
      { d: circle(draw(70, 170), (high + low) / 2, 34), fill: colour },
    ],
    place: above(draw(118, 126), readable(ground, ink, colour), 'capitals'),
  };
};

export const COMPOSITIONS: readonly Compose[] = [
  summit, beam, sliced, arches, stairs, eye, torn, hills, tiles, initial, rays, rings, curtain, reel, city, road, split, bars, door,
];
