import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isStyled, Lines, readDocument } from '../src/lib/subtitles/ass.ts';
import { readOwn } from '../src/lib/subtitles/own.ts';

const HEAD = '[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nStyle: Default,Arial\n\n[Events]\nFormat: Layer, Start, End, Text';
const one = 'Dialogue: 0,0:00:01.00,0:00:02.00,One';
const two = 'Dialogue: 0,0:00:02.00,0:00:04.00,Two: Dialogue: no';

test('a script is taken apart into what is shown and all else', () => {
  const { head, lines } = readDocument(`${HEAD}\r\nComment: 0,no\r\n${one}\r\n${two}\r\n`);
  assert.deepEqual(lines, [one, two]);
  assert.ok(head.startsWith(HEAD.split('\n')[0]) && head.includes('Comment: 0,no') && !head.includes('One'));
});

test('a line over a joint is drawn once, one that was written twice is drawn twice', () => {
  const lines = new Lines();
  assert.deepEqual(lines.fresh([one, two, two]), [one, two, two]);
  assert.deepEqual(lines.fresh([two, 'Dialogue: three']), ['Dialogue: three']);
});

for (const [text, expected] of [[`\ufeff${HEAD}`, true], [HEAD.toUpperCase(), true], ['1\n00:00:01,000 --> 00:00:02,000\n[Script Info]', false], ['[Script Info]\nTitle: x', false]]) {
  test(`${JSON.stringify(text.slice(0, 16))} is ${expected ? '' : 'no '}script`, () => assert.equal(isStyled(text), expected));
}

const SRT = '1\n00:00:01,000 --> 00:00:02,000\nÉté\n';
const file = (name, ...parts) => new File(parts, name);
const never = () => assert.fail('the server was asked');
const VTT = 'WEBVTT\n\n00:01.000 --> 00:02.000\nread\n';

test('plain files in UTF-8 are read in the page', async () => {
  for (const name of ['a.srt', 'a.VTT']) assert.equal((await readOwn(file(name, SRT), never)).cues[0].text, 'Été');
});

for (const [what, given, styled] of [
  ['another encoding', file('a.srt', new Uint8Array([...SRT].map((letter) => letter.charCodeAt(0) & 255))), null],
  ['a zip', file('a.zip', 'PK'), null],
  ['no name that says anything', file('notes', SRT), null],
  ['a script', file('a.ass', `${HEAD}\n${one}\n`), `${HEAD}\n${one}\n`],
  ['a script in another encoding', file('a.ass', `${HEAD}\n`, new Uint8Array([0xe9])), null],
]) {
  test(`${what}: the server reads it`, async () => {
    const asked = [];
    const found = await readOwn(given, async (sent) => (asked.push(sent), VTT));
    assert.deepEqual([asked, found.cues[0].text, found.styled], [[given], 'read', styled]);
  });
}

test('what holds no line is nothing, what goes wrong otherwise is heard of', async () => {
  assert.equal(await readOwn(file('a.srt', 'x'), async () => { throw { status: 422 }; }), null);
  assert.equal(await readOwn(file('a.srt', new Uint8Array(9 * 1024 * 1024)), never), null);
  await assert.rejects(readOwn(file('a.zip', 'x'), async () => { throw { status: 0, code: 'unreachable' }; }), { code: 'unreachable' });
});
