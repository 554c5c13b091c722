/** What this browser opens and decodes, as questions and the names the server knows. Pure but for `thisBrowser`. */

import { Capabilities } from './capabilities.ts';
import type { ClientSupport } from './wire';

/** What a browser can be asked. */
export interface Browser {
  /** Whether a `<video>` opens it as a plain file. */
  opens(type: string): boolean;
  /** Whether it decodes what segments carry. */
  decodes(type: string): boolean;
  hdr: boolean;
  /** Lines of its screen, however it is held: a film is watched lying. */
  lines: number;
  /** What it says of how well it decodes. */
  told: Capabilities;
}

/** Any of the answers is enough: browsers know the same thing under several names. */
type Questions = Readonly<Record<string, readonly string[]>>;

const CONTAINERS: Questions = {
  mp4: ['video/mp4'],
  webm: ['video/webm'],
  // Chromium opens it and says so; Safari and Firefox do neither.
  matroska: ['video/x-matroska', 'video/matroska'],
  ogg: ['video/ogg', 'audio/ogg'],
  mp3: ['audio/mpeg'],
  flac: ['audio/flac'],
  wav: ['audio/wav'],
  aac: ['audio/aac'],
};

const VIDEO: Questions = {
  h264: ['video/mp4; codecs="avc1.640028"'],
  'h264/10': ['video/mp4; codecs="avc1.6e0028"'],
  hevc: ['video/mp4; codecs="hvc1.1.6.L120.B0"', 'video/mp4; codecs="hev1.1.6.L120.B0"'],
  'hevc/10': ['video/mp4; codecs="hvc1.2.4.L120.B0"', 'video/mp4; codecs="hev1.2.4.L120.B0"'],
  vp8: ['video/webm; codecs="vp8"'],
  vp9: ['video/mp4; codecs="vp09.00.40.08"', 'video/webm; codecs="vp9"'],
  'vp9/10': ['video/mp4; codecs="vp09.02.40.10"', 'video/webm; codecs="vp09.02.40.10"'],
  av1: ['video/mp4; codecs="av01.0.08M.08"'],
  'av1/10': ['video/mp4; codecs="av01.0.08M.10"'],
  theora: ['video/ogg; codecs="theora"'],
};

const AUDIO: Questions = {
  aac: ['audio/mp4; codecs="mp4a.40.2"'],
  mp3: ['audio/mpeg', 'audio/mp4; codecs="mp4a.6B"'],
  opus: ['audio/mp4; codecs="opus"', 'audio/webm; codecs="opus"'],
  vorbis: ['audio/webm; codecs="vorbis"', 'audio/ogg; codecs="vorbis"'],
  flac: ['audio/mp4; codecs="flac"', 'audio/flac'],
  ac3: ['audio/mp4; codecs="ac-3"'],
  eac3: ['audio/mp4; codecs="ec-3"'],
};

/** Chromium says 'probably' of H.264 with 10 bits and has no decoder for it. */
const LIES: Readonly<Record<string, true>> = { 'h264/10': true };

export function supportOf(browser: Browser, maxHeight = 0): ClientSupport {
  const yes = (questions: Questions, ask: (type: string) => boolean): string[] =>
    Object.entries(questions).flatMap(([name, types]) => (!(name in LIES) && types.some(ask) ? [name] : []));
  return {
    containers: yes(CONTAINERS, browser.opens),
    video: yes(VIDEO, browser.decodes),
    audio: yes(AUDIO, browser.decodes),
    hdr: browser.hdr && browser.told.hdr !== false,
    max_height: maxHeight,
    screen_height: browser.lines,
    decoding: [...browser.told.decoding],
  };
}

/** Whether a file of this type is most likely played as it is, so that it need not be asked first. */
export function opensAsItIs(browser: Browser, mediaType: string): boolean {
  // What is in a Matroska file is anybody's guess; in the others it is nearly always what browsers decode.
  return !/matroska/iu.test(mediaType) && browser.opens(mediaType);
}

interface Managed {
  ManagedMediaSource?: typeof MediaSource;
}

export function mediaSource(): typeof MediaSource | undefined {
  return (globalThis as Managed).ManagedMediaSource ?? (globalThis as { MediaSource?: typeof MediaSource }).MediaSource;
}

let told: Capabilities | null = null;

/** What this browser has said of how well it decodes, so far. */
function capabilities(): Capabilities {
  const asked = (navigator as { mediaCapabilities?: MediaCapabilities }).mediaCapabilities ?? null;
  told ??= new Capabilities(asked, mediaSource() === undefined ? 'file' : 'media-source');
  return told;
}

/** Ask this browser how well it decodes what it decodes; nobody waits for it. */
export function askEarly(): Promise<void> {
  const browser = thisBrowser();
  return browser.told.learn(supportOf(browser).video);
}

/** The browser this page is in. An iPhone has no MediaSource: there the element itself is asked. */
export function thisBrowser(): Browser {
  const element = document.createElement('video');
  const source = mediaSource();
  const opens = (type: string): boolean => element.canPlayType(type) !== '';
  return {
    opens,
    decodes: (type) => source?.isTypeSupported(type) === true || element.canPlayType(type) === 'probably',
    hdr: matchMedia('(dynamic-range: high)').matches,
    lines: Math.round(Math.min(screen.width, screen.height) * devicePixelRatio),
    told: capabilities(),
  };
}
