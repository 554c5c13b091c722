/** How many stills pass behind the title of the evening, and what lies beside a film. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { howMany, thisPlace } from '../src/lib/moving.ts';
import { besideOf } from '../src/lib/links.ts';

const FREE = { still: false, metered: false, slow: false };
const nothing = () => false;

test('three to six stills pass, fewer stand, and nobody is shown more', () => {
  assert.deepEqual([0, 1, 2, 3, 5, 6, 9].map((count) => howMany(count, FREE)), [0, 1, 1, 3, 5, 6, 6]);
});

test('who wants things still, or draws slowly, sees one; where bytes are counted none is fetched', () => {
  assert.deepEqual([{ still: true }, { slow: true }, { metered: true }, { metered: true, still: true }].map((here) => howMany(5, { ...FREE, ...here })), [1, 1, 0, 0]);
});

test('a browser that says nothing of itself is taken for a good one', () => assert.deepEqual(thisPlace({}, nothing), FREE));

for (const [said, found] of [
  [{ connection: { saveData: true } }, { metered: true }],
  [{ connection: { type: 'cellular', effectiveType: '4g' } }, { metered: true }],
  [{ connection: { effectiveType: '3g' } }, { metered: true }],
  [{ connection: { effectiveType: '4g', saveData: false } }, {}],
  [{ deviceMemory: 1 }, { slow: true }],
  [{ hardwareConcurrency: 1 }, { slow: true }],
  [{ hardwareConcurrency: 2, deviceMemory: 2 }, {}],
]) {
  test(`${JSON.stringify(said)} is understood`, () => assert.deepEqual(thisPlace(said, nothing), { ...FREE, ...found }));
}

test('what the screen says is understood', () => {
  assert.deepEqual(thisPlace({}, (query) => query.includes('reduced-motion')), { ...FREE, still: true });
  assert.deepEqual(thisPlace({}, (query) => query.includes('update')), { ...FREE, slow: true });
});

test('a machine is named only where no person made subtitles in that language', () => {
  const said = [['en', true], ['fr', true], ['de', false], ['ast', true]].map(([language, machine_made]) => ({ language, machine_made }));
  const view = { releases: [{ subtitles: ['fr', 'und'] }], seasons: [] };
  assert.deepEqual(besideOf(view, said).map((one) => `${one.language}${one.machine_made ? '*' : ''}`), ['de', 'fr', 'ast*', 'en*']);
});
