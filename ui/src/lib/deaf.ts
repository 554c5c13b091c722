/** Whether a film has no sound, as far as a browser tells. */

const DEAF_AFTER_S = 4;

/** Chromium says how much it has decoded: the only way to tell a film without sound from a sound it cannot read. */
interface DecodedCounts {
  webkitAudioDecodedByteCount?: number;
}

/** Whether nothing of its sound was decoded after some seconds of playing; never where the browser does not say. */
export function isDeaf(video: HTMLVideoElement): boolean {
  const decoded = (video as DecodedCounts).webkitAudioDecodedByteCount;
  return decoded === 0 && video.played.length > 0 && video.currentTime - video.played.start(0) > DEAF_AFTER_S;
}
