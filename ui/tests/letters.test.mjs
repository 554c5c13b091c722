import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foreignLetters, Letters } from '../src/lib/subtitles/letters.ts';

const line = (text) => `Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,${text}`;
const letters = (text) => [...foreignLetters([line(text)])].map((code) => String.fromCodePoint(code)).join('');

test('letters that the font at hand has are not foreign', () => {
  assert.equal(letters('Éa, Жизнь, ψυχή, שלום — ♪ 12:30 … 「」'), '');
  assert.equal(letters('one, two, 漢字 and مرحبا'), '漢字مرحبا');
});

test('overrides are no text, and fields before it neither', () => {
  assert.equal(letters('{\\fnＭＳ ゴシック}plain{\\r}'), '');
  assert.equal([...foreignLetters(['Dialogue: 0,0:00:01.00,0:00:02.00,日本,,0,0,0,,plain'])].length, 0);
});

/** A font of one table, cmap, that has these ranges. */
function font(format, ranges, collected = false) {
  const data = new DataView(new ArrayBuffer(400));
  const at = collected ? 16 : 0;
  if (collected) [0x74746366, 0x10000, 1, at].forEach((value, n) => data.setUint32(4 * n, value));
  data.setUint32(at, 0x10000);
  data.setUint16(at + 4, 1);
  [0x636d6170, 0, 100, 300].forEach((value, n) => data.setUint32(at + 12 + 4 * n, value));
  data.setUint16(102, 1);
  data.setUint32(108, 12);
  data.setUint16(112, format);
  const map = 112;
  if (format === 12) {
    data.setUint32(map + 12, ranges.length);
    ranges.forEach(([first, last], n) => [first, last].forEach((value, m) => data.setUint32(map + 16 + 12 * n + 4 * m, value)));
  } else {
    const all = [...ranges, [0xffff, 0xffff]];
    data.setUint16(map + 6, 2 * all.length);
    all.forEach(([first, last], n) => {
      data.setUint16(map + 14 + 2 * n, last);
      data.setUint16(map + 16 + 2 * all.length + 2 * n, first);
    });
  }
  return new Uint8Array(data.buffer);
}

for (const [format, collected] of [[4, false], [12, false], [4, true], [12, true]]) {
  test(`a font ${collected ? 'in a collection ' : ''}with a table of format ${format} has its letters`, () => {
    const has = new Letters();
    has.add(font(format, [[0x4e00, 0x4e10], [0x3041, 0x3096]], collected));
    assert.ok(has.has([0x4e05, 0x3042]));
    assert.ok(!has.has([0x4e05, 0x4e11]));
    assert.ok(!has.has([0xffff]));
  });
}

test('whatever bytes a font has, it ends', () => {
  const whole = font(12, [[0x4e00, 0x4e10]], true);
  for (let size = 0; size < whole.length; size += 1) new Letters().add(whole.subarray(0, size));
  for (let at = 0; at < 150; at += 1) new Letters().add(whole.map((value, n) => (n === at ? 0xff : value)));
  assert.ok(!new Letters().has([65]));
});
