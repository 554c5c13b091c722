/** Which rows hang on the home page besides the shelves, and in which order. Pure. */

import { alike } from './alike.ts';
import { seedOf } from './poster/seed.ts';
import { isTrailer } from './title.ts';
import type { Progress, Rating, Shelf, TitleCard, Torrent } from './wire';
import { ANYTHING, type Wish } from './wish.ts';

const DAY_MS = 86_400_000;
const MOST = 30;
/** What has fewer is no row. */
const FEW = 6;
const OF_A_DECADE = 8;
/** So many of what somebody watched have a row of what is like it. */
const BECAUSE = 2;
/** What was watched longer ago says nothing of tonight. */
const REMEMBERED = 5;
/** From so much of it on somebody has watched a film. */
const ENOUGH_S = 600;
const ENOUGH = 0.25;
/** Two rows of nearly the same titles are one too many. */
const NEARLY = 1.2;
/** Shelves between two rows of another kind. */
const EVERY = 3;
/** A step that walks through a shelf of any usual length without an order one would notice. */
const STRIDE = 37;
/** What is over sooner is no feature of an evening, where there is another. */
const FEATURE_MINUTES = 8;
/** Where at most so many others have all of a film it has few homes. */
const FEW_HOMES = 2;

/** A film or series that somebody began, watched or judged. */
export interface Met {
  title: string;
  /** Enough of it to say so. */
  watched: boolean;
  liked: boolean;
}

export type HomeRow = { id: string; titles: readonly TitleCard[]; /** Where all of it hangs. */ wish: Wish | null } & (
  | { kind: 'shelf'; shelf: Shelf }
  | { kind: 'because'; of: TitleCard }
  | { kind: 'decade'; decade: number }
  | { kind: 'country'; country: string }
  | { kind: 'new' | 'keep' }
);

/** What somebody has to do with already, the last one first. */
export function metFrom(progress: Iterable<Progress>, ratings: Iterable<Rating>): Met[] {
  const disliked = new Set([...ratings].filter(({ thumb }) => thumb === 'down').map(({ title }) => title));
  const found = new Map<string, Met>();
  for (const { title, watched, position_s, duration_s } of [...progress].sort((a, b) => b.changed_ms - a.changed_ms)) {
    const enough = watched || position_s >= ENOUGH_S || (duration_s > 0 && position_s / duration_s >= ENOUGH);
    const before = found.get(title);
    if (before !== undefined) before.watched ||= enough;
    else found.set(title, { title, watched: enough, liked: !disliked.has(title) });
  }
  for (const title of disliked) if (!found.has(title)) found.set(title, { title, watched: false, liked: false });
  return [...found.values()];
}

/** The day, where this clock is: whatever is drawn by chance stays the same until tomorrow. */
export function dayOf(now: Date): number {
  return Math.floor((now.getTime() - now.getTimezoneOffset() * 60_000) / DAY_MS);
}

/** All titles of the shelves, each once. */
export function titlesOf(shelves: readonly Shelf[]): TitleCard[] {
  return [...new Map(shelves.flatMap((shelf) => shelf.titles.map((card) => [card.id, card] as const))).values()];
}

/** Where each title stands among others today: another order every day, for an alphabet is a warehouse. */
type Order = ReadonlyMap<string, number>;

function orderOf(cards: readonly TitleCard[], day: number): Order {
  return new Map(cards.map(({ id }) => [id, seedOf(`${day} ${id}`)]));
}

function mixed(cards: readonly TitleCard[], order: Order): TitleCard[] {
  return [...cards].sort((a, b) => order.get(a.id)! - order.get(b.id)!);
}

function because(shelves: readonly Shelf[], all: ReadonlyMap<string, TitleCard>, met: readonly Met[]): HomeRow[] {
  const known = new Set(met.map(({ title }) => title));
  const rows: HomeRow[] = [];
  const hung = new Set<string>();
  for (const { title, watched, liked } of met) {
    const of = all.get(title);
    if (of === undefined || !watched || !liked || rows.length === BECAUSE) continue;
    const titles = alike(of, shelves).filter(({ id }) => !known.has(id) && !hung.has(id));
    if (titles.length < FEW) continue;
    rows.push({ id: `because-${of.id}`, kind: 'because', of, titles, wish: null });
    for (const { id } of titles) hung.add(id);
  }
  return rows;
}

/** What nobody here has begun, what is likest to what they liked first. */
function news(shelves: readonly Shelf[], all: ReadonlyMap<string, TitleCard>, met: readonly Met[], hung: ReadonlySet<string>, order: Order): HomeRow[] {
  if (met.length === 0) return [];
  const known = new Set(met.map(({ title }) => title));
  const points = new Map<string, number>();
  for (const { title, liked } of met.slice(0, REMEMBERED)) {
    const of = all.get(title);
    if (of === undefined || !liked) continue;
    alike(of, shelves).forEach(({ id }, nth) => points.set(id, (points.get(id) ?? 0) + 1 / (nth + 2)));
  }
  const titles = mixed([...all.values()], order).filter(({ id }) => !known.has(id) && !hung.has(id));
  titles.sort((a, b) => (points.get(b.id) ?? 0) - (points.get(a.id) ?? 0));
  return titles.length < FEW ? [] : [{ id: 'new', kind: 'new', titles: titles.slice(0, MOST), wish: null }];
}

function keeping(cards: readonly TitleCard[], met: readonly Met[], order: Order): HomeRow[] {
  const known = new Set(met.map(({ title }) => title));
  const titles = mixed(cards.filter(({ id, homes }) => homes === 1 && !known.has(id)), order).slice(0, MOST);
  return titles.length < FEW ? [] : [{ id: 'keep', kind: 'keep', titles, wish: null }];
}

function groups<K>(cards: readonly TitleCard[], keysOf: (card: TitleCard) => readonly K[]): { key: K; titles: TitleCard[] }[] {
  const found = new Map<K, TitleCard[]>();
  for (const card of cards) for (const key of keysOf(card)) found.set(key, [...(found.get(key) ?? []), card]);
  return [...found].map(([key, titles]) => ({ key, titles }));
}

function byDecade(cards: readonly TitleCard[], order: Order): HomeRow[] {
  return groups(cards, ({ year }) => [Math.floor(year / 10) * 10])
    .filter(({ titles }) => titles.length >= OF_A_DECADE)
    .sort((a, b) => a.key - b.key)
    .map(({ key: decade, titles }) => ({ id: `decade-${decade}`, kind: 'decade', decade, titles: mixed(titles, order).slice(0, MOST), wish: { ...ANYTHING, decade } }));
}

/** Countries from which some come; not the one that most come from, nor one that has a shelf of its own. */
function byCountry(cards: readonly TitleCard[], shelves: readonly Shelf[], order: Order): HomeRow[] {
  const shelved = (titles: readonly TitleCard[]): boolean => {
    const ids = new Set(titles.map(({ id }) => id));
    return shelves.some((shelf) => shelf.titles.length <= ids.size * NEARLY && shelf.titles.filter(({ id }) => ids.has(id)).length * NEARLY >= ids.size);
  };
  return groups(cards, ({ countries }) => [...new Set(countries)])
    .filter(({ titles }) => titles.length >= FEW && titles.length * 2 <= cards.length && !shelved(titles))
    .sort((a, b) => b.titles.length - a.titles.length)
    .map(({ key: country, titles }) => ({ id: `country-${country}`, kind: 'country', country, titles: mixed(titles, order).slice(0, MOST), wish: { ...ANYTHING, country } }));
}

/** Countries that films come from; the one that is looked for among them. */
export function countriesOfAll(shelves: readonly Shelf[], wanted: string | null): string[] {
  return [...new Set([...titlesOf(shelves).flatMap(({ countries }) => countries), ...(wanted === null ? [] : [wanted])])];
}

/** By turns, as long as each lasts. */
function zipped<T>(one: readonly T[], other: readonly T[]): T[] {
  return Array.from({ length: Math.max(one.length, other.length) }, (_, at) => [one[at], other[at]]).flat().filter((row) => row !== undefined);
}

/** The rows of the home page for whoever has seen this; `day` is `dayOf`. */
export function programme(shelves: readonly Shelf[], met: readonly Met[], day: number): HomeRow[] {
  const cards = titlesOf(shelves);
  const all = new Map(cards.map((card) => [card.id, card]));
  const order = orderOf(cards, day);
  const first = because(shelves, all, met);
  const hung = new Set(first.flatMap(({ titles }) => titles.map(({ id }) => id)));
  const rows: HomeRow[] = shelves.map((shelf) => ({ id: shelf.id, kind: 'shelf', shelf, titles: mixed(shelf.titles, order), wish: shelf.count > shelf.titles.length ? { ...ANYTHING, shelf: shelf.id } : null }));
  const between = [...keeping(cards, met, order), ...zipped(byDecade(cards, order), byCountry(cards, shelves, order))];
  const whole: HomeRow[] = [...first, ...rows.slice(0, 1), ...news(shelves, all, met, hung, order)];
  rows.slice(1).forEach((row, nth) => {
    if (nth % EVERY === 1) whole.push(...between.splice(0, 1));
    whole.push(row);
  });
  return [...whole, ...between];
}

/** How many others have all of it, or had when anybody was last seen. */
function homesOf(film: Torrent): number {
  return film.homes?.count ?? 0;
}

/** Films that are all here and of which hardly anybody else was seen to have all; the loneliest first. */
export function lonely(films: readonly Torrent[]): Torrent[] {
  return films.filter((film) => film.state === 'complete' && film.rights !== null && !isTrailer(film.name) && homesOf(film) <= FEW_HOMES).sort((a, b) => homesOf(a) - homesOf(b));
}

/** The title of the evening: the first shelf is what the program would begin with. */
export function featureOf(shelves: readonly Shelf[], day: number): TitleCard | undefined {
  const shelf = shelves[0]?.titles ?? [];
  const features = shelf.filter(({ kind, minutes }) => kind === 'series' || (minutes ?? 0) >= FEATURE_MINUTES);
  const among = features.length > 0 ? features : shelf;
  return among[(day * STRIDE) % Math.max(1, among.length)];
}

/** One that nobody here has begun, or any when there is no other; `chance` is from 0 to 1. */
export function surprise(cards: readonly TitleCard[], met: readonly Met[], notThis: string, chance: number): TitleCard | undefined {
  const known = new Set([notThis, ...met.map(({ title }) => title)]);
  const fresh = cards.filter(({ id }) => !known.has(id));
  const from = fresh.length > 0 ? fresh : cards.filter(({ id }) => id !== notThis);
  return from[Math.min(from.length - 1, Math.floor(chance * from.length))];
}
