/** Styled subtitles (ASS), drawn by jassub over the picture; its two megabytes come when somebody asks for the styles. */

import type JASSUB from 'jassub';
import { api } from '../api';
import { Lines, readDocument } from './ass';
import { foreignLetters, Letters } from './letters';
import { CueWindows, type Fetch } from './windows';

/** Where styled subtitles come from. */
export type Script =
  | { readonly kind: 'stretches' | 'whole'; readonly url: string; /** The list of fonts inside the film. */ readonly fontsUrl: string }
  /** A person's own file. */
  | { readonly kind: 'own'; readonly text: string };

/** Before the drawer stands the lines are plain text; when it has not come by then, they stay so. */
const PATIENCE_MS = 20_000;
/** A television has four times as many points; letters gain nothing by it, and one thread draws them all. */
const MOST_HEIGHT = 1440;
/** What a hostile script may have the drawer keep, in megabytes. */
const MOST_MEMORY = 128;
const MOST_FONTS = 64;
const LARGEST_FONTS = 96 * 1024 * 1024;
const EMPTY = '[Script Info]\nScriptType: v4.00+\n';

export class StyledLines {
  /** `coming`: the lines are text until it is here; `failed`: they stay text. */
  state = $state<'coming' | 'drawn' | 'failed'>('coming');
  /** Why they stay text: the browser cannot draw, or no font has their letters. */
  why: 'browser' | 'letters' = 'browser';
  readonly canvas = document.createElement('canvas');

  readonly #fetch: Fetch;
  readonly #onchange: () => void;
  readonly #known = new Lines();
  readonly #letters = new Letters();
  /** Until the film's fonts have come. */
  #lettered: Promise<void> = Promise.resolve();
  #script: Script;
  #windows: CueWindows | null = null;
  #drawer: JASSUB | null = null;
  #begun = false;
  #closed = false;
  #at: { at_s: number; width: number; height: number } | null = null;

  constructor(script: Script, fetch: Fetch, onchange: () => void) {
    [this.#script, this.#fetch, this.#onchange] = [script, fetch, onchange];
    void this.#begin().catch(() => this.#fail());
  }

  /** The same subtitles at other addresses; what has come stays. */
  follow(script: Script): void {
    this.#script = script;
    this.#windows?.close();
    this.#windows = null;
  }

  /** Show a moment, counted as the subtitles count, over a picture of this size. */
  tick(at_s: number, width: number, height: number): void {
    if (width === 0 || height === 0) return;
    this.#at = { at_s: Math.max(0, at_s), width, height };
    if (this.state === 'failed') return;
    if (this.#drawer !== null) this.#want(this.#at.at_s);
    this.#draw(false);
  }

  close(): void {
    this.#closed = true;
    this.#windows?.close();
    const drawer = this.#drawer;
    this.#drawer = null;
    this.canvas.remove();
    void drawer?.destroy().catch(() => undefined);
  }

  async #begin(): Promise<void> {
    const drawer = await this.#load();
    if (this.#closed) {
      await drawer.destroy();
      return;
    }
    this.#drawer = drawer;
    if (this.#script.kind === 'own') void this.#take(this.#script.text);
    else {
      this.#lettered = this.#addFonts(this.#script.fontsUrl);
      if (this.#at !== null) this.#want(this.#at.at_s);
    }
  }

  async #load(): Promise<JASSUB> {
    const { default: Jassub } = await import('jassub');
    const drawer = new Jassub({ canvas: this.canvas, subContent: EMPTY, queryFonts: false, maxRenderHeight: MOST_HEIGHT, libassMemoryLimit: MOST_MEMORY });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, fail) => (timer = setTimeout(() => fail(new Error('late')), PATIENCE_MS)));
    try {
      await Promise.race([drawer.ready, late]);
      // It swallows what went wrong inside, and is no drawer then.
      await Promise.race([drawer.renderer.getStyles(), late]);
    } catch (error) {
      void drawer.destroy().catch(() => undefined);
      throw error;
    } finally {
      clearTimeout(timer);
    }
    return drawer;
  }

  #want(at_s: number): void {
    const script = this.#script;
    if (script.kind === 'own' || (script.kind === 'whole' && this.#begun)) return;
    this.#windows ??= new CueWindows(
      script.url,
      this.#fetch,
      (text) => {
        void this.#take(text);
        return [];
      },
      this.#onchange,
    );
    this.#windows.want(at_s);
  }

  /** Give the drawer what is new in a stretch. Letters that no font has would be boxes: then the browser shows text. */
  async #take(text: string): Promise<void> {
    const { head, lines } = readDocument(text);
    const foreign = foreignLetters(lines);
    if (foreign.size > 0) {
      await this.#lettered;
      if (!this.#letters.has(foreign)) this.#fail('letters');
    }
    const renderer = this.#drawer?.renderer;
    if (renderer === undefined) return;
    const fresh = this.#known.fresh(lines);
    const given = this.#begun ? renderer.processData(`${fresh.join('\n')}\n`) : renderer.setTrack(`${head}\n${fresh.join('\n')}\n`);
    this.#begun = true;
    given.then(
      () => {
        if (this.#closed) return;
        this.state = 'drawn';
        this.#draw(true);
        this.#onchange();
      },
      () => this.#fail(),
    );
  }

  /** Fonts inside the film. One that is not there or not a font is no loss: another stands in for it. */
  async #addFonts(listUrl: string): Promise<void> {
    const fonts = await api.fonts(listUrl).catch(() => []);
    let left = LARGEST_FONTS;
    for (const { url } of fonts.slice(0, MOST_FONTS)) {
      if (this.#closed) return;
      const font = await api.bytes(url).catch(() => null);
      if (font === null || font.byteLength > left) continue;
      left -= font.byteLength;
      this.#letters.add(font);
      await this.#drawer?.renderer.addFonts([font]).catch(() => undefined);
      this.#draw(true);
    }
  }

  #draw(anew: boolean): void {
    if (this.#at === null || this.#drawer === null || this.state !== 'drawn') return;
    const { at_s: mediaTime, width, height } = this.#at;
    this.#drawer.manualRender({ expectedDisplayTime: 0, mediaTime, width, height }, anew).catch(() => this.#fail());
  }

  #fail(why: 'browser' | 'letters' = 'browser'): void {
    if (this.#closed || this.state === 'failed') return;
    this.why = why;
    this.state = 'failed';
    this.close();
    this.#onchange();
  }
}
