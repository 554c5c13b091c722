/** What a browser keeps of the page, and the icons that are drawn for it. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { draw, ICONS, read } from '../make/icons.mjs';
import { kindOf, surplus } from '../src/lib/keeping.ts';

const SVG = readFileSync(new URL('../public/icon.svg', import.meta.url), 'utf8');
const FILES = new Set(['/assets/index-abc.js', '/theme.js']);
const kept = (path, mode = 'cors', method = 'GET') => kindOf({ method, mode }, new URL(path, 'http://127.0.0.1:8642'), FILES);

test('the page, what it is made of, and what everybody here may know are kept', () => {
  assert.equal(kept('/', 'navigate'), 'shell');
  assert.equal(kept('/assets/index-abc.js', 'no-cors'), 'file');
  assert.equal(kept('/api/v1/shelves'), 'told');
  assert.equal(kept('/api/v1/titles/nosferatu-1922'), 'told');
  assert.equal(kept('/pictures/nosferatu-1922/poster-1a2b-240.webp', 'no-cors'), 'told');
});

test('nothing of people, no film, no search and no change is kept', () => {
  const never = ['torrents', 'library?profile=home', 'profiles', 'progress', 'watchlist', 'history', 'settings', 'receipt', 'events', 'playback/abc', 'titles?query=x', 'shelves?profile=home', 'titles/x/forecast', 'access'];
  assert.deepEqual(never.map((path) => kept(`/api/v1/${path}`)).filter((kind) => kind !== null), []);
  const streams = ['/stream/' + 'a'.repeat(40) + '/0', '/hls/s/master.m3u8', '/subtitles/s/1.vtt', '/thumbnails/s.vtt', '/assets/index-old.js', '/sw.js', '/'];
  assert.deepEqual(streams.map((path) => kept(path)).filter((kind) => kind !== null), []);
  assert.deepEqual(['POST', 'PUT', 'DELETE', 'HEAD'].map((method) => kept('/api/v1/titles/nosferatu-1922', 'cors', method)), [null, null, null, null]);
});

test('the oldest go when there are too many', () => {
  assert.deepEqual(surplus(['a', 'b', 'c'], 2), ['a']);
  assert.deepEqual(surplus(['a'], 2), []);
});

/** The picture's own pixels, four bytes each. */
function pixels(png) {
  const size = png.readUInt32BE(16);
  const start = png.indexOf('IDAT');
  const rows = inflateSync(png.subarray(start + 4, start + 4 + png.readUInt32BE(start - 4)));
  return { size, at: (x, y) => [...rows.subarray(y * (size * 4 + 1) + 1 + x * 4, y * (size * 4 + 1) + 5 + x * 4)] };
}

test('an icon has its lamp on a dark wall; a launcher that cuts its corners finds none transparent', () => {
  const [small] = ICONS;
  const drawn = pixels(draw(SVG, small));
  assert.equal(drawn.size, small.size);
  assert.deepEqual(drawn.at(60, 114), [0xf2, 0xa9, 0x3b, 255]);
  assert.deepEqual(drawn.at(96, 180), [0x17, 0x12, 0x1b, 255]);
  assert.equal(drawn.at(0, 0)[3], 0);
  const whole = pixels(draw(SVG, { size: 64, whole: true, safe: true }));
  assert.deepEqual([whole.at(0, 0), whole.at(63, 63)].map((pixel) => pixel[3]), [255, 255]);
});

test('an icon that has more than can be drawn is refused', () => {
  assert.throws(() => read('<svg><path d="M0 0"/></svg>'), /<path>/u);
  assert.throws(() => read('<svg><rect width="64" height="64" fill="red"/></svg>'), /red/u);
});
