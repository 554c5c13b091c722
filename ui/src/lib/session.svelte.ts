/** One playback on the server: asked for when the film is opened, ended when the page leaves it. */

import { api, ApiError } from './api';
import { supportOf, thisBrowser, type Browser } from './support';
import type { InfoHash, PlaybackView } from './wire';

export class Session {
  view = $state.raw<PlaybackView | null>(null);
  /** Lines above which the picture is to be made smaller; 0 for its own size. */
  maxHeight = $state(0);
  readonly browser: Browser = thisBrowser();

  #asking: AbortController | null = null;

  constructor(
    readonly hash: InfoHash,
    readonly index: number,
  ) {}

  /** Ask for a playback in place of the one there was; null when another question has overtaken this one. */
  async open(): Promise<PlaybackView | null> {
    this.close();
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const view = await api.play(this.hash, this.index, supportOf(this.browser, this.maxHeight), asking.signal);
      if (asking.signal.aborted) {
        api.leave(view.session);
        return null;
      }
      this.view = view;
      return view;
    } catch (error) {
      if (error instanceof ApiError && error.code === 'given-up') return null;
      throw error;
    }
  }

  /** Whether the server still knows it: it does not after it was started anew. */
  async stands(): Promise<boolean> {
    if (this.view === null) return false;
    try {
      await api.playback(this.view.session);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return false;
      throw error;
    }
  }

  close(): void {
    this.#asking?.abort();
    this.#asking = null;
    if (this.view !== null) api.leave(this.view.session);
    this.view = null;
  }
}
