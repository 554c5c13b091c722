import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mainFile, ordered } from '../src/lib/files.ts';
import { readSource } from '../src/lib/source.ts';
import { readTitle, shorten, visible } from '../src/lib/title.ts';

const HASH = 'a'.repeat(40);

for (const [name, title, year] of [
  ['Big Buck Bunny (2008)', 'Big Buck Bunny', 2008],
  ['Nosferatu.1922.1080p.BluRay.x264.mkv', 'Nosferatu', 1922],
  ['Sita_Sings_the_Blues_2008_720p.mp4', 'Sita Sings the Blues', 2008],
  ['2001 A Space Odyssey (1968)', '2001 A Space Odyssey', 1968],
  ['1984', '1984', null],
  ['Big Buck Bunny (trailer)', 'Big Buck Bunny', null],
  ['bbb.mp4', 'bbb', null],
  ['', '…', null],
]) {
  test(`the title of '${name}' is '${title}'`, () => assert.deepEqual(readTitle(name), { title, year }));
}

test('marks that turn or hide text have no place in a title', () => {
  assert.equal(visible('\u202e4pm.exe\u2069\u200b\u0007 x'), '4pm.exe x');
});

test('marks piled on a letter end where a language would', () => {
  assert.equal(visible(`a${'\u0351'.repeat(50)}b`), `a${'\u0351'.repeat(3)}b`);
});

test('a headline is cut at a word, and a square letter counts twice', () => {
  assert.equal(shorten('A Trip to the Moon'), 'A Trip to the Moon');
  assert.ok(shorten('word '.repeat(40)).length <= 65);
  assert.ok(Array.from(shorten('東京物語'.repeat(40))).length <= 33);
  assert.equal(shorten('A'.repeat(200)).at(-1), '…');
});

for (const [text, source] of [
  [` magnet:?xt=urn:btih:${HASH} `, { kind: 'magnet', magnet: `magnet:?xt=urn:btih:${HASH}` }],
  [HASH, { kind: 'magnet', magnet: `magnet:?xt=urn:btih:${HASH}` }],
  ['A'.repeat(64), { kind: 'magnet', magnet: `magnet:?xt=urn:btmh:1220${'A'.repeat(64)}` }],
  ['https://example.org/a.torrent', { kind: 'url', url: 'https://example.org/a.torrent' }],
  ['javascript:alert(1)', null],
  ['https://example.org/a b', null],
  ['the general', null],
]) {
  test(`'${text.slice(0, 24)}' is ${source === null ? 'nothing to open' : `a ${source.kind}`}`, () => assert.deepEqual(readSource(text), source));
}

test('a series begins with its first episode, whichever is the largest', () => {
  const files = ['Season 1/E10.mkv', 'Season 1/E2.mkv', 'Season 1/E1.mkv', 'Extras/Trailer.mkv'].map((path, index) => ({ index, path, length: path.includes('Trailer') ? 30 : 100 - index, media_type: 'video/x-matroska', stream_url: '' }));
  assert.deepEqual(ordered(files).map((one) => one.index), [2, 1, 0, 3]);
  assert.equal(mainFile({ files }).index, 2);
});

test('films come before sound, sound before the rest, and the largest film is the main one', () => {
  const file = (index, path, length, media_type = 'application/octet-stream') => ({ index, path, length, media_type, stream_url: '' });
  const files = [file(0, 'notes.txt', 9), file(1, 'song.mp3', 50), file(2, 'trailer.mp4', 10), file(3, 'film.mkv', 40)];
  assert.deepEqual(ordered(files).map((one) => one.index), [3, 2, 1, 0]);
  assert.equal(mainFile({ files }).index, 3);
  assert.equal(mainFile({ files: [files[0]] }), null);
});
