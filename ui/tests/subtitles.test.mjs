import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bestOf, chooseAudio, chooseSubtitles, sameLanguage } from '../src/lib/subtitles/choice.ts';
import { cuesAt, isUnverified, MOST_CUES, readCues, readPictures } from '../src/lib/subtitles/cues.ts';
import { readMarkup } from '../src/lib/subtitles/markup.ts';
import { opensAsItIs, supportOf } from '../src/lib/support.ts';

const SRT = '\ufeff1\r\n00:00:01,500 --> 00:00:03,000\r\nHello,\r\n<i>world</i>\r\n\r\n2\r\n01:00:00,000 --> 01:00:02,000\r\n{\\an8}Above\r\n';
const VTT = 'WEBVTT\n\nNOTE nothing\n\nSTYLE\n::cue { color: red }\n\nid\n00:01.500 --> 00:03.000 line:5% align:start\nHello\n\n00:02.000 --> 00:04.000\nYou\n';

test('SubRip and WebVTT are read alike', () => {
  assert.deepEqual(readCues(SRT), [
    { start_s: 1.5, stop_s: 3, text: 'Hello,\n<i>world</i>', top: false, align: 'center' },
    { start_s: 3600, stop_s: 3602, text: '{\\an8}Above', top: true, align: 'center' },
  ]);
  assert.deepEqual(
    readCues(VTT).map(({ start_s, text, top, align }) => [start_s, text, top, align]),
    [[1.5, 'Hello', true, 'start'], [2, 'You', false, 'center']],
  );
});

test('the lines of a moment begin with it and end before their end', () => {
  const cues = readCues(VTT);
  const at = (s) => cuesAt(cues, s).map((cue) => cue.text);
  assert.deepEqual([at(1.4), at(1.5), at(2), at(3), at(4)], [[], ['Hello'], ['Hello', 'You'], ['You'], []]);
});

for (const [name, source] of [
  ['nothing', ''],
  ['a number', '1'],
  ['an end before its beginning', '00:00:03,000 --> 00:00:01,000\nx'],
  ['no text', '00:00:01,000 --> 00:00:02,000\n\n'],
  ['a page', '<!doctype html><script>alert(1)</script>'],
  ['one long line', 'a'.repeat(5_000_000)],
  ['arrows', '-->'.repeat(1_000_000)],
]) {
  test(`${name} has no cues`, () => assert.deepEqual(readCues(source), []));
}

test('a bomb of cues ends early', () => {
  const cues = readCues('00:00:01,000 --> 00:00:02,000\nx\n\n'.repeat(MOST_CUES + 10_000));
  assert.equal(cues.length, MOST_CUES);
  assert.ok(cuesAt(cues, 1.5).length <= 6);
});

test('pictures have a place, and come from our own server alone', () => {
  const cue = (text) => `WEBVTT\n\n00:01.000 --> 00:02.000\n${text}\n`;
  const read = (text) => readPictures(cue(text), 'http://house/subtitles/x/s3.vtt').map((one) => one.picture);
  assert.deepEqual(read('s3/1000.png#xywh=percent:10,80.5,79.9,12'), [
    { url: 'http://house/subtitles/x/s3/1000.png', left: 10, top: 80.5, width: 79.9, height: 12 },
  ]);
  for (const harm of ['http://elsewhere/a.png#xywh=percent:0,0,1,1', 'javascript:alert(1)#xywh=percent:0,0,1,1', '<img src=x>', 'a b.png#xywh=percent:0,0,1,1']) {
    assert.deepEqual(read(harm), []);
  }
});

const plain = (text) => ({ text, italic: false, bold: false, underlined: false });
for (const [text, runs] of [
  ['<i>a</i>b', [{ ...plain('a'), italic: true }, plain('b')]],
  ['<b><u>a', [{ ...plain('a'), bold: true, underlined: true }]],
  ['<v Roger>Hi</v> <c.yellow>you</c>', [plain('Hi you')]],
  ['<font color="#ff0000">red</font>', [plain('red')]],
  ['1 < 2 > 0 &amp; &lt;b&gt; &#233;', [plain('1 < 2 > 0 & <b> é')]],
  ['<script>alert(1)</script>', [plain('<script>alert(1)</script>')]],
  ['<img src=x onerror=alert(1)>', [plain('<img src=x onerror=alert(1)>')]],
  ['{\\an8}{\\i1}Up', [plain('Up')]],
  ['</i></i>x', [plain('x')]],
  ['<00:01.000>timed', [plain('timed')]],
  ['&#xd800;&#0;x', [plain('x')]],
]) {
  test(`'${text}' is drawn as text`, () => assert.deepEqual(readMarkup(text), runs));
}

const track = (id, language, more = {}) => ({ id, language, label: '', form: 'text', default: false, forced: false, hearing_impaired: false, ...more });
const TRACKS = [track('s1', 'en', { forced: true }), track('s2', 'en', { hearing_impaired: true }), track('s3', 'en'), track('s4', 'fr-CA')];

test('lines that nothing has verified are told by the first line of their file alone', () => {
  assert.ok(isUnverified('WEBVTT Not verified by the swarm\n\n00:01.000 --> 00:02.000\nHello\n'));
  assert.ok(!isUnverified('WEBVTT\n\n00:01.000 --> 00:02.000\nWEBVTT Not verified by the swarm\n'));
});

test('of a language the whole and plain one is best', () => {
  assert.equal(bestOf(TRACKS, 'en-GB')?.id, 's3');
  assert.equal(bestOf(TRACKS, 'de'), null);
  assert.ok(!sameLanguage('und', 'und'));
});

for (const [name, taste, spoken, languages, chosen] of [
  ['a film in the reader’s language has its forced lines', {}, 'en', ['en'], 's1'],
  ['a film in another has whole subtitles', {}, 'ja', ['fr', 'en'], 's4'],
  ['off stays off', { subtitles: 'off' }, 'ja', ['fr'], null],
  ['what was chosen stays chosen', { subtitles: 'fr' }, 'en', ['en'], 's4'],
  ['an unknown language is taken for understood', {}, 'und', ['fr'], null],
]) {
  test(name, () => assert.equal(chooseSubtitles(TRACKS, taste, spoken, languages), chosen));
}

test('the sound is what was chosen, or the film’s own', () => {
  const sound = (id, language, own) => ({ id, language, label: '', channels: 2, plan: 'copy', default: own });
  const tracks = [sound('a1', 'en', false), sound('a2', 'fr', true)];
  assert.equal(chooseAudio(tracks, {}), 'a2');
  assert.equal(chooseAudio(tracks, { audio: 'en' }), 'a1');
  assert.equal(chooseAudio([], {}), null);
});

const SLOW = { codec: 'vp9', width: 3840, height: 2160, frame_rate: 60, supported: true, smooth: false };

test('a browser is asked once for everything, and one yes is enough', () => {
  const knows = (...types) => (type) => types.some((one) => type.includes(one));
  const told = { decoding: [SLOW], hdr: null };
  const browser = { opens: knows('mp4', 'webm', 'matroska'), decodes: knows('avc1', 'vp9', 'mp4a.40.2', 'opus'), hdr: false, lines: 1080, told };
  assert.deepEqual(supportOf(browser, 720), {
    containers: ['mp4', 'webm', 'matroska'], video: ['h264', 'vp9'], audio: ['aac', 'opus'], hdr: false, max_height: 720, screen_height: 1080, decoding: [SLOW],
  }); // prettier-ignore
  assert.ok(opensAsItIs(browser, 'video/mp4'));
  assert.ok(!opensAsItIs(browser, 'video/x-matroska'));
  for (const [hdr, said, so] of [[true, null, true], [true, true, true], [true, false, false], [false, true, false]]) {
    assert.equal(supportOf({ ...browser, hdr, told: { ...told, hdr: said } }).hdr, so, `screen ${hdr}, browser ${said}`);
  }
});
