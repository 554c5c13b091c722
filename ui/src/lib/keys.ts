/** The player's keys. Pure but for the playback it moves. */

import type { Playback } from './playback.svelte';

export interface PlayerActions {
  fullscreen(): void;
  help(): void;
  /** What the curious see. */
  figures(): void;
  back(): void;
  /** Bring the controls and put the focus on them: a remote has no tab key. */
  controls(): void;
  subtitles(): void;
  nextSubtitles(): void;
  nextSound(): void;
  /** Steps by which subtitles come later. */
  delay(steps: number): void;
  /** Steps by which they become slower. */
  stretch(steps: number): void;
  speed(steps: number): void;
  louder(steps: number): void;
  mute(): void;
}

/** What moves the focus or presses where it is: inside a panel these are the panel's. */
const PANEL_KEYS = /^(?:Arrow\w+|Enter| |Home|End|Escape|Backspace|\d)$/u;

export function playerKey(event: KeyboardEvent, playback: Playback, actions: PlayerActions): void {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || document.querySelector('dialog:modal') !== null) return;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest('dialog') !== null && target !== null && PANEL_KEYS.test(event.key)) return;
  const pressable = target !== null && target.closest('button, a[href], input, summary') !== null;
  if (pressable && (event.key === ' ' || event.key === 'Enter')) return;
  if (target instanceof HTMLInputElement && event.key.startsWith('Arrow')) return;
  const { position_s: at, duration_s: duration } = playback;
  const acts: Record<string, () => void> = {
    ' ': () => playback.toggle(),
    k: () => playback.toggle(),
    MediaPlayPause: () => playback.toggle(),
    ArrowLeft: () => playback.seek(at - 5),
    ArrowRight: () => playback.seek(at + 5),
    j: () => playback.seek(at - 10),
    l: () => playback.seek(at + 10),
    ',': () => playback.step(-1),
    '.': () => playback.step(1),
    '<': () => actions.speed(-1),
    '>': () => actions.speed(1),
    ArrowUp: () => actions.louder(1),
    ArrowDown: () => actions.louder(-1),
    m: () => actions.mute(),
    c: () => (event.shiftKey ? actions.nextSubtitles() : actions.subtitles()),
    a: () => actions.nextSound(),
    g: () => (event.shiftKey ? actions.stretch(-1) : actions.delay(-1)),
    h: () => (event.shiftKey ? actions.stretch(1) : actions.delay(1)),
    f: () => actions.fullscreen(),
    Enter: () => actions.controls(),
    i: () => actions.figures(),
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
