/** One film in one <video>: what the element does, as state; and getting up again when the server went away. */

import { problemWords } from './add.svelte';
import { api, ApiError, isAway } from './api';
import { DirectFeed, HlsFeed, isNative, letGo, loadHls, NativeFeed, type Broken, type Feed } from './feed';
import { live } from './live.svelte';
import { creditsOf } from './credits';
import { library } from './library.svelte';
import { opened, resumeAt } from './positions';
import { isDeaf } from './deaf';
import { sessionFor, type Session } from './session.svelte';
import { recall, remember } from './store';
import { opensAsItIs } from './support';
import type { InfoHash, PlaybackView, TorrentFile } from './wire';

/** `format`: not for this browser; `broken`: not readable here; `refused`: the server said no, in `sentence`. */
export interface Failure {
  kind: 'format' | 'broken' | 'refused';
  sentence: string;
}

const SAVE_EVERY_S = 5;
const RESUMED_SHOWN_S = 12;
const MOST_REOPENS = 5;
const REOPEN_AFTER_MS = 700;
const NETWORK_ERROR = 2;
const DECODE_ERROR = 3;
export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2] as const;

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
  speed = $state(1);
  /** Width over height of the picture. */
  shape = $state(16 / 9);
  /** The sound track that was chosen; null for the film's own choice. */
  audio = $state<string | null>(null);
  /** It has been shown to its end. */
  ended = $state(false);
  /** Where it went on from, until it has been shown. */
  resumed_s = $state<number | null>(null);
  readonly session: Session;

  #video: HTMLVideoElement | null = null;
  #feed: Feed | null = null;
  #torn = false;
  /** What was told last, and whether anything was played since: a page that only stands here has nothing to tell. */
  #saved_s = 0;
  #unsaved = false;
  #reopens = 0;
  #wanted_s = 0;
  /** Whether the viewer wants it to play. */
  #intends = true;

  constructor(
    readonly hash: InfoHash,
    readonly index: number,
    readonly file: () => TorrentFile | undefined,
  ) {
    this.session = sessionFor(hash, index);
    this.session.onlost = () => void this.#renew();
  }

  /** The element, while it stands. */
  get video(): HTMLVideoElement | null {
    return this.#video;
  }

  /** Take hold of the element; returns how to let go. */
  attach(video: HTMLVideoElement): () => void {
    this.#video = video;
    const volume = Number(recall('volume') ?? '1');
    video.volume = Number.isFinite(volume) ? Math.min(1, Math.max(0, volume)) : 1;
    video.muted = recall('muted') === 'yes';
    this.#listen(video);
    this.#keepVolume(video);
    const leaving = (): void => {
      this.#save();
      this.session.close();
    };
    const back = (event: PageTransitionEvent): void => {
      if (event.persisted) this.again();
    };
    addEventListener('pagehide', leaving);
    addEventListener('pageshow', back);
    return () => {
      removeEventListener('pagehide', leaving);
      removeEventListener('pageshow', back);
      this.#save();
      this.#video = null;
      // First whoever asks for segments: a playback that has ended has none.
      if (this.#feed === null) letGo(video);
      else this.#feed.close();
      this.#feed = null;
      this.session.close();
    };
  }

  #listen(video: HTMLVideoElement): void {
    const on = <K extends keyof HTMLMediaElementEventMap>(name: K, act: () => void): void => video.addEventListener(name, act);
    on('timeupdate', () => this.#tick(video));
    on('durationchange', () => (this.duration_s = Number.isFinite(video.duration) ? video.duration : (this.session.view?.duration_s ?? null)));
    on('loadedmetadata', () => this.#ready(video));
    on('loadeddata', () => (this.pictured = true));
    on('play', () => {
      [this.paused, this.wantsPress, this.ended] = [false, false, false];
      this.#intends = true;
    });
    on('pause', () => {
      this.paused = true;
      // A broken connection pauses too, and so does a change of the source; that is not the viewer's wish.
      if (video.error === null && video.readyState !== HTMLMediaElement.HAVE_NOTHING) this.#intends = false;
      this.#save();
    });
    on('ended', () => (this.ended = true));
    on('waiting', () => (this.waiting = true));
    on('seeking', () => (this.waiting = true));
    on('playing', () => (this.waiting = false));
    on('canplay', () => (this.waiting = false));
    on('seeked', () => (this.waiting = video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA));
    on('volumechange', () => this.#keepVolume(video));
    on('ratechange', () => (this.speed = video.playbackRate));
    on('error', () => void this.#failed(video));
    // Not in TypeScript's table of media events.
    video.addEventListener('resize', () => this.#measure(video));
  }

  /** Open the film at where it was left. */
  open(): void {
    this.resumed_s = resumeAt(this.hash, this.index);
    opened();
    this.#start(this.resumed_s ?? 0);
  }

  again(): void {
    this.#reopens = 0;
    this.#start(this.position_s);
  }

  /** Have the picture made no larger than so many lines; 0 for its own size. */
  shrink(lines: number): void {
    this.session.maxHeight = lines;
    this.#start(this.position_s, this.#intends);
  }

  hear(audio: string): void {
    this.audio = audio;
    this.#feed?.hear(audio);
  }

  toggle(): void {
    if (this.#video === null || this.failure !== null) return;
    if (this.#video.paused) this.#play(this.#video);
    else this.#video.pause();
  }

  seek(seconds: number): void {
    if (this.#video === null || this.duration_s === null) return;
    const target = Math.min(Math.max(0, seconds), Math.max(0, this.duration_s - 0.1));
    // Whoever leaves before a picture of it has come was there all the same.
    [this.#wanted_s, this.position_s, this.#unsaved] = [target, target, true];
    this.#video.currentTime = target;
  }

  /** One picture on or back; the film stands still for it. */
  step(frames: number): void {
    if (this.#video === null) return;
    if (!this.#video.paused) this.#video.pause();
    this.seek(this.#video.currentTime + frames / (this.session.view?.video?.frame_rate || 24));
  }

  setSpeed(speed: number): void {
    if (this.#video === null) return;
    this.#video.defaultPlaybackRate = speed;
    this.#video.playbackRate = speed;
  }

  /** The next speed of the list, up or down. */
  faster(steps: number): void {
    const at = SPEEDS.findIndex((speed) => speed >= this.speed);
    this.setSpeed(SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, (at < 0 ? SPEEDS.length - 1 : at) + steps))] ?? 1);
  }

  louder(step: number): void {
    if (this.#video !== null) this.setVolume(Math.min(1, Math.max(0, Math.round((this.#video.volume + step) * 100) / 100)));
  }

  setVolume(volume: number): void {
    if (this.#video === null) return;
    this.#video.volume = volume;
    this.#video.muted = volume === 0;
  }

  mute(): void {
    if (this.#video !== null) this.#video.muted = !this.#video.muted;
  }

  /** Have the server say how it is played; what the browser most likely plays itself begins without waiting for that. */
  #start(at_s: number, play = true): void {
    const file = this.file();
    if (this.#video === null || file === undefined) return;
    this.failure = null;
    this.waiting = true;
    this.#wanted_s = at_s;
    this.session.start_s = at_s;
    this.#intends = play;
    const asItIs = this.session.maxHeight === 0 && opensAsItIs(this.session.browser, file.media_type);
    if (asItIs) this.#direct(file.stream_url);
    else if (!isNative()) void loadHls().catch(() => undefined);
    void this.#ask();
  }

  async #ask(): Promise<void> {
    try {
      const view = await this.session.open();
      if (view !== null) this.#take(view);
    } catch (error) {
      if (this.#video === null) return;
      if (isAway(error)) {
        await this.#whenUp();
        if (this.#video !== null) await this.#ask();
      } else if (error instanceof ApiError && (this.#feed?.kind !== 'direct' || !this.pictured)) {
        const kind = error.code === 'bad-film' ? 'broken' : 'refused';
        this.failure = { kind, sentence: kind === 'broken' ? error.message : problemWords(error) };
      }
    }
  }

  /** Play as the server says. */
  #take(view: PlaybackView): void {
    if (this.#video === null) return;
    this.duration_s ??= view.duration_s;
    void this.#judge(view);
    if (view.kind === 'direct') {
      if (this.#feed?.kind !== 'direct' || this.#torn) this.#direct(view.url);
      return;
    }
    this.#feed?.close();
    const first = this.audio ?? view.audio.find((track) => track.default)?.id ?? null;
    const video = this.#video;
    const play = (): void => {
      if (this.#intends) this.#play(video);
    };
    if (isNative()) {
      this.#feed = new NativeFeed(video, view.url, view.audio.map((track) => track.id));
      play();
    } else this.#feed = new HlsFeed(video, view.url, this.#wanted_s, first, play, (why) => void this.#lost(why));
  }

  /** Ask the browser about just this film while it begins; it may rather have another picture than this one. */
  async #judge(view: PlaybackView): Promise<void> {
    const bytesPerS = (this.file()?.length ?? 0) / (view.duration_s ?? 1);
    if (!(await this.session.browser.told.judge(view, bytesPerS)) || this.session.view !== view || this.#video === null) return;
    if (this.#feed?.kind === 'hls') {
      this.#feed.close();
      this.#feed = null;
    }
    this.waiting = true;
    this.session.start_s = this.#wanted_s;
    await this.#ask();
  }

  #direct(url: string): void {
    if (this.#video === null) return;
    if (this.#feed?.kind === 'hls') this.#feed.close();
    this.#torn = false;
    this.#feed = new DirectFeed(this.#video, url);
    if (this.#intends) this.#play(this.#video);
  }

  #play(video: HTMLVideoElement): void {
    this.#intends = true;
    video.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.wantsPress = true;
    });
  }

  #ready(video: HTMLVideoElement): void {
    if (Math.abs(video.currentTime - this.#wanted_s) > 0.5) video.currentTime = this.#wanted_s;
    this.blind = video.videoWidth === 0;
    this.#measure(video);
  }

  #measure(video: HTMLVideoElement): void {
    if (video.videoWidth > 0 && video.videoHeight > 0) this.shape = video.videoWidth / video.videoHeight;
  }

  #tick(video: HTMLVideoElement): void {
    // Opening anew sets the element to 0 and says so: that is not where the film is.
    if (video.readyState === HTMLMediaElement.HAVE_NOTHING) return;
    this.position_s = video.currentTime;
    this.#wanted_s = video.currentTime;
    this.waiting = false;
    if (this.resumed_s !== null && Math.abs(video.currentTime - this.resumed_s) > RESUMED_SHOWN_S) this.resumed_s = null;
    if (!video.paused && video.currentTime > 1) [this.#unsaved, this.#reopens] = [true, 0];
    this.silent = isDeaf(video);
    if (Math.abs(video.currentTime - this.#saved_s) > SAVE_EVERY_S) this.#save();
  }

  #save(): void {
    if (this.#video === null || this.duration_s === null || !this.#unsaved) return;
    [this.#saved_s, this.#unsaved] = [this.position_s, false];
    const credits_s = creditsOf(this.session.view?.chapters ?? []);
    library.see(this.hash, this.index, { position_s: this.position_s, duration_s: this.duration_s, credits_s });
  }

  #keepVolume(video: HTMLVideoElement): void {
    [this.volume, this.muted] = [video.volume, video.muted];
    remember('volume', String(video.volume));
    remember('muted', video.muted ? 'yes' : 'no');
  }

  /** The element gave up on a file. */
  async #failed(video: HTMLVideoElement): Promise<void> {
    const feed = this.#feed;
    // Segments tell by themselves what broke, and while nothing has been answered yet there may be another way.
    if (feed?.kind === 'hls' && !isNative()) return;
    this.#torn = true;
    this.waiting = true;
    const code = video.error?.code ?? 0;
    const url = this.file()?.stream_url;
    try {
      if (url !== undefined) await api.probe(url);
    } catch (error) {
      if (isAway(error)) await this.#whenUp();
      else this.failure = { kind: 'refused', sentence: problemWords(error) };
      if (this.failure === null && this.#video === video && this.#feed === feed) this.#start(this.#wanted_s, this.#intends);
      return;
    }
    if (this.#video !== video || this.#feed !== feed || this.session.view === null) return;
    const mayPass = code === NETWORK_ERROR || (this.pictured && code !== DECODE_ERROR);
    if (mayPass && (await this.#rest()) && this.#feed === feed) {
      this.#torn = false;
      feed?.again();
      if (this.#intends) this.#play(video);
    } else if (!mayPass) this.failure = { kind: this.duration_s === null ? 'format' : 'broken', sentence: '' };
  }

  /** The segments broke off; the picture goes on from those that are here. */
  async #lost(why: Broken): Promise<void> {
    const feed = this.#feed;
    try {
      if (why === 'network' && !(await this.session.stands())) {
        if (this.#feed === feed) await this.#renew();
        return;
      }
    } catch {
      await this.#whenUp();
      if (this.#video !== null && this.#feed === feed) await this.#lost(why);
      return;
    }
    if ((await this.#rest()) && this.#feed === feed) feed?.again();
  }

  /** The server knows the playback no more: put another one under the film, which does not stop for it. */
  async #renew(): Promise<void> {
    const feed = this.#feed;
    try {
      this.session.start_s = this.#wanted_s;
      const view = await this.session.renew();
      if (view === null || this.#video === null || this.#feed !== feed) return;
      if (feed instanceof HlsFeed && view.kind === 'hls') feed.move(view.url);
      else this.#take(view);
    } catch (error) {
      if (isAway(error)) {
        await this.#whenUp();
        if (this.#video !== null && this.#feed === feed) await this.#renew();
      } else if (feed?.kind === 'hls' && this.#feed === feed) this.failure = { kind: 'refused', sentence: problemWords(error) };
    }
  }

  /** Take breath before another try; false, and a failure, when there were too many. */
  async #rest(): Promise<boolean> {
    if (this.#reopens >= MOST_REOPENS) {
      this.failure = { kind: 'broken', sentence: '' };
      return false;
    }
    this.#reopens += 1;
    await new Promise((resolve) => setTimeout(resolve, REOPEN_AFTER_MS * this.#reopens));
    return this.#video !== null;
  }

  /** Until the page's own connection stands again. */
  async #whenUp(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, REOPEN_AFTER_MS));
    while (this.#video !== null && live.link !== 'up') await new Promise((resolve) => setTimeout(resolve, REOPEN_AFTER_MS));
  }
}
