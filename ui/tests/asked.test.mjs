/** What others say to a search, put together: nothing that stands moves, and nobody's fault is another's. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asking, ended, grown, heard } from '../src/lib/asked.ts';

const card = (id, title = id) => ({ id, title });
const WHO = ['archive', 'tube'].map((id) => ({ id, name: id, home: `https://${id}.example` }));
const answer = (provider, more) => ({ provider, titles: [], found: 0, kept_at: null, trouble: null, last: false, ...more });

test('grown when more comes then what stands keeps its place, is shown as it is now, and each is there once', () => {
  const before = [card('a'), card('b')];
  const after = grown(before, [card('c'), card('b', 'B'), card('c', 'C')]);
  assert.deepEqual(after, [card('a'), card('b', 'B'), card('c', 'C')]);
  assert.equal(after[0], before[0]);
  assert.deepEqual(grown([], []), []);
});

test('heard when parts come then they are counted for the one who gave them', () => {
  let told = asking(WHO);
  told = heard(told, answer('archive', { found: 3 }), 2);
  told = heard(told, answer('archive', { found: 1, last: true }), 1);
  assert.deepEqual(told.map(({ provider, asking: still, more, found }) => [provider.id, still, more, found]), [['archive', false, 3, 4], ['tube', true, 0, 0]]);
});

test('heard when one is away then what it knew stands in with its day, and those not heard in the end have failed', () => {
  const trouble = { code: 'source-unreachable', message: 'away', retry_after_s: null };
  let told = heard(asking(WHO), answer('archive', { trouble, kept_at: '2026-11-24T00:00:00Z', last: true }), 1);
  told = ended(told, 'unreachable');
  assert.deepEqual(told.map(({ trouble: why, keptAt, asking: still }) => [why, keptAt, still]), [['source-unreachable', '2026-11-24T00:00:00Z', false], ['unreachable', null, false]]);
});

test('heard when half came before the fault then it is not said to be old', () => {
  const told = heard(asking(WHO), answer('tube', { trouble: { code: 'bad-source', message: '', retry_after_s: null }, last: true }), 0);
  assert.equal(told[1].keptAt, null);
});
