/** How well this browser decodes, as it says itself. It is asked early and its answers are kept: no film waits for them. Pure but for `capabilities`. */

import type { Decoding, PlaybackView } from './wire';

/** What a browser is asked by: `navigator.mediaCapabilities`, or another one. */
export type Asked = Pick<MediaCapabilities, 'decodingInfo'>;

interface Size {
  width: number;
  height: number;
  frame_rate: number;
  bitrate: number;
}

const SIZES: readonly Size[] = [
  { width: 1280, height: 720, frame_rate: 30, bitrate: 4e6 },
  { width: 1920, height: 1080, frame_rate: 30, bitrate: 8e6 },
  { width: 1920, height: 1080, frame_rate: 60, bitrate: 12e6 },
  { width: 3840, height: 2160, frame_rate: 30, bitrate: 24e6 },
  { width: 3840, height: 2160, frame_rate: 60, bitrate: 40e6 },
];

/** The codecs' names in MP4, at the level that each of the sizes needs. */
const LEVELS: Readonly<Record<string, readonly [string, string, string, string, string]>> = {
  h264: ['avc1.64001F', 'avc1.640028', 'avc1.64002A', 'avc1.640033', 'avc1.640034'],
  hevc: ['hvc1.1.6.L93.B0', 'hvc1.1.6.L120.B0', 'hvc1.1.6.L123.B0', 'hvc1.1.6.L150.B0', 'hvc1.1.6.L153.B0'],
  'hevc/10': ['hvc1.2.4.L93.B0', 'hvc1.2.4.L120.B0', 'hvc1.2.4.L123.B0', 'hvc1.2.4.L150.B0', 'hvc1.2.4.L153.B0'],
  vp9: ['vp09.00.31.08', 'vp09.00.40.08', 'vp09.00.41.08', 'vp09.00.50.08', 'vp09.00.51.08'],
  'vp9/10': ['vp09.02.31.10', 'vp09.02.40.10', 'vp09.02.41.10', 'vp09.02.50.10', 'vp09.02.51.10'],
  av1: ['av01.0.05M.08', 'av01.0.08M.08', 'av01.0.09M.08', 'av01.0.12M.08', 'av01.0.13M.08'],
  'av1/10': ['av01.0.05M.10', 'av01.0.08M.10', 'av01.0.09M.10', 'av01.0.12M.10', 'av01.0.13M.10'],
};

const HDR10 = { hdrMetadataType: 'smpteSt2086', colorGamut: 'rec2020', transferFunction: 'pq' } as const;
/** What a rate that nobody knows is taken for. */
const USUAL_RATE = 25;
/** A film may have been told wrongly about; the server takes no more. */
const MOST_ANSWERS = 100;

type Kind = 'file' | 'media-source';

async function answer(asked: Asked, type: Kind, contentType: string, size: Size, hdr: boolean): Promise<MediaCapabilitiesInfo | null> {
  const { width, height, bitrate } = size;
  const video = { contentType, width, height, bitrate, framerate: size.frame_rate || USUAL_RATE, ...(hdr ? HDR10 : {}) };
  // A browser that does not know the question, or the codec's name, has said nothing.
  return asked.decodingInfo({ type, video }).catch(() => null);
}

export class Capabilities {
  /** Of two answers about the same the last counts. */
  decoding: readonly Decoding[] = [];
  /** Whether it can do anything with HDR10's metadata; null when it has not said. */
  hdr: boolean | null = null;
  readonly #asked: Asked | null;
  readonly #type: Kind;
  #learning: Promise<void> | null = null;

  /** By whom it is asked, null for a browser that cannot be; and how segments reach it. */
  constructor(asked: Asked | null, type: Kind) {
    this.#asked = asked;
    this.#type = type;
  }

  /** Ask about the usual sizes of what it decodes, once. */
  learn(codecs: readonly string[]): Promise<void> {
    this.#learning ??= this.#learn(codecs);
    return this.#learning;
  }

  async #learn(codecs: readonly string[]): Promise<void> {
    const [asked, type] = [this.#asked, this.#type];
    if (asked === null) return;
    const known = codecs.filter((codec) => codec in LEVELS);
    const questions = known.flatMap((codec) => SIZES.map((size, n) => ({ codec, size, name: `video/mp4; codecs="${LEVELS[codec]?.[n] ?? ''}"` })));
    const deep = questions.filter(({ codec, size }) => codec.endsWith('/10') && size.height === 1080 && size.frame_rate === 30);
    const [told, toldDeep] = await Promise.all(
      [questions, deep].map((some, hdr) => Promise.all(some.map(({ size, name }) => answer(asked, type, name, size, hdr === 1)))),
    );
    this.#add(questions.flatMap(({ codec, size }, n) => decodingOf(codec, size, told?.[n])));
    const said = (toldDeep ?? []).filter((one) => one !== null);
    if (said.length > 0) this.hdr = said.some((one) => one.supported);
  }

  /** Ask about a film that is copied to it, as it really is; whether it would rather have another one. */
  async judge(view: PlaybackView, bytesPerS: number): Promise<boolean> {
    const { video } = view;
    if (this.#asked === null || video === null || video.codec_string === null || view.way === 'transcode') return false;
    const codec = video.bit_depth > 8 ? `${video.codec}/${video.bit_depth}` : video.codec;
    if (!(codec in LEVELS)) return false;
    const size = { width: video.width, height: video.height, frame_rate: video.frame_rate, bitrate: Math.max(1, Math.round(bytesPerS * 8)) };
    const type = view.kind === 'direct' ? 'file' : this.#type;
    const name = `video/mp4; codecs="${video.codec_string}"`;
    const told = await answer(this.#asked, type, name, size, false);
    const before = this.decoding.some((one) => one.codec === codec && one.width === size.width && one.height === size.height && one.frame_rate === size.frame_rate);
    this.#add(decodingOf(codec, size, told));
    if (told !== null && !(told.supported && told.smooth)) return !before;
    const deep = video.hdr === 'hdr10' ? await answer(this.#asked, type, name, size, true) : null;
    if (deep === null || deep.supported || this.hdr === false) return false;
    this.hdr = false;
    return true;
  }

  #add(answers: readonly Decoding[]): void {
    this.decoding = [...this.decoding, ...answers].slice(-MOST_ANSWERS);
  }
}

function decodingOf(codec: string, { width, height, frame_rate }: Size, told: MediaCapabilitiesInfo | null | undefined): Decoding[] {
  return told === null || told === undefined ? [] : [{ codec, width, height, frame_rate, supported: told.supported, smooth: told.smooth }];
}
