import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCues } from '../src/lib/subtitles/cues.ts';
import { saying } from '../src/lib/subtitles/held.ts';
import { CueWindows } from '../src/lib/subtitles/windows.ts';

/** A server that answers when it is told to. */
function server() {
  const asked = [];
  const fetch = (url, signal) =>
    new Promise((give, fail) => {
      const [, from, to] = /from=([\d.]+)&to=([\d.]+)/u.exec(url).map(Number);
      const one = { from, to, aborted: false, give: () => give(`WEBVTT\n\n00:00.000 --> 99:00.000\n${from}\n`), fail };
      signal.addEventListener('abort', () => ((one.aborted = true), fail(signal.reason)));
      asked.push(one);
    });
  return { asked, windows: new CueWindows('/s', fetch, readCues, () => undefined) };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));
const said = (windows, at) => windows.near(at).map((cue) => cue.text);

test('what is asked begins at the moment itself, and goes on after it', async () => {
  const { asked, windows } = server();
  windows.want(60.5);
  windows.want(60.6);
  assert.deepEqual(asked.map(({ from, to }) => [from, to]), [[60.5, 68.5]]);
  asked[0].give();
  await turn();
  assert.deepEqual([said(windows, 60.4), said(windows, 60.5), said(windows, 68.5)], [[], ['60.5'], []]);
  windows.want(61);
  assert.equal(asked[1].from, 68.5);
  asked[1].give();
  await turn();
  windows.want(61);
  assert.equal(asked.length, 2);
  windows.want(70);
  assert.equal(asked[2].from, 76.5);
});

test('what was asked before a jump is given up, and the gap before what is known is closed without asking twice', async () => {
  const { asked, windows } = server();
  windows.want(10);
  windows.want(300);
  assert.ok(asked[0].aborted);
  asked[1].give();
  await turn();
  windows.want(297);
  assert.deepEqual([asked[2].from, asked[2].to], [297, 300]);
});

test('an answer that comes too late is not taken', async () => {
  const { asked, windows } = server();
  windows.want(10);
  windows.close();
  asked[0].give();
  await turn();
  assert.deepEqual(said(windows, 10), []);
});

test('a failure is not asked again at once', async () => {
  const { asked, windows } = server();
  windows.want(10);
  asked[0].fail(new Error('no'));
  await turn();
  windows.want(10.1);
  assert.equal(asked.length, 1);
  windows.close();
});

test('who asks for lines of a picture that is here says until when it is', () => {
  const stretches = [[0, 4], [12, 20.5]];
  const held = { length: 2, start: (n) => stretches[n][0], end: (n) => stretches[n][1] };
  assert.equal(saying('/s.vtt?from=12.5&to=20.5', held), '/s.vtt?from=12.5&to=20.5&held=20.5');
  assert.equal(saying('/s.vtt?from=4&to=12', held), '/s.vtt?from=4&to=12');
  assert.equal(saying('/s.ass', held), '/s.ass');
  assert.equal(saying('/s.vtt?from=1&to=9', undefined), '/s.vtt?from=1&to=9');
});
