import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Capabilities } from '../src/lib/capabilities.ts';

/** A browser that decodes smoothly up to so many lines, and what it was asked. */
function browser({ smooth = 9999, hdr = true, supported = () => true } = {}) {
  const asked = [];
  const decodingInfo = (about) => {
    asked.push(about);
    const { height, hdrMetadataType } = about.video;
    return Promise.resolve({ supported: supported(about.video) && (hdr || hdrMetadataType === undefined), smooth: height <= smooth, powerEfficient: false });
  };
  return { asked, decodingInfo };
}

const VIDEO = { codec: 'vp9', codec_string: 'vp09.00.50.08', width: 3840, height: 1600, frame_rate: 24, bit_depth: 8, hdr: null };
const film = (video = {}, view = {}) => ({ kind: 'hls', way: 'remux', video: { ...VIDEO, ...video }, ...view });

test('what it decodes is asked about once, at sizes that films have, by names that say so', async () => {
  const one = browser({ smooth: 1080 });
  const told = new Capabilities(one, 'media-source');
  await Promise.all([told.learn(['h264', 'vp9/10', 'theora']), told.learn(['av1'])]);
  assert.equal(told.decoding.length, 10);
  assert.deepEqual(told.decoding[0], { codec: 'h264', width: 1280, height: 720, frame_rate: 30, supported: true, smooth: true });
  assert.equal(told.decoding.filter(({ smooth }) => !smooth).every(({ height }) => height === 2160), true);
  assert.equal(told.hdr, true);
  assert.deepEqual(one.asked.filter(({ video }) => video.hdrMetadataType === 'smpteSt2086').map(({ video }) => video.contentType), ['video/mp4; codecs="vp09.02.40.10"']);
  assert.ok(one.asked.every(({ type, video }) => type === 'media-source' && video.bitrate > 0 && video.framerate > 0));
});

test('a browser that cannot be asked, or throws, has said nothing', async () => {
  const dumb = new Capabilities(null, 'file');
  await dumb.learn(['h264']);
  assert.equal(await dumb.judge(film(), 1e6), false);
  const angry = new Capabilities({ decodingInfo: () => Promise.reject(new TypeError('what?')) }, 'file');
  await angry.learn(['h264', 'hevc/10']);
  assert.equal(await angry.judge(film(), 1e6), false);
  assert.deepEqual([dumb.decoding, dumb.hdr, angry.decoding, angry.hdr], [[], null, [], null]);
});

for (const [name, of, view, options, rather] of [
  ['a film that runs', {}, {}, {}, false],
  ['a film that stutters', {}, {}, { smooth: 1080 }, true],
  ['a film that cannot be decoded at its size', {}, {}, { supported: () => false }, true],
  ['a film that is converted already', {}, { way: 'transcode' }, { smooth: 1080 }, false],
  ['a film whose codec has no name', { codec_string: null }, {}, { smooth: 1080 }, false],
  ['a film that nobody asks about', { codec: 'theora' }, {}, { smooth: 1080 }, false],
  ['a film of an unknown rate', { frame_rate: 0 }, {}, { smooth: 1080 }, true],
  ['HDR that is understood', { hdr: 'hdr10', bit_depth: 10 }, {}, {}, false],
  ['HDR that is not', { hdr: 'hdr10', bit_depth: 10 }, {}, { hdr: false }, true],
  ['HDR that is shown to all', { hdr: 'hlg', bit_depth: 10 }, {}, { hdr: false }, false],
]) {
  test(`${name}: ${rather ? 'another picture' : 'this one'}, and asked once`, async () => {
    const one = browser(options);
    const told = new Capabilities(one, 'media-source');
    assert.equal(await told.judge(film(of, view), 5e5), rather);
    assert.equal(await told.judge(film(of, view), 5e5), false, 'the server has heard it');
    const [first] = one.asked;
    if (first !== undefined) assert.deepEqual([first.video.width, first.video.height, first.video.bitrate], [3840, 1600, 4e6]);
  });
}

test('of what is learned no more is kept than the server takes', async () => {
  const told = new Capabilities(browser(), 'file');
  for (let height = 1; height <= 300; height += 1) await told.judge(film({ height }, { kind: 'direct' }), 1);
  assert.equal(told.decoding.length, 100);
  assert.equal(told.decoding.at(-1).height, 300);
});
