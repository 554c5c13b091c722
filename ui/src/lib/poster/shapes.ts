/** Path data of the few forms the posters are made of, on a sheet of 240 by 360. Pure. */

export const WIDTH = 240;
export const HEIGHT = 360;

const n = (value: number): string => String(Math.round(value * 10) / 10);

export function circle(x: number, y: number, r: number): string {
  return `M${n(x - r)} ${n(y)}a${n(r)} ${n(r)} 0 1 0 ${n(2 * r)} 0a${n(r)} ${n(r)} 0 1 0 ${n(-2 * r)} 0z`;
}

export function box(x: number, y: number, w: number, h: number): string {
  return `M${n(x)} ${n(y)}h${n(w)}v${n(h)}h${n(-w)}z`;
}

export function polygon(...points: readonly (readonly [number, number])[]): string {
  return `M${points.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}z`;
}

/** The half of a disc that stands on a line. */
export function dome(x: number, floor: number, r: number): string {
  return `M${n(x - r)} ${n(floor)}a${n(r)} ${n(r)} 0 0 1 ${n(2 * r)} 0z`;
}

/** A quarter of a disc in a square of side `s`, its corner at one of the four (0 = top left, clockwise). */
export function quarter(x: number, y: number, s: number, corner: number): string {
  const [cx, cy, ax, ay, bx, by] = [
    [x, y, x + s, y, x, y + s],
    [x + s, y, x + s, y + s, x, y],
    [x + s, y + s, x, y + s, x + s, y],
    [x, y + s, x, y, x + s, y + s],
  ][corner % 4] as [number, number, number, number, number, number];
  return `M${n(cx)} ${n(cy)}L${n(ax)} ${n(ay)}A${n(s)} ${n(s)} 0 0 1 ${n(bx)} ${n(by)}z`;
}

/** Everything below a soft line from (0, left) to (WIDTH, right). */
export function hill(left: number, bend: number, right: number): string {
  return `M0 ${n(left)}C70 ${n(left - bend)} 150 ${n(right + bend)} ${WIDTH} ${n(right)}V${HEIGHT}H0z`;
}

/** A lens between two points of a horizontal. */
export function lens(x: number, y: number, half: number, height: number): string {
  return `M${n(x - half)} ${n(y)}Q${n(x)} ${n(y - 2 * height)} ${n(x + half)} ${n(y)}Q${n(x)} ${n(y + 2 * height)} ${n(x - half)} ${n(y)}z`;
}

/** A wedge from a point between two angles (radians, 0 to the right, anticlockwise). */
export function wedge(x: number, y: number, r: number, from: number, until: number): string {
  return polygon([x, y], [x + r * Math.cos(from), y - r * Math.sin(from)], [x + r * Math.cos(until), y - r * Math.sin(until)]);
}
