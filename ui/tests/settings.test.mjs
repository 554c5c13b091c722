/** Settings are found by what they do, in whatever letters somebody types. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folded, GROUPS, isFound } from '../src/lib/setting-groups.ts';

test('each setting stands in one group alone', () => {
  const all = GROUPS.flatMap((group) => group.settings);
  assert.equal(new Set(all).size, all.length);
});

test('a setting is found by beginnings of its words, in any order, without accents and case', () => {
  const text = 'Donner, au plus. Baissez-le si appels ou jeux saccadent. Débit, l’envoi';
  for (const wanted of ['débit', 'DEBIT', 'jeux app', 'envoi', '  ', 'saccad', 'cadent']) assert.ok(isFound(wanted, text), wanted);
  for (const wanted of ['débits', 'jeux films', 'ux', 'eux']) assert.ok(!isFound(wanted, text), wanted);
});

test('whatever is looked for, nothing breaks', () => {
  for (const wanted of ['(', '\\', '*', '\u202e', '🎬', 'a'.repeat(10_000)]) assert.equal(typeof isFound(wanted, 'Country'), 'boolean');
  assert.equal(folded('L’Été'), 'l ete');
});
