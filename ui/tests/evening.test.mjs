/** An evening before the player: whether anybody still watches, and what the curious see of it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aheadOf, piecesOf, Senders } from '../src/lib/figures.ts';
import { Vigil } from '../src/lib/vigil.ts';

const HOUR = 3_600_000;

test('after three episodes in which nothing was touched somebody is asked', () => {
  const vigil = new Vigil(0);
  assert.deepEqual([vigil.over(HOUR / 3), vigil.over(HOUR / 2), vigil.over(HOUR)], [false, false, true]);
});

test('whoever touches anything begins anew', () => {
  const vigil = new Vigil(0);
  vigil.over(1);
  vigil.over(2);
  vigil.touch(3);
  assert.deepEqual([vigil.over(4), vigil.over(5), vigil.over(6)], [false, false, true]);
});

test('after three hours one episode is enough to ask', () => {
  assert.equal(new Vigil(0).over(3 * HOUR - 1), false);
  assert.equal(new Vigil(0).over(3 * HOUR), true);
});

test('pieces are counted whole, the last one too, and those ahead from the one that is shown', () => {
  assert.deepEqual(piecesOf([[0, 250], [900, 950]], 950, 100, 0.5), { here: 3, all: 10, ahead: 5 });
  assert.deepEqual(piecesOf([[0, 950]], 950, 100, 0), { here: 10, all: 10, ahead: 0 });
  assert.deepEqual(piecesOf([[50, 160]], 950, 100, 1), { here: 0, all: 10, ahead: 1 });
});

test('of a film of which nothing is known no pieces are counted', () => {
  assert.equal(piecesOf([], 0, 100, 0), null);
  assert.equal(piecesOf([[0, 10]], 10, 0, 0), null);
});

test('a browser is ahead by what it holds from the picture on, and not by what lies behind a gap', () => {
  const held = (...spans) => ({ length: spans.length, start: (n) => spans[n][0], end: (n) => spans[n][1] });
  assert.equal(aheadOf(held([0, 12], [40, 60]), 5), 7);
  assert.equal(aheadOf(held([0, 12], [40, 60]), 20), 0);
  assert.equal(aheadOf(held(), 0), 0);
});

const other = (address, bytes_down, kind = 'peer') => ({ address, client: `client of ${address}`, kind, bytes_down, bytes_up: 0, progress: 1 });
const told = (peers, web_hosts = []) => ({ peers, web_hosts });

test('who sends is told by what came between two looks, the fastest first', () => {
  const senders = new Senders();
  assert.equal(senders.take(told([other('a', 100), other('b', 100)]), 0), null);
  const found = senders.take(told([other('a', 100), other('b', 700), other('new', 2100)], [other('archive.example', 4100, 'web-host')]), 2000);
  assert.deepEqual(found, {
    all: 3,
    first: [
      { name: 'archive.example', isHost: true, bytes_per_s: 2050 },
      { name: 'client of new', isHost: false, bytes_per_s: 1050 },
      { name: 'client of b', isHost: false, bytes_per_s: 300 },
    ],
  });
});

test('two connections of one peer are one sender, one that came back counts from nothing, and only the first few are named', () => {
  const senders = new Senders();
  senders.take(told([other('a', 100), other('a', 50)]), 0);
  assert.deepEqual(senders.take(told([other('a', 100), other('a', 150)]), 1000).first, [{ name: 'client of a', isHost: false, bytes_per_s: 100 }]);
  const many = Array.from({ length: 9 }, (_, n) => other(`${n}`, n + 1));
  const found = senders.take(told([other('a', 10), ...many]), 2000);
  assert.deepEqual([found.all, found.first.length], [9, 4]);
});
