/** The subtitles of one film: what there is, what is chosen, and the lines of this moment. */

import { api } from '../api';
import { keepTaste, tasteFor } from '../taste';
import type { Offer, PlaybackView, SubtitleChoice } from '../wire';
import { bestOf, chooseSubtitles } from './choice';
import { cuesAt, isUnverified, readCues, readPictures, type Cue } from './cues';
import { look } from './look.svelte';
import { readOwn, type OwnLines } from './own';
import { StyledLines, type Script } from './styled.svelte';
import { CueWindows, type Fetch } from './windows';

/** `own`: they came from a file of the reader's, or from whom the reader had asked. */
export type Track = SubtitleChoice & { own?: 'file' | 'offer' };

/** Some pictures are drawn by other players only. */
export function isDrawn(track: Track): boolean {
  return track.own !== undefined || track.url !== null;
}

export const DELAY_STEP_S = 0.1;
export const STRETCH_STEP = 0.001;
export const MOST_DELAY_S = 60;
export const STRETCHES = [0.9, 1.1] as const;
const NONE: readonly Cue[] = [];

interface Source {
  near(at_s: number): readonly Cue[];
  want(at_s: number): void;
  close(): void;
}

function reader(track: Track): (text: string) => Cue[] {
  if (track.form !== 'picture') return readCues;
  const base = new URL(track.url ?? '', location.href).href;
  return (text) => readPictures(text, base);
}

export class Subtitles {
  own = $state.raw<readonly Track[]>([]);
  first = $state<string | null>(null);
  second = $state<string | null>(null);
  /** Seconds by which lines come later. */
  delay_s = $state(0);
  /** By how much longer the subtitles' time is than the film's: 1.04 for lines timed at 24 of a film at 25. */
  stretch = $state(1);
  lines = $state.raw<readonly Cue[]>([]);
  secondLines = $state.raw<readonly Cue[]>([]);
  /** The drawer of the first ones, where they are drawn with their own styles. */
  styled = $state.raw<StyledLines | null>(null);
  #view = $state.raw<PlaybackView | null>(null);
  /** Whose lines have come from a web seed since the playback began. */
  #unverified = $state.raw<ReadonlySet<string>>(new Set());
  readonly tracks = $derived<readonly Track[]>([
    ...(this.#view?.subtitles ?? []).map((track) => (this.#unverified.has(track.id) ? { ...track, verified: false } : track)),
    ...this.own,
  ]);

  /** Whether the first ones carry styles of their own. */
  readonly haveStyles = $derived(this.#scriptOf(this.first) !== null);

  #dropped = new Map<string, OwnLines>();
  #sources = new Map<string, Source>();
  #at_s = 0;
  #frame = { width: 0, height: 0 };
  #drawn: string | null = null;
  #last: string | null = null;
  /** Whether a person chose. */
  #mine = false;
  /** How many there were when it was chosen for them. */
  #offered = -1;

  constructor(
    readonly series: string,
    /** Names this film for what belongs to it alone: its delay. */
    readonly film: string,
    readonly fetch: Fetch,
  ) {
    const { delay_s = 0, stretch = 1 } = tasteFor(film);
    if (Math.abs(delay_s) <= MOST_DELAY_S) this.delay_s = delay_s;
    if (stretch >= STRETCHES[0] && stretch <= STRETCHES[1]) this.stretch = stretch;
  }

  /** A playback began, perhaps in place of another: addresses are new, choices stay. */
  take(view: PlaybackView, spoken: string, languages: readonly string[]): void {
    this.#view = view;
    for (const source of this.#sources.values()) source.close();
    this.#sources.clear();
    const script = this.#scriptOf(this.#drawn);
    if (script !== null) this.styled?.follow(script);
    // What a web host has may be known a moment after the film was opened: it counts as long as nobody chose.
    if (this.#mine || this.first !== null || this.#offered === view.subtitles.length) return;
    this.#offered = view.subtitles.length;
    const taste = tasteFor(this.series);
    const drawn = view.subtitles.filter(isDrawn);
    this.first = chooseSubtitles(drawn, taste, spoken, languages);
    this.second = taste.second === undefined ? null : (bestOf(drawn, taste.second)?.id ?? null);
    if (this.second === this.first) this.second = null;
  }

  choose(id: string | null): void {
    this.#mine = true;
    if (this.first !== null) this.#last = this.first;
    this.first = id;
    if (id === this.second) this.second = null;
    this.#keep({ subtitles: this.#languageOf(id) ?? 'off' });
    this.#draw();
  }

  chooseSecond(id: string | null): void {
    this.second = id === this.first ? null : id;
    this.#keep({ second: this.#languageOf(this.second) ?? '' });
    this.#draw();
  }

  /** Off, or what was on last; what is likeliest when nothing was. */
  toggle(languages: readonly string[]): void {
    const drawn = this.tracks.filter(isDrawn);
    if (this.first !== null) this.choose(null);
    else this.choose(this.#last ?? languages.map((one) => bestOf(drawn, one)?.id).find((id) => id !== undefined) ?? drawn[0]?.id ?? null);
  }

  /** The next one of the list, and off after the last. */
  next(): void {
    const drawn = this.tracks.filter(isDrawn);
    this.choose(drawn[drawn.findIndex((track) => track.id === this.first) + 1]?.id ?? null);
  }

  shift(seconds: number): void {
    this.setTiming(this.delay_s + seconds, this.stretch);
  }

  setTiming(delay_s: number, stretch: number): void {
    this.delay_s = Math.round(Math.min(MOST_DELAY_S, Math.max(-MOST_DELAY_S, delay_s)) * 100) / 100;
    this.stretch = Math.round(Math.min(STRETCHES[1], Math.max(STRETCHES[0], stretch)) * 10_000) / 10_000;
    keepTaste(this.film, { delay_s: this.delay_s, stretch: this.stretch });
    this.#draw();
  }

  /** Read a file that was dropped on the film; false when there is no line in it. Throws what `api` throws. */
  async add(file: File, language: string): Promise<boolean> {
    const lines = await readOwn(file, (unread) => api.readSubtitles(unread, language));
    if (lines !== null) this.#have(lines, 'file', file.name, 'und');
    return lines !== null;
  }

  /** Fetch what a provider has; false when there is no line in it. Throws what `api` throws. */
  async accept(offer: Offer): Promise<boolean> {
    const cues = readCues(await this.fetch(offer.url, new AbortController().signal));
    if (cues.length > 0) this.#have({ cues, styled: null }, 'offer', offer.release, offer.language, offer);
    return cues.length > 0;
  }

  #have(lines: OwnLines, own: 'file' | 'offer', label: string, language: string, more: { forced?: boolean; hearing_impaired?: boolean } = {}): void {
    const id = `own${this.own.length}`;
    this.#dropped.set(id, lines);
    const { forced = false, hearing_impaired = false } = more;
    this.own = [...this.own, { id, language, label, form: 'text', default: false, forced, hearing_impaired, verified: true, host: null, url: null, styled_url: null, own }];
    this.choose(id);
  }

  /** Follow a picture, frame by frame; returns how to stop. */
  follow(video: HTMLVideoElement): () => void {
    const tick = (): void => this.tick(video.currentTime, video.videoWidth, video.videoHeight);
    const names = ['timeupdate', 'seeking', 'seeked'] as const;
    for (const name of names) video.addEventListener(name, tick);
    let handle = 0;
    const frame = (): void => {
      tick();
      handle = video.requestVideoFrameCallback(frame);
    };
    const framed = 'requestVideoFrameCallback' in video;
    if (framed) handle = video.requestVideoFrameCallback(frame);
    return () => {
      for (const name of names) video.removeEventListener(name, tick);
      if (framed) video.cancelVideoFrameCallback(handle);
    };
  }

  /** The film is at this moment now. */
  tick(at_s: number, width: number, height: number): void {
    this.#at_s = at_s;
    this.#frame = { width, height };
    this.#draw();
  }

  /** Draw anew: the look has changed. */
  again(): void {
    this.#draw();
  }

  close(): void {
    for (const source of this.#sources.values()) source.close();
    this.#sources.clear();
    this.styled?.close();
    this.styled = null;
    this.#drawn = null;
  }

  #draw(): void {
    this.#drawStyled();
    this.lines = this.styled?.state === 'drawn' ? NONE : this.#linesOf(this.first, this.lines);
    this.secondLines = this.#linesOf(this.second, this.secondLines);
    for (const [id, source] of this.#sources) {
      if (id === this.first || id === this.second) continue;
      source.close();
      this.#sources.delete(id);
    }
  }

  #drawStyled(): void {
    const script = look.styled ? this.#scriptOf(this.first) : null;
    const wanted = script === null ? null : this.first;
    if (wanted !== this.#drawn) {
      this.#drawn = wanted;
      this.styled?.close();
      this.styled = script === null ? null : new StyledLines(script, this.fetch, () => this.#draw());
    }
    this.styled?.tick(this.#moment(), this.#frame.width, this.#frame.height);
  }

  /** Where the subtitles' own time is now. */
  #moment(): number {
    return (this.#at_s - this.delay_s) / this.stretch;
  }

  /** What is to be drawn of a track with its styles; null where it has none. */
  #scriptOf(id: string | null): Script | null {
    const track = id === null ? undefined : this.tracks.find((one) => one.id === id);
    if (track === undefined) return null;
    const text = this.#dropped.get(track.id)?.styled ?? null;
    if (text !== null) return { kind: 'own', text };
    if (track.styled_url === null || this.#view === null) return null;
    // Inside the film they come as the film does; a file beside it comes whole.
    return { kind: track.id.startsWith('f') ? 'whole' : 'stretches', url: track.styled_url, fontsUrl: `/fonts/${this.#view.session}` };
  }

  /** The same array while nothing has changed: no letter is drawn twice. */
  #linesOf(id: string | null, before: readonly Cue[]): readonly Cue[] {
    const source = id === null ? null : this.#sourceOf(id);
    if (source === null) return before.length === 0 ? before : NONE;
    const at_s = this.#moment();
    source.want(at_s);
    const now = cuesAt(source.near(at_s), at_s);
    return now.length === before.length && now.every((cue, n) => cue === before[n]) ? before : now;
  }

  #sourceOf(id: string): Source | null {
    const open = this.#sources.get(id);
    if (open !== undefined) return open;
    const track = this.tracks.find((one) => one.id === id);
    if (track === undefined || !isDrawn(track)) return null;
    const cues = this.#dropped.get(id)?.cues ?? NONE;
    const source: Source =
      track.url === null
        ? { near: () => cues, want: () => undefined, close: () => undefined }
        : new CueWindows(track.url, this.fetch, this.#reader(track), () => this.#draw());
    this.#sources.set(id, source);
    return source;
  }

  #reader(track: Track): (text: string) => Cue[] {
    const read = reader(track);
    return (text) => {
      if (isUnverified(text) && !this.#unverified.has(track.id)) this.#unverified = new Set([...this.#unverified, track.id]);
      return read(text);
    };
  }

  #languageOf(id: string | null): string | null {
    return id === null ? null : (this.tracks.find((track) => track.id === id)?.language ?? null);
  }

  #keep(change: { subtitles?: string; second?: string }): void {
    keepTaste(this.series, change);
  }
}
