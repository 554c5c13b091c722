/** What keys and buttons do to the film that is shown, and what is said of it. */

import { problemWords } from './add.svelte';
import { ApiError } from './api';
import type { Attention } from './attention.svelte';
import { language, t } from './i18n/index.svelte';
import { percent, percentOf, seconds, times } from './i18n/units';
import type { Playback } from './playback.svelte';
import type { Showing } from './showing.svelte';
import { DELAY_STEP_S, isDrawn, STRETCH_STEP, type Subtitles } from './subtitles/subtitles.svelte';
import { keepTaste } from './taste';
import { audioName, subtitleName } from './tracks';
import type { Offer } from './wire';

const LOUDER = 0.05;
const LONGEST_NAME = 60;

export class Deeds {
  constructor(
    readonly playback: Playback,
    readonly subtitles: Subtitles,
    readonly showing: Showing,
    readonly attention: Attention,
  ) {}

  /** The reader's languages, the page's own first. */
  get languages(): string[] {
    return [...new Set([language(), ...navigator.languages])];
  }

  saySubtitles(): void {
    const track = this.subtitles.tracks.find((one) => one.id === this.subtitles.first);
    const name = track === undefined ? t('subtitles.off') : Object.values(subtitleName(track)).filter((part) => part !== '').join(' · ');
    this.attention.say(t('said.subtitles', { name }));
  }

  /** Off and on again; false when there are none. */
  toggleSubtitles(): boolean {
    if (!this.subtitles.tracks.some(isDrawn)) return false;
    this.subtitles.toggle(this.languages);
    this.saySubtitles();
    return true;
  }

  nextSubtitles(): void {
    this.subtitles.next();
    this.saySubtitles();
  }

  async addSubtitles(file: File): Promise<void> {
    const name = file.name.slice(0, LONGEST_NAME);
    try {
      if (await this.subtitles.add(file, language())) this.saySubtitles();
      else this.attention.say(t('subtitles.unreadable', { name }));
    } catch (error) {
      this.attention.say(problemWords(error));
    }
  }

  /** Take what a provider has. Throws what went wrong. */
  async acceptOffer(offer: Offer): Promise<void> {
    if (!(await this.subtitles.accept(offer))) throw new ApiError('bad-subtitles', 0, '');
    this.saySubtitles();
  }

  hear(id: string): void {
    this.playback.hear(id);
    const track = this.showing.view?.audio.find((one) => one.id === id);
    if (track === undefined) return;
    keepTaste(this.subtitles.series, { audio: track.language });
    this.attention.say(t('said.sound', { name: audioName(track).label }));
  }

  nextSound(): void {
    const tracks = this.showing.view?.audio ?? [];
    const next = tracks[(tracks.findIndex((track) => track.id === this.showing.heard) + 1) % tracks.length];
    if (next !== undefined && tracks.length > 1) this.hear(next.id);
  }

  delay(steps: number): void {
    this.subtitles.shift(steps * DELAY_STEP_S);
    this.attention.say(t('said.delay', { time: seconds(this.subtitles.delay_s) }));
  }

  stretch(steps: number): void {
    this.subtitles.setTiming(this.subtitles.delay_s, this.subtitles.stretch + steps * STRETCH_STEP);
    this.attention.say(t('said.stretch', { percent: percentOf(this.subtitles.stretch) }));
  }

  speed(steps: number): void {
    this.playback.faster(steps);
    this.attention.say(times(this.playback.video?.playbackRate ?? 1));
  }

  louder(steps: number): void {
    this.playback.louder(steps * LOUDER);
    this.#sayVolume();
  }

  mute(): void {
    this.playback.mute();
    this.#sayVolume();
  }

  #sayVolume(): void {
    const { muted = false, volume = 1 } = this.playback.video ?? {};
    this.attention.say(muted ? t('said.muted') : t('said.volume', { percent: percent(volume) }));
  }
}
