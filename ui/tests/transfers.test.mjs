/** What torrents do while nobody plays them: order, sums, and the days of quiet hours. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { before, coming, isMoving, left_s, part, placeFor, readDays, sums, whole, writeDays } from '../src/lib/transfers.ts';

const film = (place, more = {}) => ({
  info_hash: String(place),
  state: 'downloading',
  fetching: 'queued',
  queue_position: place,
  added_at: `2026-11-2${place}T20:00:00Z`,
  rates: { down_bytes_per_s: 0, up_bytes_per_s: 0 },
  progress: { bytes_done: 25, bytes_total: 100, fraction: 0.25 },
  wanted: { bytes_done: 0, bytes_total: 0 },
  giving: { complete_since: null },
  ...more,
});
const now = film(2, { fetching: 'now', rates: { down_bytes_per_s: 500_000, up_bytes_per_s: 0 }, wanted: { bytes_done: 1e6, bytes_total: 4e6 } });
const first = film(0);
const last = film(4);
const done = film(1, { state: 'complete', fetching: 'here', rates: { down_bytes_per_s: 0, up_bytes_per_s: 90_000 }, giving: { complete_since: '2026-11-25T00:00:00Z' } });
const done_later = film(3, { state: 'complete', giving: { complete_since: '2026-11-26T00:00:00Z' } });
const all = [last, done, now, first, done_later];

test('what is on its way stands in its order, and what is whole by when it was', () => {
  assert.deepEqual(coming(all), [first, now, last]);
  assert.deepEqual(whole(all), [done_later, done]);
});

test('together they are what each of them is', () => {
  assert.deepEqual(sums(all), { down: 500_000, up: 90_000, now: 1, waiting: 2, given: 1 });
  assert.ok(isMoving(sums(all)));
  assert.ok(!isMoving(sums([film(0, { fetching: 'as-watched' }), film(1, { state: 'paused' })])));
  assert.ok(isMoving(sums([film(0, { fetching: 'as-watched', rates: { down_bytes_per_s: 9000, up_bytes_per_s: 0 } })])));
});

test('before one that waits stand those that are fetched and those that come sooner', () => {
  assert.equal(before(first, all), 1);
  assert.equal(before(last, all), 2);
});

test('what is left is counted of what is taken, and not said where nothing comes', () => {
  assert.equal(left_s(now), 6);
  assert.equal(left_s(last), null);
  assert.equal(part(now), 0.25);
  assert.equal(part(film(0, { wanted: { bytes_done: 3, bytes_total: 4 } })), 0.75);
});

test('one step up or down leads to the place of the neighbour, and nowhere at an end', () => {
  const shown = coming(all);
  assert.equal(placeFor(now, shown, -1), 0);
  assert.equal(placeFor(now, shown, 1), 4);
  assert.equal(placeFor(first, shown, -1), null);
  assert.equal(placeFor(last, shown, 1), null);
  assert.equal(placeFor(done, shown, 1), null);
});

test('days are read and written, and none is every one', () => {
  assert.deepEqual(readDays('Mon, sun'), [true, false, false, false, false, false, true]);
  assert.ok(readDays('').every(Boolean));
  assert.equal(writeDays(readDays('mon, sun')), 'mon,sun');
  assert.equal(writeDays(Array(7).fill(true)), '');
  assert.equal(writeDays(Array(7).fill(false)), '');
});
