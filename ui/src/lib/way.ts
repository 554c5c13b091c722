/** How a film is brought to this browser, in words for the curious. */

import { t, type Key } from './i18n/index.svelte';
import type { PlaybackView } from './wire';

const NAMES: Readonly<Record<string, string>> = {
  h264: 'H.264', hevc: 'HEVC', vp8: 'VP8', vp9: 'VP9', av1: 'AV1', mpeg4: 'MPEG-4', mpeg2video: 'MPEG-2', theora: 'Theora', vc1: 'VC-1',
}; // prettier-ignore

/** In two words: as it is, copied, sound converted, picture converted. */
export function howItPlays(view: PlaybackView): string {
  if (view.way === 'direct') return t('way.direct');
  if (view.way === 'transcode') return t('way.transcode');
  return view.audio.some((track) => track.plan === 'convert') ? t('way.sound') : t('way.remux');
}

/** The server's sentences that we know in other words; what its brackets hold is `what` and `lines`. */
const SENTENCES: readonly (readonly [RegExp, Key])[] = [
  [/^The picture \((.+?)\) is converted, because segments cannot carry it\.$/u, 'reason.carry'],
  [/^The picture \((.+?)(?: with \d+ bits)?\) is converted, because this browser cannot decode it\.$/u, 'reason.decode'],
  [/^The picture \((.+?)(?: with \d+ bits)?\) is converted, because this browser cannot decode it at (\d+) lines\.$/u, 'reason.decodeAt'],
  [/^The picture \((.+?)(?: with \d+ bits)?\) is converted, because this device stutters with it at (\d+) lines\.$/u, 'reason.stutters'],
  [/^It is made smaller, from \d+ to (\d+) lines, which this device shows without stuttering\.$/u, 'reason.smooth'],
  [/^The picture \(Dolby Vision\) is shown in grey: only players such as mpv know its colours\.$/u, 'reason.dolby'],
  [/^The picture \(HDR\) is converted, because this screen shows it too dark and grey\.$/u, 'reason.hdr'],
  [/^The picture \((.+?)\) is converted, because an AVI does not say when its pictures are shown\.$/u, 'reason.untimed'],
  [/^The picture is made smaller, because this device stutters above (\d+) lines\.$/u, 'reason.smaller'],
  [/^The picture is converted, because it could be cut in too few places\.$/u, 'reason.cuts'],
  [/^Its index is missing: after a jump the time is a guess, until all before it is here\.$/u, 'reason.counted'],
  [/^It is made smaller, from \d+ to (\d+) lines, so that converting keeps ahead\.$/u, 'reason.ahead'],
  [/^The picture is converted by (.+)\.$/u, 'reason.encoder'],
  [/^The hardware encoder failed; the processor goes on converting the picture\.$/u, 'reason.encoderFailed'],
  [/^The sound \((.+?)\) is converted to AAC, which every browser plays\.$/u, 'reason.sound'],
  [/^A sound track \((.+?)\) is left out, because Matinee cannot decode it\.$/u, 'reason.left'],
  [/^Only the first of (\d+) sound tracks can be heard, because segments cannot carry .+\.$/u, 'reason.first'],
  [/^It is sent in segments, so that the sound track can be changed while it plays\.$/u, 'reason.languages'],
  [/^This computer is too slow to convert the picture while it plays; another player may show it as it is\.$/u, 'weak.converting'],
  [/^It is sent in segments, because this browser does not open this kind of file\.$/u, 'reason.container'],
];

export interface Sentence {
  text: string;
  /** In which language it is, where that is not the reader's. */
  lang: 'en' | null;
}

/** Why it is not played as it is. What we have no words for is said as the server says it. */
export function reasons(view: PlaybackView): Sentence[] {
  return view.reasons.map((sentence) => {
    for (const [pattern, key] of SENTENCES) {
      const found = pattern.exec(sentence);
      if (found !== null) return { text: t(key, { what: found[1] ?? '', lines: found[2] ?? '' }), lang: null };
    }
    return { text: sentence, lang: 'en' };
  });
}

export function pictureWords(view: PlaybackView): string {
  const { video } = view;
  if (video === null) return '';
  const rate = video.frame_rate > 0 ? t('way.frames', { n: Math.round(video.frame_rate * 1000) / 1000 }) : '';
  return [NAMES[video.codec] ?? video.codec.toUpperCase(), `${video.width} × ${video.height}`, rate, video.hdr === null ? '' : 'HDR'].filter((part) => part !== '').join(' · ');
}
