/** What somebody looks for, as it stands in the page's address. Pure. */

export const GENRES = [
  'action', 'adventure', 'animation', 'comedy', 'crime', 'documentary', 'drama', 'family', 'fantasy', 'history', 'horror', 'music',
  'musical', 'mystery', 'noir', 'romance', 'science-fiction', 'short', 'sport', 'talk', 'thriller', 'war', 'western',
] as const; // prettier-ignore
export type Genre = (typeof GENRES)[number];

/** How long a title is: minutes, the first and the last among them. */
export const LENGTHS = { short: [1, 40], hour: [41, 89], feature: [90, 120], long: [121, null] } as const;
export type Length = keyof typeof LENGTHS;
const EVERY_LENGTH = Object.keys(LENGTHS) as Length[];

/** A language that can be asked for: without a region. */
export const LANGUAGE = /^[a-z]{2,3}$/u;

export const FIRST_DECADE = 1890;

export interface Wish {
  query: string;
  kind: 'film' | 'series' | null;
  genre: Genre | null;
  /** Its first year. */
  decade: number | null;
  /** Where it was made: two capitals of ISO 3166-1, or of a country that is no more. */
  country: string | null;
  /** A row of the home page, all of it. */
  shelf: string | null;
  length: Length | null;
  /** Spoken, or in its intertitles. */
  language: string | null;
  /** Only those beside which subtitles are known to lie. */
  subtitled: boolean;
}

export const ANYTHING: Wish = { query: '', kind: null, genre: null, decade: null, country: null, shelf: null, length: null, language: null, subtitled: false };
const LONGEST = 200;

/** From an address's query; what it does not know is no wish. */
export function readWish(search: string): Wish {
  const told = new URLSearchParams(search);
  const kind = told.get('kind');
  const decade = Number(told.get('decade'));
  return {
    query: (told.get('query') ?? '').slice(0, LONGEST),
    kind: kind === 'film' || kind === 'series' ? kind : null,
    genre: GENRES.find((one) => one === told.get('genre')) ?? null,
    decade: Number.isInteger(decade) && decade % 10 === 0 && decade >= FIRST_DECADE && decade < 2100 ? decade : null,
    country: /^[A-Z]{2}$/u.exec(told.get('country') ?? '')?.[0] ?? null,
    shelf: /^[a-z-]{1,40}$/u.exec(told.get('shelf') ?? '')?.[0] ?? null,
    length: EVERY_LENGTH.find((one) => minutesOf(one) === `${told.get('minutes_from') ?? ''}-${told.get('minutes_to') ?? ''}`) ?? null,
    language: LANGUAGE.exec(told.get('language') ?? '')?.[0] ?? null,
    subtitled: told.get('subtitled') === 'true',
  };
}

/** To an address's query, the same for the same wish. */
export function writeWish(wish: Wish): string {
  const told = new URLSearchParams();
  if (wish.query.trim() !== '') told.set('query', wish.query.slice(0, LONGEST));
  if (wish.kind !== null) told.set('kind', wish.kind);
  if (wish.genre !== null) told.set('genre', wish.genre);
  if (wish.decade !== null) told.set('decade', String(wish.decade));
  if (wish.country !== null) told.set('country', wish.country);
  if (wish.shelf !== null) told.set('shelf', wish.shelf);
  if (wish.length !== null) {
    const [from, last] = LENGTHS[wish.length];
    told.set('minutes_from', String(from));
    if (last !== null) told.set('minutes_to', String(last));
  }
  if (wish.language !== null) told.set('language', wish.language);
  if (wish.subtitled) told.set('subtitled', 'true');
  return told.toString();
}

function minutesOf(length: Length): string {
  const [from, last] = LENGTHS[length];
  return `${from}-${last ?? ''}`;
}

/** The lengths of which there are titles, where those last from so long to so long; none where all are of one. */
export function lengths(shortest: number | null, longest: number | null): Length[] {
  if (shortest === null || longest === null) return [];
  const there = EVERY_LENGTH.filter((one) => LENGTHS[one][0] <= longest && (LENGTHS[one][1] ?? Infinity) >= shortest);
  return there.length > 1 ? there : [];
}

export function decades(thisYear: number): number[] {
  const all: number[] = [];
  for (let decade = FIRST_DECADE; decade <= thisYear; decade += 10) all.push(decade);
  return all;
}
