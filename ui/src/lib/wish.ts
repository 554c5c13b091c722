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
  const { query, ...filters } = asked(wish);
  const words = query.trim() === '' ? [] : [['query', query]];
  return new URLSearchParams([...words, ...Object.entries(filters).map(([key, value]) => [key, String(value)])]).toString();
}

/** As the server is asked for it, in an address or in a body: only what somebody wished. */
export function asked(wish: Wish): { query: string } & Record<string, string | number> {
  const [from, last] = wish.length === null ? [null, null] : LENGTHS[wish.length];
  const { kind, genre, decade, country, shelf, language } = wish;
  const said = { kind, genre, decade, country, shelf, minutes_from: from, minutes_to: last, language, subtitled: wish.subtitled ? 'true' : null };
  const filters = Object.entries(said).filter((one): one is [string, string | number] => one[1] !== null);
  return { query: wish.query.slice(0, LONGEST), ...Object.fromEntries(filters) };
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
