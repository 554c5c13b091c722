/** How a title is passed on. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linksOf, subtitlesOf } from '../src/lib/links.ts';

const HERE = 'http://127.0.0.1:8642';
const release = (more) => ({ archive: null, magnet: null, url: null, subtitles: [], ...more });
const view = (releases, standing = 'allowed') => ({ id: 'film-1922', releases, rights: { standing } });
const MAGNET = `magnet:?xt=urn:btih:${'a'.repeat(40)}`;

test('an archive has a page for everybody, a torrent has its link, and this page is for the house', () => {
  assert.deepEqual(linksOf(view([release({ archive: 'Some item' }), release({ magnet: MAGNET })]), '', HERE), [
    { kind: 'web', url: 'https://archive.org/details/Some%20item' },
    { kind: 'magnet', url: MAGNET },
    { kind: 'here', url: `${HERE}/#/title/film-1922` },
  ]);
});

test('the torrent that is here is the one that is passed on', () => {
  const mine = `magnet:?xt=urn:btih:${'b'.repeat(40)}`;
  assert.deepEqual(linksOf(view([release({ magnet: MAGNET })]), mine, HERE)[0], { kind: 'magnet', url: mine });
});

test('what nobody knows to be free has no address but this page', () => {
  for (const standing of ['not-known', 'not-allowed']) assert.deepEqual(linksOf(view([release({ archive: 'x', magnet: MAGNET })], standing), MAGNET, HERE).map(({ kind }) => kind), ['here']);
});

for (const url of ['javascript:alert(1)', 'http://plain.example/a', 'data:text/html,x', 'no address']) {
  test(`${url} is not passed on`, () => assert.deepEqual(linksOf(view([release({ url })]), url, HERE).map(({ kind }) => kind), ['here']));
}

test('subtitles of all its films are told, each language once, and the nameless not at all', () => {
  const seasons = [{ number: 1, episodes: [{ releases: [release({ subtitles: ['de', 'fr'] })] }, { releases: [] }] }];
  assert.deepEqual(subtitlesOf({ releases: [release({ subtitles: ['fr', 'und', 'en'] })], seasons }), ['de', 'en', 'fr']);
});
