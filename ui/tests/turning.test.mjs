import assert from 'node:assert/strict';
import { test } from 'node:test';
import { breach, breaches } from '../make/turning.mjs';

test('what names a side is found, also among four values', () => {
  for (const [property, value] of [
    ['left', '0'], ['margin-left', '1px'], ['padding-right', '0'], ['scroll-margin-left', '1px'], ['border-left', '0'], ['border-right-width', '0'],
    ['border-top-left-radius', '4px'], ['text-align', 'left'], ['float', 'right'], ['inset', 'auto 0 0 auto'], ['padding', '0 1px 0 calc(2px + (1px))'],
    ['border-radius', '4px 0'], ['border-radius', '4px 4px 0 1px'],
  ]) assert.notEqual(breach(property, value), '', `${property}: ${value}`); // prettier-ignore
});

test('what turns with the page is not', () => {
  for (const [property, value] of [
    ['inset-inline-start', '0'], ['text-align', 'start'], ['margin', '0 auto'], ['inset', 'auto 0 0'], ['padding', '1px max(2px, 3px) 4px max(2px, 3px)'],
    ['border-radius', '50%'], ['border-radius', '4px 4px 0 0'], ['background-position', 'left top'],
  ]) assert.equal(breach(property, value), '', `${property}: ${value}`); // prettier-ignore
});

test('a breach is told by its line, unless it says why', () => {
  const text = '<p>left: 1;</p>\n<style>\n  p {\n    color: red;\n    left: 0;\n    /* physical: a bar */\n    right: 0;\n    /* left: 2; */\n  }\n</style>';
  assert.deepEqual(breaches(text, false).map(({ line }) => line), [5]);
  assert.deepEqual(breaches('a {\n  float: left;\n}', true).map(({ line }) => line), [2]);
});
