/** A made-up playback, with more tracks than most films have. Never part of a build. */

import type { PlaybackView, SubtitleChoice } from './lib/wire';

const DURATION_S = 596;
const TILE_S = 10;
const [WIDE, HIGH, ROW] = [160, 90, 10];

function lines(id: string, language: string, label: string, more: Partial<SubtitleChoice> = {}): SubtitleChoice {
  return { id, language, label, form: 'text', default: false, forced: false, hearing_impaired: false, verified: true, host: null, url: `/subtitles/mock/${id}.vtt`, styled_url: null, ...more };
}

export function mockPlayback(wanted: URLSearchParams, info_hash: string): PlaybackView {
  const plain = wanted.has('plain');
  const way = (wanted.get('way') ?? (wanted.has('hls') ? 'remux' : 'direct')) as PlaybackView['way'];
  return {
    session: 'mockmockmockmockmockmo',
    kind: wanted.has('hls') ? 'hls' : 'direct',
    url: wanted.get('hls') ?? wanted.get('film') ?? '/mock-film.mp4',
    external_url: '/mock-film.mp4',
    way,
    keeps_up: !wanted.has('weak'),
    reasons: way === 'direct' ? [] : [...(way === 'transcode' ? ['The picture (HEVC with 10 bits) is converted, because this browser cannot decode it.'] : []), 'The sound (AC-3) is converted to AAC, which this browser plays.', 'It is sent in segments, so that the language can be changed while it plays.'],
    info_hash,
    file_index: 0,
    duration_s: DURATION_S,
    video: { codec: 'h264', codec_string: 'avc1.64001F', bit_depth: 8, width: 1280, height: 720, frame_rate: 24, hdr: null },
    audio: plain
      ? []
      : [
          { id: 'a1', language: 'en', label: 'English', channels: 6, plan: way === 'direct' ? 'copy' : 'convert', default: true },
          { id: 'a2', language: 'fr', label: 'Version française', channels: 2, plan: 'copy', default: false },
          { id: 'a3', language: 'en', label: 'Director’s commentary', channels: 2, plan: 'copy', default: false },
        ],
    subtitles: plain
      ? []
      : [
          lines('s3', 'en', ''),
          lines('s4', 'fr', 'Français (complets)', { form: 'styled', styled_url: '/subtitles/mock/s4.ass' }),
          lines('s5', 'en', 'SDH', { hearing_impaired: true, verified: false }),
          lines('f2', 'ja', ''),
          lines('s6', 'fr', '', { forced: true }),
          lines('s7', 'de', '', { form: 'picture', url: null }),
          lines('f4', 'und', '<b>x</b>'.repeat(20)),
        ],
    chapters: plain
      ? []
      : [
          { start_s: 0, stop_s: 90, title: 'The meadow' },
          { start_s: 90, stop_s: 250, title: 'Three rodents, who have no manners at all' },
          { start_s: 250, stop_s: 430, title: '' },
          { start_s: 430, stop_s: DURATION_S, title: 'Revenge' },
        ],
    pictures: [],
    fonts: [],
    thumbnails_url: plain ? null : '/thumbnails/mock.vtt',
    promise: { starts_in_s: 3.2, plays: 'smoothly', needs_bytes_per_s: 750_000, gets_bytes_per_s: 2_500_000, basis: 'line' },
    offers_url: plain ? null : '/api/v1/playback/mock/offers',
  };
}

function stamp(s: number): string {
  return new Date(s * 1000).toISOString().slice(11, 23);
}

const SAID: Readonly<Record<string, readonly string[]>> = {
  s4: ['Quel beau matin,\n<i>n’est-ce pas\u202f?</i>', 'Le papillon s’est posé\nsur le bout de son nez.'],
  f2: ['いい朝だね。', '蝶が鼻にとまった。'],
};
const ENGLISH = ['What a beautiful morning,\n<i>isn’t it?</i>', 'The butterfly has settled\non the tip of his nose.'];

export function mockSubtitles(url: URL): string {
  const [from, to] = [Number(url.searchParams.get('from')), Number(url.searchParams.get('to'))];
  const said = SAID[/(\w+)\.vtt$/u.exec(url.pathname)?.[1] ?? ''] ?? ENGLISH;
  const cues: string[] = [];
  for (let n = Math.floor(from / 4); n * 4 < to; n += 1) cues.push(`${stamp(n * 4 + 0.2)} --> ${stamp(n * 4 + 3.6)}\n${said[n % said.length]}`);
  return ['WEBVTT', ...cues].join('\n\n');
}

const HEAD = `[Script Info]
ScriptType: v4.00+
PlayResX: 640
PlayResY: 360

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Sign,Arial,34,&H0000D7FF,&H000000FF,&H00402010,&H80000000,1,0,0,0,100,100,0,-8,1,3,1,2,20,20,24,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text`;

export function mockStyled(url: URL): string {
  const [from, to] = [Number(url.searchParams.get('from')), Number(url.searchParams.get('to'))];
  const lines: string[] = [];
  for (let n = Math.floor(from / 4); n * 4 < to; n += 1) lines.push(`Dialogue: 0,${stamp(n * 4).slice(1, 11)},${stamp(n * 4 + 3.6).slice(1, 11)},Sign,,0,0,0,,{\\fad(300,300)}Le pré, n° ${n}`);
  return [HEAD, ...lines, ''].join('\n');
}

const RELEASES = ['Big.Buck.Bunny.2008.1080p.WEB', 'Big Buck Bunny (2008) <b>x</b> DVDRip', ''];

export function mockOffers(wanted: string | null): unknown {
  if (wanted === 'none') return { offers: [] };
  return { offers: RELEASES.map((release, n) => ({ id: n + 1, language: n === 1 ? 'fr' : 'en', release, matches: n === 0, forced: false, hearing_impaired: n === 1, machine: n === 2, downloads: [12840, 310, 0][n], url: `/subtitles/mock/offers/${n}.vtt?language=en` })) };
}

/** One sprite for the whole film, drawn here. */
export async function mockSprite(): Promise<string> {
  const canvas = new OffscreenCanvas(WIDE * ROW, HIGH * Math.ceil(DURATION_S / TILE_S / ROW));
  const pen = canvas.getContext('2d');
  for (let n = 0; n * TILE_S < DURATION_S && pen !== null; n += 1) {
    pen.fillStyle = `hsl(${(n * 37) % 360} 45% 45%)`;
    pen.fillRect((n % ROW) * WIDE, Math.floor(n / ROW) * HIGH, WIDE, HIGH);
    pen.fillStyle = '#fff8';
    pen.beginPath();
    pen.arc((n % ROW) * WIDE + 40 + ((n * 13) % 80), Math.floor(n / ROW) * HIGH + 45, 28, 0, 7);
    pen.fill();
  }
  sprite ??= URL.createObjectURL(await canvas.convertToBlob({ type: 'image/webp' }));
  return sprite;
}
let sprite: string | undefined;

export function mockThumbnails(address: string): string {
  const cues: string[] = [];
  // The last part has not come yet.
  for (let n = 0; n * TILE_S < DURATION_S * 0.8; n += 1) {
    cues.push(`${stamp(n * TILE_S)} --> ${stamp((n + 1) * TILE_S)}\n${address}#xywh=${(n % ROW) * WIDE},${Math.floor(n / ROW) * HIGH},${WIDE},${HIGH}`);
  }
  return ['WEBVTT', ...cues].join('\n\n');
}
