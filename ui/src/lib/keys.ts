/** The player's keys. Pure but for the playback it moves. */

import type { Playback } from './playback.svelte';

export interface PlayerActions {
  fullscreen(): void;
  help(): void;
  back(): void;
  /** Bring the controls and put the focus on them: a remote has no tab key. */
  controls(): void;
}

export function playerKey(event: KeyboardEvent, playback: Playback, actions: PlayerActions): void {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || document.querySelector('dialog[open]') !== null) return;
  const pressable = event.target instanceof Element && event.target.closest('button, a[href], input, summary') !== null;
  if (pressable && (event.key === ' ' || event.key === 'Enter')) return;
  if (event.target instanceof HTMLInputElement && event.key.startsWith('Arrow')) return;
  const { position_s: at, duration_s: duration } = playback;
  const acts: Record<string, () => void> = {
    ' ': () => playback.toggle(),
    k: () => playback.toggle(),
    MediaPlayPause: () => playback.toggle(),
    ArrowLeft: () => playback.seek(at - 5),
    ArrowRight: () => playback.seek(at + 5),
    j: () => playback.seek(at - 10),
    l: () => playback.seek(at + 10),
    ArrowUp: () => playback.louder(0.05),
    ArrowDown: () => playback.louder(-0.05),
    m: () => playback.mute(),
    f: () => actions.fullscreen(),
    Enter: () => actions.controls(),
    '?': () => actions.help(),
    Home: () => playback.seek(0),
    End: () => playback.seek(duration ?? 0),
    Escape: () => actions.back(),
    Backspace: () => actions.back(),
  };
  const tenth = /^\d$/u.test(event.key) && duration !== null ? () => playback.seek((Number(event.key) / 10) * duration) : undefined;
  const act = tenth ?? acts[event.key] ?? acts[event.key.toLowerCase()];
  if (act === undefined) return;
  event.preventDefault();
  act();
}
