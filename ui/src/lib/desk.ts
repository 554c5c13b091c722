/** What lies outside the page: the keys of a headset or a lock screen, and the lamp that must not go out. */

import type { Playback } from './playback.svelte';
import { paintPoster } from './poster/paint';
import type { Title } from './title';

const STEP_S = 10;
const READ_WITHIN_MS = 10_000;

/** Answer a headset, a keyboard or a lock screen. Returns how to stop. */
export function answerMediaKeys(playback: Playback, film: Title): () => void {
  if (!('mediaSession' in navigator)) return () => undefined;
  const session = navigator.mediaSession;
  const { title, year } = film;
  const about = new MediaMetadata({ title, artist: year === null ? '' : String(year) });
  session.metadata = about;
  let poster: string | null = null;
  void paintPoster(title, year).then(
    (painted) => {
      // Another film has come meanwhile.
      if (painted !== null && session.metadata !== about) URL.revokeObjectURL(painted);
      else if (painted !== null) about.artwork = [{ src: (poster = painted), sizes: '512x512', type: 'image/png' }];
    },
    // Without a picture the title says it.
    () => undefined,
  );
  const by = (step: number) => (details: MediaSessionActionDetails) => playback.seek(playback.position_s + step * (details.seekOffset ?? STEP_S));
  const acts: Partial<Record<MediaSessionAction, MediaSessionActionHandler>> = {
    play: () => playback.paused && playback.toggle(),
    pause: () => playback.paused || playback.toggle(),
    seekbackward: by(-1),
    seekforward: by(1),
    seekto: (details) => details.seekTime !== undefined && playback.seek(details.seekTime),
  };
  const each = (set: boolean): void => {
    for (const [name, act] of Object.entries(acts)) session.setActionHandler(name as MediaSessionAction, set ? act : null);
  };
  each(true);
  return () => {
    session.metadata = null;
    // The browser may only now have come to read it.
    const read = poster;
    if (read !== null) setTimeout(() => URL.revokeObjectURL(read), READ_WITHIN_MS);
    each(false);
  };
}

/** Say where the film is, for the lock screen's own bar. */
export function tellPosition(position_s: number, duration_s: number | null, speed: number): void {
  if (!('mediaSession' in navigator) || duration_s === null || duration_s <= 0) return;
  navigator.mediaSession.setPositionState({ duration: duration_s, playbackRate: speed, position: Math.min(position_s, duration_s) });
}

/** Keep the screen lit, where the browser lets us: over http only on this computer itself. Returns how to stop. */
export function keepLit(): () => void {
  if (!('wakeLock' in navigator)) return () => undefined;
  let stopped = false;
  let lamp: WakeLockSentinel | null = null;
  const light = (): void => {
    if (document.hidden || stopped) return;
    navigator.wakeLock.request('screen').then(
      (one) => {
        if (stopped) void one.release();
        else lamp = one;
      },
      // A low battery may forbid it.
      () => undefined,
    );
  };
  light();
  // A hidden page loses it.
  document.addEventListener('visibilitychange', light);
  return () => {
    stopped = true;
    document.removeEventListener('visibilitychange', light);
    void lamp?.release();
  };
}
