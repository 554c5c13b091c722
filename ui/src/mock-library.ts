/** What a made-up server remembers, until the page is left. Never part of a build. `?people=several` has three live here, `?remembered=much` a full list,
 * `?serial` has the films that play be episodes of one, each followed by the next. */

import type { Going, Profile, Progress, TitleCard, Viewing } from './lib/wire';
import { mockTitles } from './mock-catalogue';

const NOW = Date.now();
const person = (id: string, name: string, colour: Profile['colour'], child = false): Profile => ({ id, name, colour, child, keeps_history: true, created_ms: 0 });

let people: Profile[] | null = null;
const kept = new Map<string, Record<string, unknown>>();

function cards(): TitleCard[] {
  return mockTitles('', 0).titles;
}

function work(card: TitleCard): Pick<Progress, 'key' | 'title' | 'season' | 'number' | 'file'> {
  return { key: card.id, title: card.id, season: null, number: null, file: null };
}

function going(): Going[] {
  return cards().slice(0, 9).map((card, n) => ({ ...work(card), position_s: 600 * (n + 1), duration_s: 6000, follows: false, name: card.title, changed_ms: NOW - n, info_hash: null, file_index: null, card }));
}

/** With `?serial`: what follows the film that was played last, of those that play. */
const SERIAL = [1, 2, 3, 6].map((n) => n.toString(16).padStart(40, '0'));
let played = '';

function following(): Going[] {
  const nth = SERIAL.indexOf(played) + 1;
  const next = SERIAL[nth];
  return next === undefined || nth === 0 ? [] : [{ key: `${played}:next`, title: played, season: 1, number: nth + 1, file: null, position_s: 0, duration_s: 0, follows: true, name: 'A serial', changed_ms: NOW, info_hash: next, file_index: 0, card: null }];
}

function history(): Viewing[] {
  return cards().slice(0, 12).map((card, n) => ({ ...work(card), key: `2026-11-2${6 - (n % 4)}:${card.id}`, day: `2026-11-2${6 - (n % 4)}`, position_s: 700 * n, duration_s: 6000, watched: n % 3 === 0, name: card.title, changed_ms: NOW - n * 3_600_000, card }));
}

/** The answer; null where it has none, undefined for what is not remembered. */
export function mockLibrary(method: string, url: URL, body: Record<string, unknown>, wanted: URLSearchParams): unknown {
  const much = wanted.get('remembered') === 'much';
  people ??= wanted.get('people') === 'several' ? [person('home', '', 'amber'), person('z', 'Zoé', 'leaf', true), person('j', 'Jean-Baptiste', 'plum')] : [person('home', '', 'amber')];
  const [, kind, title] = /^\/api\/v1\/(profiles|library|going-on|progress|watchlist|ratings|tastes|history)(?:\/(.+))?$/u.exec(url.pathname) ?? [];
  if (kind === undefined) return undefined;
  if (method === 'DELETE') {
    kept.delete(`${kind}/${title}`);
    return null;
  }
  if (kind === 'profiles') {
    if (method === 'POST') people.push(person(`p${people.length}`, String(body['name']), body['colour'] as Profile['colour'], body['child'] === true));
    if (method === 'PATCH') people = people.map((one) => (one.id === title ? { ...one, ...body } : one));
    return { profiles: people, locked: false };
  }
  const listed = cards().filter((card) => kept.has(`watchlist/${card.id}`) || much);
  const wishes = listed.map((card, n) => ({ key: card.id, title: card.id, name: card.title, changed_ms: NOW - n, card }));
  if (method === 'PUT') {
    const record = { key: title ?? String(body['series']), title, position_s: 0, duration_s: 0, watched: false, resume_s: 0, name: '', season: null, number: null, file: null, info_hash: null, file_index: null, changed_ms: Date.now(), ...body };
    kept.set(`${kind}/${title}`, record);
    if (kind === 'progress') played = title ?? '';
    return record;
  }
  if (kind === 'going-on' && wanted.has('serial')) return { going_on: following() };
  if (kind === 'going-on') return { going_on: much ? going() : [] };
  if (kind === 'history') return { history: much ? history() : [], before: null };
  if (kind === 'watchlist') return { watchlist: wishes };
  if (kind === 'ratings') return { ratings: [] };
  return { profile: url.searchParams.get('profile') ?? 'home', progress: [], watchlist: wishes, rating: [], taste: [] };
}
