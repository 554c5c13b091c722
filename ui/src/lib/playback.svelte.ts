/** One film in one <video>: what the element does, as state; and getting up again when the server went away. */

import { problemWords } from './add.svelte';
import { api, ApiError } from './api';
import { live } from './live.svelte';
import { keepPosition, resumeAt } from './positions';
import { recall, remember } from './store';
import type { InfoHash } from './wire';

/** `format`: not for this browser; `broken`: not readable here; `refused`: the server said no, in `sentence`. */
export interface Failure {
  kind: 'format' | 'broken' | 'refused';
  sentence: string;
}

const SAVE_EVERY_S = 5;
const DEAF_AFTER_S = 4;
const RESUMED_SHOWN_S = 12;
const MOST_REOPENS = 5;
const REOPEN_AFTER_MS = 700;
const NETWORK_ERROR = 2;
const DECODE_ERROR = 3;

/** Chromium says how much it has decoded: the only way to tell a film without sound from a sound it cannot read. */
interface DecodedCounts {
  webkitAudioDecodedByteCount?: number;
}

export class Playback {
  position_s = $state(0);
  duration_s = $state<number | null>(null);
  paused = $state(true);
  waiting = $state(true);
  /** Whether a picture has been shown: until then the stage stands in its place. */
  pictured = $state(false);
  /** The browser wants a press before it plays. */
  wantsPress = $state(false);
  failure = $state<Failure | null>(null);
  silent = $state(false);
  blind = $state(false);
  volume = $state(1);
  muted = $state(false);
  /** Where it went on from, until it has been shown. */
  resumed_s = $state<number | null>(null);

  #video: HTMLVideoElement | null = null;
  #saved_s = 0;
  #reopens = 0;
  #wanted_s = 0;
  #played = false;
  /** Whether the viewer wants it to play. */
  #intends = true;

  constructor(
    readonly hash: InfoHash,
    readonly index: number,
    readonly streamUrl: () => string | null,
  ) {}

  /** Take hold of the element; returns how to let go. */
  attach(video: HTMLVideoElement): () => void {
    this.#video = video;
    const volume = Number(recall('volume') ?? '1');
    video.volume = Number.isFinite(volume) ? Math.min(1, Math.max(0, volume)) : 1;
    video.muted = recall('muted') === 'yes';
    const on = <K extends keyof HTMLMediaElementEventMap>(name: K, act: () => void): void => video.addEventListener(name, act);
    on('timeupdate', () => this.#tick(video));
    on('durationchange', () => (this.duration_s = Number.isFinite(video.duration) ? video.duration : null));
    on('loadedmetadata', () => this.#ready(video));
    on('loadeddata', () => (this.pictured = true));
    on('play', () => {
      [this.paused, this.wantsPress] = [false, false];
      this.#intends = true;
    });
    on('pause', () => {
      this.paused = true;
      // A broken connection pauses too; that is not the viewer's wish.
      if (video.error === null) this.#intends = false;
      this.#save();
    });
    on('waiting', () => (this.waiting = true));
    on('seeking', () => (this.waiting = true));
    on('playing', () => (this.waiting = false));
    on('canplay', () => (this.waiting = false));
    on('seeked', () => (this.waiting = video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA));
    on('volumechange', () => this.#keepVolume(video));
    on('error', () => void this.#failed(video));
    this.#keepVolume(video);
    const leaving = (): void => this.#save();
    addEventListener('pagehide', leaving);
    return () => {
      removeEventListener('pagehide', leaving);
      this.#save();
      this.#video = null;
      // Give the connection back at once: a forgotten element keeps it for minutes.
      video.pause();
      video.removeAttribute('src');
      video.load();
    };
  }

  /** Open the stream, at where the film was left. */
  open(): void {
    const left = resumeAt(this.hash, this.index);
    this.resumed_s = left?.position_s ?? null;
    this.#load(left?.position_s ?? 0);
  }

  again(): void {
    this.#reopens = 0;
    this.#load(this.position_s);
  }

  toggle(): void {
    if (this.#video === null || this.failure !== null) return;
    if (this.#video.paused) this.#play(this.#video);
    else this.#video.pause();
  }

  seek(seconds: number): void {
    if (this.#video === null || this.duration_s === null) return;
    const target = Math.min(Math.max(0, seconds), Math.max(0, this.duration_s - 0.1));
    this.#wanted_s = target;
    this.position_s = target;
    this.#video.currentTime = target;
  }

  louder(step: number): void {
    if (this.#video === null) return;
    this.#video.muted = false;
    this.#video.volume = Math.min(1, Math.max(0, Math.round((this.#video.volume + step) * 100) / 100));
  }

  setVolume(volume: number): void {
    if (this.#video === null) return;
    this.#video.volume = volume;
    this.#video.muted = volume === 0;
  }

  mute(): void {
    if (this.#video !== null) this.#video.muted = !this.#video.muted;
  }

  #load(at_s: number, play = true): void {
    const url = this.streamUrl();
    if (this.#video === null || url === null) return;
    this.failure = null;
    this.waiting = true;
    this.#wanted_s = at_s;
    this.#video.src = url;
    if (play) this.#play(this.#video);
  }

  #play(video: HTMLVideoElement): void {
    video.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.wantsPress = true;
    });
  }

  #ready(video: HTMLVideoElement): void {
    if (this.#wanted_s > 0) video.currentTime = this.#wanted_s;
    this.blind = video.videoWidth === 0;
  }

  #tick(video: HTMLVideoElement): void {
    // Opening anew sets the element to 0 and says so: that is not where the film is.
    if (video.readyState === HTMLMediaElement.HAVE_NOTHING) return;
    this.position_s = video.currentTime;
    this.#wanted_s = video.currentTime;
    this.waiting = false;
    if (this.resumed_s !== null && Math.abs(video.currentTime - this.resumed_s) > RESUMED_SHOWN_S) this.resumed_s = null;
    if (!video.paused && video.currentTime > 1) [this.#played, this.#reopens] = [true, 0];
    const decoded = (video as DecodedCounts).webkitAudioDecodedByteCount;
    if (decoded !== undefined) this.silent = decoded === 0 && video.played.length > 0 && video.currentTime - video.played.start(0) > DEAF_AFTER_S;
    if (Math.abs(video.currentTime - this.#saved_s) > SAVE_EVERY_S) this.#save();
  }

  #save(): void {
    if (this.#video === null || this.duration_s === null || !this.#played) return;
    this.#saved_s = this.position_s;
    keepPosition({ hash: this.hash, index: this.index, position_s: this.position_s, duration_s: this.duration_s });
  }

  #keepVolume(video: HTMLVideoElement): void {
    [this.volume, this.muted] = [video.volume, video.muted];
    remember('volume', String(video.volume));
    remember('muted', video.muted ? 'yes' : 'no');
  }

  async #failed(video: HTMLVideoElement): Promise<void> {
    const code = video.error?.code ?? 0;
    const url = this.streamUrl();
    this.waiting = true;
    try {
      if (url !== null) await api.probe(url);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code === 'unreachable' || error.status >= 502) await this.#whenUp();
      else this.failure = { kind: 'refused', sentence: problemWords(error) };
      if (this.failure === null && this.#video === video) this.#load(this.#wanted_s, this.#intends);
      return;
    }
    if (this.#video !== video) return;
    const mayPass = code === NETWORK_ERROR || (this.#played && code !== DECODE_ERROR);
    if (mayPass && this.#reopens < MOST_REOPENS) {
      this.#reopens += 1;
      await new Promise((resolve) => setTimeout(resolve, REOPEN_AFTER_MS * this.#reopens));
      if (this.#video === video) this.#load(this.#wanted_s, this.#intends);
      return;
    }
    this.failure = { kind: this.duration_s === null ? 'format' : 'broken', sentence: '' };
  }

  /** Until the page's own connection stands again. */
  async #whenUp(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, REOPEN_AFTER_MS));
    while (this.#video !== null && live.link !== 'up') await new Promise((resolve) => setTimeout(resolve, REOPEN_AFTER_MS));
  }
}
