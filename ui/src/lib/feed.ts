/** How a film's bytes get into the element: by its own address, or as segments. */

import type Hls from 'hls.js';
import { mediaSource } from './support';

export interface Feed {
  readonly kind: 'direct' | 'hls';
  /** Hear another sound track, by the server's name for it. */
  hear(audio: string): void;
  /** Try once more, after it broke. */
  again(): void;
  close(): void;
}

/** `network`: nobody answers, or with an error; `media`: what came cannot be decoded. */
export type Broken = 'network' | 'media';

const PATIENCE_MS = 600_000;
const MOST_RETRIES = 10_000;
const NOT_FOUND = 404;
/** The part of an address that names the playback. */
const OF_SESSION = /(?<=\/hls\/)[\w-]+(?=\/)/u;
const WAITED_FOR = {
  default: {
    // A segment comes when its bytes have come from somebody: that may take as long as it takes.
    maxTimeToFirstByteMs: PATIENCE_MS,
    maxLoadTimeMs: PATIENCE_MS,
    timeoutRetry: { maxNumRetry: MOST_RETRIES, retryDelayMs: 0, maxRetryDelayMs: 0 },
    errorRetry: { maxNumRetry: MOST_RETRIES, retryDelayMs: 500, maxRetryDelayMs: 4000 },
  },
};

function sessionOf(url: string): string {
  return OF_SESSION.exec(url)?.[0] ?? '';
}

let loading: Promise<typeof Hls> | null = null;

/** Fetch the player of segments: three times the rest of the page, so only where a film needs it. */
export function loadHls(): Promise<typeof Hls> {
  loading ??= import('hls.js').then((module) => module.default);
  loading.catch(() => (loading = null));
  return loading;
}

export function isNative(): boolean {
  return mediaSource() === undefined;
}

/** Empty the element. A forgotten one keeps its connection for minutes. */
export function letGo(video: HTMLVideoElement): void {
  video.pause();
  video.removeAttribute('src');
  video.load();
}

export class DirectFeed implements Feed {
  readonly kind = 'direct';

  constructor(
    readonly video: HTMLVideoElement,
    readonly url: string,
  ) {
    video.src = url;
  }

  hear(): void {
    // A file has the one sound track that the browser picks.
  }

  again(): void {
    this.video.src = this.url;
  }

  close(): void {
    letGo(this.video);
  }
}

/** Safari's own way, where there is no MediaSource. */
export class NativeFeed implements Feed {
  readonly kind = 'hls';

  constructor(
    readonly video: HTMLVideoElement,
    readonly url: string,
    readonly order: readonly string[],
  ) {
    video.src = url;
  }

  hear(audio: string): void {
    const tracks = (this.video as { audioTracks?: ArrayLike<{ enabled: boolean }> }).audioTracks;
    const wanted = this.order.indexOf(audio);
    // The list is the master playlist's, in its order.
    Array.from(tracks ?? []).forEach((track, at) => (track.enabled = at === wanted));
  }

  again(): void {
    this.video.src = this.url;
  }

  close(): void {
    letGo(this.video);
  }
}

export class HlsFeed implements Feed {
  readonly kind = 'hls';
  #hls: Hls | null = null;
  #closed = false;
  #audio: string | null = null;
  #broken: Broken = 'network';
  #session: string;
  /** Whether somebody looks already where what was not found has gone. */
  #told = false;

  constructor(
    readonly video: HTMLVideoElement,
    readonly url: string,
    at_s: number,
    /** The track to be heard first; null for the playlist's own. */
    audio: string | null,
    /** Called once the element has its source: what was asked of it before is forgotten by then. */
    readonly onopen: () => void,
    readonly onbroken: (why: Broken) => void,
  ) {
    this.#audio = audio;
    this.#session = sessionOf(url);
    void loadHls().then(
      (made) => this.#begin(made, at_s),
      () => this.#closed || onbroken('network'),
    );
  }

  hear(audio: string): void {
    this.#audio = audio;
    const hls = this.#hls;
    if (hls === null) return;
    const wanted = hls.audioTracks.findIndex((track) => track.url.includes(`/${audio}/`));
    if (wanted >= 0 && hls.audioTrack !== wanted) hls.audioTrack = wanted;
  }

  again(): void {
    if (this.#hls === null) return;
    this.#told = false;
    if (this.#broken === 'media') this.#hls.recoverMediaError();
    else this.#hls.startLoad(this.video.currentTime);
  }

  /** Go on with another playback of the same film: what comes next is fetched from it, what is here stays. */
  move(url: string): void {
    this.#session = sessionOf(url);
    this.#told = false;
    const hls = this.#hls;
    if (hls === null) return;
    for (const { details } of [...hls.levels, ...hls.audioTracks]) {
      // Made by another encoder, perhaps of another size: its decoder must be told anew.
      for (const { initSegment } of details?.fragments ?? []) if (initSegment !== null) delete initSegment.data;
    }
    hls.startLoad(this.video.currentTime);
  }

  close(): void {
    this.#closed = true;
    this.#hls?.destroy();
    this.#hls = null;
    letGo(this.video);
  }

  #begin(made: typeof Hls, at_s: number): void {
    if (this.#closed) return;
    const hls = new made({
      startPosition: at_s > 0 ? at_s : 0,
      // The segments are fragmented MP4 already: a worker would have nothing to do, and needs a wider policy.
      enableWorker: false,
      enableInterstitialPlayback: false,
      // Subtitles are drawn by the page itself.
      enableWebVTT: false,
      enableIMSC1: false,
      enableCEA708Captions: false,
      backBufferLength: 30,
      maxBufferLength: 24,
      maxMaxBufferLength: 48,
      fragLoadPolicy: WAITED_FOR,
      manifestLoadPolicy: WAITED_FOR,
      playlistLoadPolicy: WAITED_FOR,
      // Playlists were read once; whatever playback they name, it is this one now.
      xhrSetup: (request, address) => request.open('GET', address.replace(OF_SESSION, this.#session)),
    });
    this.#hls = hls;
    hls.on(made.Events.ERROR, (_, data) => {
      // It would ask for ever for what the server has forgotten.
      if (data.response?.code === NOT_FOUND && !this.#told) {
        this.#told = true;
        this.onbroken('network');
      }
      if (!data.fatal) return;
      this.#broken = data.type === made.ErrorTypes.NETWORK_ERROR ? 'network' : 'media';
      this.onbroken(this.#broken);
    });
    hls.on(made.Events.AUDIO_TRACKS_UPDATED, () => {
      hls.subtitleTrack = -1;
      if (this.#audio !== null) this.hear(this.#audio);
    });
    hls.loadSource(this.url);
    hls.attachMedia(this.video);
    this.onopen();
  }
}
