import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asked, hereUntil, isWhole, priceAt, stretches } from '../src/lib/seek.ts';

/** 100 bytes, 100 seconds: a byte is a second, and the film needs one byte a second. */
const film = (spans, at, rate) => ({ length: 100, piece_length: 0, spans, at, duration_s: 100, rate_bytes_per_s: rate });
const kinds = (playing, kind) => stretches(playing).filter((one) => one.kind === kind).map(({ start, stop }) => [start, stop]);

test('what is here is shown where it is', () => {
  assert.deepEqual(kinds(film([[0, 10], [50, 60]], 0, 0), 'here'), [[0, 0.1], [0.5, 0.6]]);
});

test('what arrives faster than it plays will be there in time', () => {
  assert.deepEqual(kinds(film([[0, 10]], 0, 2), 'coming'), [[0.1, 1]]);
});

test('what arrives more slowly than it plays will be there up to where the picture catches up', () => {
  // Ten seconds are here; each second plays one byte and brings half: at twenty the picture has caught up.
  assert.deepEqual(kinds(film([[0, 10]], 0, 0.5), 'coming'), [[0.1, 0.2]]);
});

test('nothing will be there when nothing arrives', () => {
  assert.deepEqual(kinds(film([[0, 10]], 0, 0), 'coming'), []);
});

test('what lies behind the picture is not waited for', () => {
  for (const [start] of kinds(film([[0, 10]], 0.5, 2), 'coming')) assert.ok(start >= 0.5);
});

test('no stretch leaves the film or overlaps another, whatever is here', () => {
  let seed = 7;
  const draw = (most) => ((seed = (seed * 1103515245 + 12345) % 2 ** 31), seed % most);
  for (let round = 0; round < 500; round += 1) {
    const marks = [...new Set(Array.from({ length: 2 * (1 + draw(8)) }, () => draw(101)))].sort((a, b) => a - b);
    const spans = [];
    for (let at = 0; at + 1 < marks.length; at += 2) spans.push([marks[at], marks[at + 1]]);
    const shown = stretches(film(spans, draw(100) / 100, draw(4))).sort((a, b) => a.start - b.start);
    shown.forEach((one, at) => {
      assert.ok(0 <= one.start && one.start < one.stop && one.stop <= 1);
      if (at > 0) assert.ok(shown[at - 1].stop <= one.start + 1e-9);
    });
  }
});

test('a place that is here costs nothing, one that is not costs its missing bytes', () => {
  const playing = film([[0, 10]], 0, 1.5);
  assert.equal(priceAt(playing, 0.05), 0);
  assert.equal(priceAt(playing, 0.5), 2);
  assert.equal(priceAt({ ...playing, rate_bytes_per_s: 0 }, 0.5), null);
});

test('a place costs whole pieces, as many as are missing', () => {
  const playing = { ...film([[0, 20], [70, 80]], 0, 2), piece_length: 10 };
  assert.equal(priceAt(playing, 0.5), 5);
  // Three seconds over a joint of two pieces, and up to where it is here again.
  assert.equal(priceAt(playing, 0.48), 10);
  assert.equal(priceAt(playing, 0.69), 5);
  assert.equal(priceAt(playing, 0.18), 5);
  // The last piece is shorter, and the end of the film has a price too.
  assert.equal(priceAt({ ...playing, piece_length: 15 }, 0.99), 2.5);
  assert.equal(priceAt(playing, 1), 5);
});

test('a swarm that rests is counted on as it last was, one that is waited for is not', () => {
  const resting = film([[0, 10]], 0, 0);
  assert.equal(priceAt(asked(resting, false, 1.5), 0.5), 2);
  assert.equal(priceAt(asked(resting, true, 1.5), 0.5), null);
  assert.equal(priceAt(asked(film([[0, 10]], 0, 3), false, 1.5), 0.5), 1);
});

test('a film is whole when nothing is missing', () => {
  assert.deepEqual([film([[0, 100]], 0, 0), film([[0, 99]], 0, 0), film([[1, 100]], 0, 0), film([], 0, 0)].map(isWhole), [true, false, false, false]);
  assert.equal(isWhole({ ...film([], 0, 0), length: 0 }), false);
});

test('it plays without waiting to the end of what holds the picture', () => {
  assert.equal(hereUntil([[0, 10], [50, 60]], 100, 0.55), 0.6);
  assert.equal(hereUntil([[0, 10]], 100, 0.3), 0.3);
});
