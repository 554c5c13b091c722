import assert from 'node:assert/strict';
import { test } from 'node:test';
import { creditsOf } from '../src/lib/credits.ts';
import { inherited } from '../src/lib/inherit.ts';

const HASH = 'a'.repeat(40);
const NOW = 1_800_000_000_000;
const left = { hash: HASH, index: 2, position_s: 240.5, duration_s: 596, at_ms: NOW - 5 };
const nothing = { positions: null, tastes: null, look: null, timings: {} };

test('a browser that remembered nothing has nothing to hand over', () => {
  assert.equal(inherited(nothing, 'home', NOW), null);
  assert.equal(inherited({ ...nothing, positions: '[]', tastes: '{', timings: {} }, 'home', NOW), null);
});

test('what a browser remembered becomes records of the profile that sits there', () => {
  const old = { positions: JSON.stringify([left]), tastes: JSON.stringify([['the lone ranger', { subtitles: 'off', second: 'fr' }]]), look: '{"size":1.3}', timings: { [`${HASH}/2`]: '-1.5 1.04' } };
  const { format, version, profiles } = inherited(old, 'zoe', NOW);
  assert.deepEqual([format, version, profiles.length, profiles[0].id], ['matinee-library', 1, 1, 'zoe']);
  const [one] = profiles[0].progress;
  assert.deepEqual([one.title, one.file, one.position_s, one.duration_s, one.changed_ms], [HASH, 2, 240.5, 596, NOW - 5]);
  assert.deepEqual(profiles[0].taste.map((taste) => [taste.series, taste.subtitles, taste.second, taste.look, taste.delay_s, taste.stretch]), [
    ['the lone ranger', 'off', 'fr', null, null, null],
    ['*', null, null, '{"size":1.3}', null, null],
    [`${HASH}/2`, null, null, null, -1.5, 1.04],
  ]);
});

for (const [what, positions] of [
  ['no list', '{"a": 1}'],
  ['no object', '[1, null, "x", []]'],
  ['no info hash', JSON.stringify([{ ...left, hash: '<b>' }])],
  ['no index', JSON.stringify([{ ...left, index: -1 }, { ...left, index: 1.5 }, { ...left, index: '0' }])],
  ['no position', JSON.stringify([{ ...left, position_s: -1 }, { ...left, position_s: null }, { ...left, position_s: 1e9 }])],
]) {
  test(`of what was kept with ${what} nothing is handed over, and the rest is`, () => {
    assert.equal(inherited({ ...nothing, positions }, 'home', NOW), null);
    assert.equal(inherited({ ...nothing, positions, look: '{}' }, 'home', NOW).profiles[0].taste.length, 1);
  });
}

test('a moment of the future, or none, is now', () => {
  const positions = JSON.stringify([{ ...left, at_ms: NOW * 2 }, { ...left, index: 3, at_ms: 'x' }]);
  assert.deepEqual(inherited({ ...nothing, positions }, 'home', NOW).profiles[0].progress.map((one) => one.changed_ms), [NOW, NOW]);
});

test('a taste that cannot be right is none, and a name keeps no control characters', () => {
  const tastes = JSON.stringify([['a\u0000b', { subtitles: '<b>', look: 'x\ny' }], [3, {}], ['c', null]]);
  const [one, ...more] = inherited({ ...nothing, tastes }, 'home', NOW).profiles[0].taste;
  assert.deepEqual([one.series, one.subtitles, one.look, more.length], ['ab', null, null, 0]);
});

for (const [titles, at] of [
  [['Chapter 1', 'End Credits'], 100],
  [['Opening credits', 'Story'], null],
  [['Credits', 'Story', 'Credits'], 200],
  [['Le film', 'Générique de fin'], 100],
  [['Abspann'], 0],
  [['Credit where credit is due'], null],
  [[], null],
]) {
  test(`chapters ${JSON.stringify(titles)} have their credits at ${at}`, () => {
    assert.equal(creditsOf(titles.map((title, n) => ({ title, start_s: n * 100 }))), at);
  });
}
