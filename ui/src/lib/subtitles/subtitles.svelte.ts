/** The subtitles of one film: what there is, what is chosen, and the lines of this moment. */

import { api } from '../api';
import { recall, remember } from '../store';
import { keepTaste, tasteFor } from '../taste';
import type { PlaybackView, SubtitleChoice } from '../wire';
import { bestOf, chooseSubtitles } from './choice';
import { cuesAt, readCues, readPictures, type Cue } from './cues';
import { CueWindows } from './windows';

export type Track = SubtitleChoice & { /** A file that was dropped here. */ own?: true };

/** Some pictures are drawn by other players only. */
export function isDrawn(track: Track): boolean {
  return track.own === true || track.url !== null;
}

export const DELAY_STEP_S = 0.1;
export const MOST_DELAY_S = 60;
export const STRETCHES = [0.9, 1.1] as const;
const LARGEST_FILE = 8 * 1024 * 1024;

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
  #view = $state.raw<PlaybackView | null>(null);
  readonly tracks = $derived<readonly Track[]>([...(this.#view?.subtitles ?? []), ...this.own]);

  #dropped = new Map<string, Cue[]>();
  #sources = new Map<string, Source>();
  #at_s = 0;
  #last: string | null = null;
  #chosen = false;

  constructor(
    readonly series: string,
    /** Names this film for what belongs to it alone: its delay. */
    readonly film: string,
  ) {
    const [delay, stretch] = (recall(`timing.${film}`) ?? '').split(' ').map(Number);
    if (delay !== undefined && Math.abs(delay) <= MOST_DELAY_S) this.delay_s = delay;
    if (stretch !== undefined && stretch >= STRETCHES[0] && stretch <= STRETCHES[1]) this.stretch = stretch;
  }

  /** A playback began, perhaps in place of another: addresses are new, choices stay. */
  take(view: PlaybackView, spoken: string, languages: readonly string[]): void {
    this.#view = view;
    for (const source of this.#sources.values()) source.close();
    this.#sources.clear();
    if (this.#chosen) return;
    this.#chosen = true;
    const taste = tasteFor(this.series);
    const drawn = view.subtitles.filter(isDrawn);
    this.first = chooseSubtitles(drawn, taste, spoken, languages);
    this.second = taste.second === undefined ? null : (bestOf(drawn, taste.second)?.id ?? null);
    if (this.second === this.first) this.second = null;
  }

  choose(id: string | null): void {
    this.#chosen = true;
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
    remember(`timing.${this.film}`, `${this.delay_s} ${this.stretch}`);
    this.#draw();
  }

  /** Read a file that was dropped on the film; false when there is no line in it. */
  async add(file: File, language: string): Promise<boolean> {
    if (file.size > LARGEST_FILE) return false;
    const cues = await api.readSubtitles(file, language).then(readCues, () => []);
    if (cues.length === 0) return false;
    const id = `own${this.own.length}`;
    this.#dropped.set(id, cues);
    this.own = [...this.own, { id, language: 'und', label: file.name, form: 'text', default: false, forced: false, hearing_impaired: false, url: null, styled_url: null, own: true }];
    this.choose(id);
    return true;
  }

  /** The film is at this moment now. */
  tick(at_s: number): void {
    this.#at_s = at_s;
    this.#draw();
  }

  close(): void {
    for (const source of this.#sources.values()) source.close();
    this.#sources.clear();
  }

  #draw(): void {
    this.lines = this.#linesOf(this.first, this.lines);
    this.secondLines = this.#linesOf(this.second, this.secondLines);
    for (const [id, source] of this.#sources) {
      if (id === this.first || id === this.second) continue;
      source.close();
      this.#sources.delete(id);
    }
  }

  /** The same array while nothing has changed: no letter is drawn twice. */
  #linesOf(id: string | null, before: readonly Cue[]): readonly Cue[] {
    const source = id === null ? null : this.#sourceOf(id);
    if (source === null) return before.length === 0 ? before : [];
    const at_s = (this.#at_s - this.delay_s) / this.stretch;
    source.want(at_s);
    const now = cuesAt(source.near(at_s), at_s);
    return now.length === before.length && now.every((cue, n) => cue === before[n]) ? before : now;
  }

  #sourceOf(id: string): Source | null {
    const open = this.#sources.get(id);
    if (open !== undefined) return open;
    const track = this.tracks.find((one) => one.id === id);
    if (track === undefined || !isDrawn(track)) return null;
    const cues = this.#dropped.get(id);
    const source: Source =
      track.url === null
        ? { near: () => cues ?? [], want: () => undefined, close: () => undefined }
        : new CueWindows(track.url, (url, signal) => api.text(url, signal), reader(track), () => this.#draw());
    this.#sources.set(id, source);
    return source;
  }

  #languageOf(id: string | null): string | null {
    return id === null ? null : (this.tracks.find((track) => track.id === id)?.language ?? null);
  }

  #keep(change: { subtitles?: string; second?: string }): void {
    keepTaste(this.series, change);
  }
}
