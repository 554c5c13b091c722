/** Which rows hang on the home page, for whom, and what chance brings. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countriesOfAll, dayOf, featureOf, lonely, metFrom, programme, surprise, titlesOf } from '../src/lib/programme.ts';

const card = (id, year, more = {}) => ({ id, kind: 'film', title: id, titles: {}, year, minutes: 60, genres: ['comedy'], directors: [], countries: ['US'], homes: 2, ...more });
const many = (name, count, year, more) => Array.from({ length: count }, (_, n) => card(`${name}-${n}`, year + (n % 10), more));
const shelf = (id, titles, count = titles.length) => ({ id, names: { en: id }, count, titles });
const met = (title, more = {}) => ({ title, watched: true, liked: true, ...more });
const ids = (rows) => rows.map(({ id }) => id);
const SHELVES = [
  shelf('essentials', [...many('silent', 8, 1920, { countries: ['DE'], genres: ['horror'] }), ...many('ghost', 4, 1920, { genres: ['horror'] })]),
  shelf('comedy', many('talkie', 20, 1930), 57),
  shelf('french', many('nouvelle', 9, 1960, { countries: ['FR'], genres: ['drama'] })),
  shelf('noir', many('lonely', 7, 1940, { homes: 1, genres: ['noir'] })),
];
const DAY = 20_000;

test('for somebody new there are shelves, decades and countries, and nothing about what they watched', () => {
  const rows = programme(SHELVES, [], DAY);
  assert.deepEqual(ids(rows), ['essentials', 'comedy', 'keep', 'french', 'noir', 'decade-1920', 'country-DE', 'decade-1930', 'decade-1960']);
  for (const { titles } of rows) assert.equal(new Set(ids(titles)).size, titles.length);
});

test('what hangs in full has no door to more; what does not leads to the wall of its kind', () => {
  const wishes = new Map(programme(SHELVES, [], DAY).map(({ id, wish }) => [id, wish]));
  assert.equal(wishes.get('essentials'), null);
  assert.equal(wishes.get('comedy').shelf, 'comedy');
  assert.equal(wishes.get('decade-1920').decade, 1920);
  assert.equal(wishes.get('country-DE').country, 'DE');
});

test('a country from which most films come, or that has a shelf already, is no row', () => {
  const countries = ids(programme(SHELVES, [], DAY)).filter((id) => id.startsWith('country-'));
  assert.deepEqual(countries, ['country-DE']);
});

test('whoever watched something has what is like it first, and then what is new to them, without what they know', () => {
  const rows = programme(SHELVES, [met('silent-3'), met('talkie-1', { watched: false }), met('talkie-2', { liked: false })], DAY);
  assert.deepEqual(ids(rows).slice(0, 3), ['because-silent-3', 'essentials', 'new']);
  assert.equal(rows[0].of.id, 'silent-3');
  const [because, , fresh] = rows.map(({ titles }) => ids(titles));
  for (const known of ['silent-3', 'talkie-1', 'talkie-2']) assert.ok(!because.includes(known) && !fresh.includes(known), known);
  assert.deepEqual(fresh.filter((id) => because.includes(id)), []);
});

test('two rows of what is like something do not show the same film, and there are no more than two', () => {
  const rows = programme(SHELVES, [met('talkie-0'), met('talkie-9'), met('silent-0'), met('nouvelle-0')], DAY).filter(({ kind }) => kind === 'because');
  assert.ok(rows.length <= 2);
  const shown = rows.flatMap(({ titles }) => ids(titles));
  assert.equal(new Set(shown).size, shown.length);
});

test('only what has one home alone is to be kept alive', () => {
  const keep = programme(SHELVES, [met('lonely-2')], DAY).find(({ id }) => id === 'keep');
  assert.deepEqual(ids(keep.titles).sort(), ['lonely-0', 'lonely-1', 'lonely-3', 'lonely-4', 'lonely-5', 'lonely-6']);
  assert.ok(!ids(programme(SHELVES.slice(0, 3), [], DAY)).includes('keep'));
});

test('rows are the same all day and others tomorrow', () => {
  const order = (day) => ids(programme(SHELVES, [], day)[1].titles);
  assert.deepEqual(order(DAY), order(DAY));
  assert.notDeepEqual(order(DAY), order(DAY + 1));
  assert.deepEqual(order(DAY).sort(), order(DAY + 1).sort());
});

test('the day begins at midnight where the clock is', () => {
  const noon = new Date(2026, 10, 26, 12);
  assert.equal(dayOf(new Date(2026, 10, 26, 0, 0, 1)), dayOf(noon));
  assert.equal(dayOf(new Date(2026, 10, 27, 0, 0, 1)), dayOf(noon) + 1);
});

test('of what is remembered each title comes once, the last first; a few minutes are not watched', () => {
  const progress = (title, changed_ms, position_s, duration_s = 6000, watched = false) => ({ title, changed_ms, position_s, duration_s, watched });
  const found = metFrom(
    [progress('series', 1, 0, 0, true), progress('film', 3, 40), progress('series', 5, 20, 1500), progress('short', 4, 40, 100), progress('bad', 2, 5000)],
    [{ title: 'bad', thumb: 'down' }, { title: 'film', thumb: 'up' }, { title: 'hated', thumb: 'down' }],
  );
  assert.deepEqual(found, [
    { title: 'series', watched: true, liked: true },
    { title: 'short', watched: true, liked: true },
    { title: 'film', watched: false, liked: true },
    { title: 'bad', watched: true, liked: false },
    { title: 'hated', watched: false, liked: false },
  ]);
});

test('lonely is what is all here, may be shared, and hardly anybody else has', () => {
  // What was known last counts, for nobody tells anything in the first minute.
  const film = (name, count, more = {}) => ({ name, state: 'complete', rights: {}, peers: { seeds: 0 }, homes: count === null ? null : { count, seen_on: '2026-11-20' }, ...more });
  const films = [film('two', 2), film('three', 3), film('none', 0), film('none (trailer)', 0), film('never known', null), film('not yet', 0, { state: 'downloading' }), film('not free', 0, { rights: null })];
  assert.deepEqual(lonely(films).map(({ name }) => name), ['none', 'never known', 'two']);
});

test('a surprise is something one has not begun, never what is shown already, and anything where all is known', () => {
  const cards = titlesOf(SHELVES).slice(0, 3);
  for (const chance of [0, 0.4, 0.999, 1]) assert.equal(surprise(cards, [met('silent-0')], 'silent-1', chance).id, 'silent-2');
  assert.equal(surprise(cards, cards.map(({ id }) => met(id)), 'silent-0', 0).id, 'silent-1');
  assert.equal(surprise([], [], '', 0.5), undefined);
});

test('the countries one can choose from hold the one that is chosen', () => {
  assert.deepEqual(countriesOfAll(SHELVES, 'XX').sort(), ['DE', 'FR', 'US', 'XX']);
  assert.deepEqual(countriesOfAll([], null), []);
});

test('nothing hangs where there is nothing', () => {
  assert.deepEqual(programme([], [met('x')], DAY), []);
});

test('the feature of an evening is another one every day, and no film of two minutes where there is another', () => {
  const short = card('a-sketch', 1908, { minutes: 2 });
  const shelves = [shelf('essentials', [short, ...many('feature', 3, 1920), card('a-serial', 1936, { kind: 'series', minutes: null })])];
  const week = Array.from({ length: 12 }, (_, day) => featureOf(shelves, DAY + day).id);
  assert.deepEqual(new Set(week), new Set(['feature-0', 'feature-1', 'feature-2', 'a-serial']));
  assert.notEqual(week[0], week[1]);
  assert.equal(featureOf([shelf('essentials', [short])], DAY), short);
  assert.equal(featureOf([], DAY), undefined);
});
