/** What somebody who likes a title may like next. Pure. */

import type { Shelf, TitleCard } from './wire';

const MOST = 18;
const YEARS = 12;

function likeness(a: TitleCard, b: TitleCard, together: number): number {
  const genres = b.genres.filter((genre) => a.genres.includes(genre)).length + (a.genres[0] !== undefined && a.genres[0] === b.genres[0] ? 1 : 0);
  const hands = b.directors.some((one) => a.directors.includes(one)) ? 4 : 0;
  return hands + genres + together + Math.max(0, 1 - Math.abs(a.year - b.year) / YEARS) + (a.kind === b.kind ? 0.5 : 0);
}

/** By the same hand, of the same kinds, from the same shelves and years; the likest first. */
export function alike(one: TitleCard, shelves: readonly Shelf[]): TitleCard[] {
  const found = new Map<string, { card: TitleCard; together: number }>();
  for (const shelf of shelves) {
    const together = shelf.titles.some((card) => card.id === one.id) ? 1 : 0;
    for (const card of shelf.titles) {
      const known = found.get(card.id);
      if (known === undefined) found.set(card.id, { card, together });
      else known.together += together;
    }
  }
  found.delete(one.id);
  return [...found.values()]
    .map(({ card, together }) => ({ card, points: likeness(one, card, together) }))
    .filter(({ points }) => points >= 2)
    .sort((a, b) => b.points - a.points || a.card.year - b.card.year)
    .slice(0, MOST)
    .map(({ card }) => card);
}
