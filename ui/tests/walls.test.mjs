/** What is drawn of rows and walls, where an arrow leads, and what an address says. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alike } from '../src/lib/alike.ts';
import { columnsFor, holding, stretch, turned } from '../src/lib/grid.ts';
import { nearest } from '../src/lib/nearest.ts';
import { ANYTHING, asked, decades, lengths, readWish, writeWish } from '../src/lib/wish.ts';

const box = (left, top, width = 100, height = 150) => ({ left, top, right: left + width, bottom: top + height });
/** A wall of three columns and three rows. */
const WALL = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((at) => box((at % 3) * 120, Math.floor(at / 3) * 200));
const RIGHT = [1, 0];
const LEFT = [-1, 0];
const UP = [0, -1];
const DOWN = [0, 1];

test('an arrow leads to the neighbour on that side, and at an edge nowhere', () => {
  const from = (at, direction) => nearest(WALL[at], WALL, direction);
  assert.deepEqual([from(4, RIGHT), from(4, LEFT), from(4, UP), from(4, DOWN)], [5, 3, 1, 7]);
  assert.deepEqual([from(2, UP), from(0, UP), from(8, DOWN), from(6, DOWN)], [-1, -1, -1, -1]);
});

test('an arrow down from a narrow control leads to what stands under it, not to what is near beside it', () => {
  const under = box(300, 400);
  const aside = box(0, 60);
  assert.equal(nearest(box(300, 0, 60, 44), [aside, under], DOWN), 1);
});

test('an arrow up from a wide control leads to what stands over some of it, and from a field into the button that stands in it', () => {
  const wide = box(0, 400, 800, 44);
  const near = box(500, 300, 120, 44);
  const far = box(0, 200, 24, 24);
  assert.equal(nearest(wide, [far, near], UP), 1);
  const field = box(100, 0, 400, 50);
  const empty = box(450, 3, 44, 44);
  const beyond = box(600, 0);
  assert.equal(nearest(field, [beyond, empty], RIGHT), 1);
  assert.equal(nearest(empty, [box(-200, 0), field], LEFT), 1);
});

test('as many columns are hung as fit, with their gaps, and one at least', () => {
  assert.equal(columnsFor(350, 136, 14), 2);
  assert.equal(columnsFor(436, 136, 14), 3);
  assert.equal(columnsFor(435, 136, 14), 2);
  assert.equal(columnsFor(80, 136, 14), 1);
});

test('of a wall of ten thousand only the rows in sight and a few around are drawn', () => {
  assert.deepEqual(stretch(0, 900, 300, 2000, 3), [0, 6]);
  assert.deepEqual(stretch(300_000, 300_900, 300, 2000, 3), [997, 1006]);
  assert.deepEqual(stretch(599_700, 600_600, 300, 2000, 3), [1996, 2000]);
  assert.deepEqual(stretch(900_000, 900_900, 300, 2000, 3), [1997, 2000]);
  assert.deepEqual(stretch(0, 900, 0, 2000, 3), [0, 0]);
  assert.deepEqual(stretch(0, 900, 300, 0, 3), [0, 0]);
});

test('what is focused stays, wherever the wall has gone', () => {
  assert.deepEqual(holding([5, 8], null), [5, 6, 7]);
  assert.deepEqual(holding([5, 8], 6), [5, 6, 7]);
  assert.deepEqual(holding([5, 8], 1), [1, 5, 6, 7]);
  assert.deepEqual(holding([5, 8], 40), [5, 6, 7, 40]);
});

test('a row is turned by whole posters, the last one in sight becomes the first, and it ends at its ends', () => {
  assert.equal(turned(0, 1000, 180, 5000, 1), 720);
  assert.equal(turned(700, 1000, 180, 5000, 1), 1440);
  assert.equal(turned(720, 1000, 180, 5000, -1), 0);
  assert.equal(turned(4900, 1000, 180, 5000, 1), 5000);
  assert.equal(turned(0, 100, 180, 5000, 1), 180);
});

test('a wish comes back from its address as it was', () => {
  const wish = { query: 'méliès & co', kind: 'film', genre: 'science-fiction', decade: 1900, country: 'FR', shelf: 'silent-classics', length: 'long', language: 'fr', subtitled: true };
  assert.deepEqual(readWish(writeWish(wish)), wish);
  assert.equal(writeWish(ANYTHING), '');
  assert.equal(writeWish({ ...ANYTHING, query: '   ' }), '');
});

test('a wish is asked of others with every filter, and with nothing that nobody wished', () => {
  assert.deepEqual(asked({ ...ANYTHING, query: 'zorro' }), { query: 'zorro' });
  const wish = { query: 'zorro', kind: 'series', genre: 'western', decade: 1930, country: 'US', shelf: 'serials', length: 'hour', language: 'en', subtitled: true };
  const { query, kind, genre, decade, country, shelf, language } = wish;
  assert.deepEqual(asked(wish), { query, kind, genre, decade, country, shelf, language, minutes_from: 41, minutes_to: 89, subtitled: 'true' });
  assert.equal('minutes_to' in asked({ ...ANYTHING, length: 'long' }), false);
});

test('an address that somebody else wrote is read as far as it makes sense', () => {
  assert.deepEqual(readWish('kind=torrent&genre=<b>&decade=1945&country=fr&shelf=../x&language=../x&subtitled=yes'), ANYTHING);
  assert.equal(readWish(`query=${'x'.repeat(9000)}`).query.length, 200);
  assert.equal(readWish('decade=1e3').decade, null);
  assert.equal(readWish('decade=').decade, null);
});

test('lengths are offered where titles differ in them, and an address tells them in minutes', () => {
  assert.deepEqual(lengths(7, 150), ['short', 'hour', 'feature', 'long']);
  assert.deepEqual(lengths(30, 95), ['short', 'hour', 'feature']);
  assert.deepEqual(lengths(91, 119), []);
  assert.deepEqual(lengths(null, null), []);
  assert.equal(writeWish({ ...ANYTHING, length: 'hour' }), 'minutes_from=41&minutes_to=89');
  assert.equal(readWish('minutes_from=121').length, 'long');
  assert.equal(readWish('minutes_from=1&minutes_to=999').length, null);
});

test('decades run from the first films to today', () => {
  assert.deepEqual(decades(1912), [1890, 1900, 1910]);
  assert.equal(decades(2026).at(-1), 2020);
});

test('alike is first what the same hand made, never the title itself, and not what shares nothing', () => {
  const card = (id, year, genres, directors = []) => ({ id, kind: 'film', title: id, titles: {}, year, minutes: 60, genres, directors });
  const general = card('general', 1926, ['comedy', 'war'], ['Buster Keaton']);
  const cops = card('cops', 1922, ['comedy'], ['Buster Keaton']);
  const kid = card('kid', 1921, ['comedy'], ['Charles Chaplin']);
  const sintel = card('sintel', 2010, ['animation'], ['Colin Levy']);
  const shelves = [
    { id: 'silent-comedy', titles: [kid, general, cops] },
    { id: 'essentials', titles: [sintel, general] },
  ];
  assert.deepEqual(alike(general, shelves).map(({ id }) => id), ['cops', 'kid']);
});
