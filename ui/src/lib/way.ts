/** How a film is brought to this browser, in words for the curious. */

import { t } from './i18n/index.svelte';
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

export function pictureWords(view: PlaybackView): string {
  const { video } = view;
  if (video === null) return '';
  const rate = video.frame_rate > 0 ? t('way.frames', { n: Math.round(video.frame_rate * 1000) / 1000 }) : '';
  return [NAMES[video.codec] ?? video.codec.toUpperCase(), `${video.width} × ${video.height}`, rate, video.hdr === null ? '' : 'HDR'].filter((part) => part !== '').join(' · ');
}
