import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Strength } from '../src/lib/strength.ts';
import { readTiles, tileAt } from '../src/lib/tiles.ts';

const BASE = 'http://house/thumbnails/x.vtt';
const MAP = 'WEBVTT\n\n00:00:10.000 --> 00:00:20.000\nx/0.webp#xywh=160,0,160,90\n\n00:00.000 --> 00:10.000\nx/0.webp#xywh=0,0,160,90\n\n01:00:00.000 --> 01:00:10.000\nx/1.webp#xywh=0,90,160,90\n';

test('a moment is shown by its own part of its own sprite', () => {
  const tiles = readTiles(MAP, BASE);
  const at = (s) => tileAt(tiles, s) && [tileAt(tiles, s).url, tileAt(tiles, s).x, tileAt(tiles, s).y];
  assert.deepEqual(at(0), ['http://house/thumbnails/x/0.webp', 0, 0]);
  assert.deepEqual(at(19.9), ['http://house/thumbnails/x/0.webp', 160, 0]);
  assert.equal(at(20), null);
  assert.deepEqual(at(3605), ['http://house/thumbnails/x/1.webp', 0, 90]);
});

for (const name of ['http://elsewhere/0.webp', 'javascript:0', '//elsewhere/0.webp']) {
  test(`no picture is fetched from ${name}`, () => assert.deepEqual(readTiles(MAP.replaceAll(/x\/\d\.webp/gu, name), BASE), []));
}

/** A minute of beats. */
function judge(beat, seconds = 40) {
  const strength = new Strength();
  let found = 'none';
  for (let n = 0; n < seconds && found === 'none'; n += 1) found = strength.take({ starved: false, converted: false, dropped: 0, shown: n * 24, ...beat(n) });
  return found;
}

for (const [name, beat, expected] of [
  ['a film that runs', () => ({}), 'none'],
  ['a converted film that runs', () => ({ converted: true }), 'none'],
  ['a converted film that stands now and then', (n) => ({ converted: true, starved: n % 4 === 0 }), 'converting'],
  ['a converted film that stood once', (n) => ({ converted: true, starved: n < 3 }), 'none'],
  ['a film that waits for its bytes', () => ({ starved: false, converted: true }), 'none'],
  ['every third picture lost', (n) => ({ dropped: n * 8 }), 'showing'],
  ['a few pictures lost', (n) => ({ dropped: n }), 'none'],
]) {
  test(`${name}: ${expected}`, () => assert.equal(judge(beat), expected));
}

test('another source begins to count anew', () => {
  assert.equal(judge((n) => (n < 6 ? { dropped: n * 2, shown: n * 24 } : { dropped: 0, shown: (n - 6) * 24 })), 'none');
});
