/** The built-in shelf for the made-up server, read from the very files that the program reads. Never part of a build. */

import type { Extras, Facts, Filters, Shelf, Shelves, TitleCard, TitleEvidence, TitlePage, TitleReason, TitleRelease, TitleView } from './lib/wire';
import { LENGTHS, readWish } from './lib/wish';

type Table = Record<string, unknown>;
const FILES = import.meta.glob<string>('../../src/matinee/catalogue/shelf/*.toml', { query: '?raw', import: 'default', eager: true });
const THIS_YEAR = new Date().getFullYear();
const SHELVES = [
  'essentials', 'silent-classics', 'silent-comedy', 'noir', 'crime', 'horror', 'science-fiction', 'comedy', 'drama', 'romance', 'western', 'adventure',
  'war', 'animation', 'cartoons', 'children', 'documentary', 'history', 'open-films', 'french', 'world', 'serials', 'television', 'talks', 'shorts',
]; // prettier-ignore

/** As much TOML as these files are written in: strings, numbers, dates, arrays on one line, tables. */
function readToml(text: string): Table {
  const root: Table = {};
  let at = root;
  for (const line of text.split('\n').map((one) => one.trim())) {
    const many = /^\[\[([\w.-]+)\]\]/u.exec(line);
    const one = /^\[([\w.-]+)\]/u.exec(line);
    if (many?.[1] !== undefined) at = into(root, many[1], true);
    else if (one?.[1] !== undefined) at = into(root, one[1], false);
    else put(at, line);
  }
  return root;
}

function into(root: Table, path: string, isList: boolean): Table {
  const keys = path.split('.');
  let at = root;
  for (const [depth, key] of keys.entries()) {
    const last = depth === keys.length - 1;
    if (last && isList) at[key] = [...((at[key] as Table[] | undefined) ?? []), {}];
    else at[key] ??= {};
    const next = at[key] as Table | Table[];
    at = Array.isArray(next) ? next.at(-1)! : next;
  }
  return at;
}

function put(at: Table, line: string): void {
  const [, path, raw] = /^([\w.-]+)\s*=\s*(.+?)(?:\s+#[^"]*)?$/u.exec(line) ?? [];
  if (path === undefined || raw === undefined || line.startsWith('#')) return;
  const keys = path.split('.');
  const holder = keys.length > 1 ? into(at, keys.slice(0, -1).join('.'), false) : at;
  holder[keys.at(-1)!] = /^\d{4}-\d\d-\d\d$/u.test(raw) ? raw : (JSON.parse(raw.replace(/,\s*\]/u, ']').replace(/^'(.*)'$/u, '"$1"')) as unknown);
}

function factsOf({ claim: _claim, by: _by, source: _source, checked: _checked, ...facts }: Table): Facts {
  return facts as Facts;
}

function reasonsOf(evidence: readonly TitleEvidence[]): TitleReason[] {
  const reasons: TitleReason[] = [];
  const lists = [...new Set(evidence.filter((one) => one.claim === 'listed').map((one) => one.by))];
  for (const one of evidence) {
    if (one.claim === 'licence') reasons.push({ why: 'licence', facts: { licence: one.facts['licence'] ?? '', by: one.by } });
    const year = Number(one.facts['year']);
    if (one.claim === 'published' && year + 95 < THIS_YEAR) reasons.push({ why: 'age', facts: { year, years: 95, free_since: year + 96 } });
  }
  if (lists.length > 1) reasons.push({ why: 'lists', facts: { lists: lists.sort().join(', '), count: lists.length } });
  return reasons;
}

function released(one: Table, index: number): TitleRelease {
  return { index, archive: null, magnet: null, url: null, file: null, note: null, length_bytes: null, duration_s: null, width: null, height: null, codecs: [], subtitles: [], ...one };
}

function viewOf(id: string, table: Table): TitleView {
  const evidence = ((table['evidence'] as Table[] | undefined) ?? []).map((one) => ({ claim: String(one['claim']), by: String(one['by']), source: String(one['source']), checked: String(one['checked']), facts: factsOf(one) }));
  const reasons = reasonsOf(evidence);
  const licence = (evidence.find((one) => one.claim === 'licence')?.facts['licence'] as string | undefined) ?? null;
  const releases = ((table['releases'] as Table[] | undefined) ?? []).map(released);
  const seasons = ((table['seasons'] as Table[] | undefined) ?? []).map((season) => ({
    number: Number(season['number']),
    episodes: ((season['episodes'] as Table[] | undefined) ?? []).map(({ archive, ...one }) => ({ titles: {}, synopsis: {}, minutes: null, releases: archive === undefined ? [] : [released({ archive }, 0)], ...one }) as unknown as TitleView['seasons'][number]['episodes'][number]),
  }));
  return {
    titles: {}, minutes: null, directors: [], writers: [], cast: [], genres: [], countries: [], languages: [], silent: false, children: false, synopsis: {}, shelves: [], imdb: null,
    wikidata: null, poster: null, pictures: { poster: null, backdrop: null }, backdrop: null, rating: null, source: 'shelf', looking: false, homes: releases.length,
    ...table, id, seasons, releases,
    rights: { country: 'US', basis: licence === null ? 'public-domain' : 'licence', licence, standing: reasons.length > 0 ? 'allowed' : 'not-known', reasons: reasons.length > 0 ? reasons : [{ why: 'no-evidence', facts: {} }], evidence },
  } as unknown as TitleView; // prettier-ignore
}

const views = new Map(
  Object.entries(FILES).map(([path, text]) => {
    const id = path.replace(/^.*\/(.+)\.toml$/u, '$1');
    return [id, viewOf(id, readToml(text))] as const;
  }),
);

function cardOf({ id, kind, title, titles, year, minutes, genres, directors, countries, children, poster, pictures, homes }: TitleView): TitleCard {
  return { id, kind, title, titles, year, minutes, genres, directors, countries, children, poster, pictures, homes };
}

function rowOf(id: string, all: readonly TitleView[]): Shelf {
  const titles = all.filter((view) => view.shelves.includes(id)).map(cardOf);
  const name = `${id.charAt(0).toUpperCase()}${id.slice(1).replace(/-/gu, ' ')}`;
  return { id, names: { en: name, fr: name }, count: titles.length, titles: titles.slice(0, 40) };
}

/** `country` is where the computer is. */
export function mockShelves(country: string): Shelves {
  const all = [...views.values()];
  return { country, shelves: SHELVES.map((id) => rowOf(id, all)) };
}

export function mockTitle(id: string): TitleView | undefined {
  return views.get(id);
}

/** As it is once the Internet Archive was asked: a copy of all but the last chapter, and what is thought of it there. */
export function mockFound(view: TitleView): TitleView {
  const seasons = view.seasons.map(({ number, episodes }) => ({
    number,
    episodes: episodes.map((one, at) => (one.releases.length > 0 || at === episodes.length - 1 ? one : { ...one, releases: [released({ archive: `${view.id}-${one.number}`, file: 'chapter.mp4' }, 0)] })),
  }));
  return { ...view, seasons, rating: { value: 8.6, votes: 27, by: 'Internet Archive' } };
}

const flat = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

const hung = new Map<string, TitleCard[]>();

/** As many as `many`, by repeating what there is. */
function repeated(cards: readonly TitleCard[], many: number, key: string): TitleCard[] {
  const made = hung.get(key) ?? Array.from({ length: cards.length === 0 ? 0 : many }, (_, at) => ({ ...cards[at % cards.length]!, id: `${cards[at % cards.length]!.id}-${at}`, title: `${cards[at % cards.length]!.title} ${at}`, titles: {} }));
  hung.set(key, made);
  return made;
}

/** `many` hangs so many titles by repeating what there is. */
export function mockTitles(search: string, many: number): TitlePage {
  const { query, kind, genre, decade, country, shelf, length, language, subtitled } = readWish(search);
  const told = new URLSearchParams(search);
  const words = flat(query).split(/\s+/u).filter((word) => word !== '');
  const found = [...views.values()].filter((view) => {
    const text = flat([view.title, ...Object.values(view.titles), view.year, ...view.directors, ...view.cast].join(' '));
    const decadeFits = decade === null || (view.year >= decade && view.year < decade + 10);
    const [from, last] = length === null ? [0, null] : LENGTHS[length];
    const lengthFits = length === null || (view.minutes !== null && view.minutes >= from && view.minutes <= (last ?? Infinity));
    const spokenFits = language === null || view.languages.some((one) => one.split('-')[0] === language);
    return lengthFits && spokenFits && (!subtitled || subtitlesBeside(view)) && words.every((word) => text.includes(word)) && (kind === null || view.kind === kind) && (genre === null || view.genres.includes(genre)) && (shelf === null || view.shelves.includes(shelf)) && (country === null || view.countries.includes(country)) && decadeFits;
  });
  const cards = found.map(cardOf);
  const all = many === 0 ? cards : repeated(cards, many, JSON.stringify(readWish(search)));
  const start = Number(told.get('cursor') ?? 0);
  const stop = start + Number(told.get('limit') ?? 50);
  return { titles: all.slice(start, stop), total: all.length, next_cursor: stop < all.length ? String(stop) : null, close: false };
}

function subtitlesBeside(view: TitleView): boolean {
  return view.releases.some((release) => release.subtitles.length > 0);
}

/** What they may be narrowed by. */
export function mockFilters(): Filters {
  const all = [...views.values()];
  const minutes = all.flatMap((view) => view.minutes ?? []);
  return {
    languages: [...new Set(all.flatMap((view) => view.languages.map((one) => one.split('-')[0]!)))].sort(),
    shortest_minutes: Math.min(...minutes),
    longest_minutes: Math.max(...minutes),
    subtitled: all.some(subtitlesBeside),
  };
}

/** `?stills=N` has so many of every film, at addresses that whoever tests answers; `?beside` has a trailer and subtitles. */
export function mockExtras(id: string, wanted: URLSearchParams): Extras {
  const stills = Array.from({ length: Number(wanted.get('stills') ?? 0) }, (_, n) => `/pictures/${id}/still-${String(n).padStart(16, '0')}`);
  const subtitles = [{ language: 'fr', machine_made: false }, { language: 'en', machine_made: true }];
  return wanted.has('beside') ? { stills, subtitles, trailer: true } : { stills, subtitles: [], trailer: false };
}
