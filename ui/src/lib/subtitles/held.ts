/** What a player has of the picture already. Pure. */

/** Stretches of a film in seconds, as a media element tells them. */
export type Stretches = Pick<TimeRanges, 'length' | 'start' | 'end'>;

/** The address of lines from a moment on, which says until when their picture is here: of what came from a playback that
 * is lost, the server of another one would wait to be asked. */
export function saying(url: string, held: Stretches | undefined): string {
  const from_s = Number(/\?from=([\d.]+)/u.exec(url)?.[1] ?? NaN);
  for (let n = 0; held !== undefined && n < held.length; n++) {
    if (held.start(n) <= from_s && from_s < held.end(n)) return `${url}&held=${held.end(n)}`;
  }
  return url;
}
