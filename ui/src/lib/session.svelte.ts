/** One playback on the server: asked for when the film is opened, ended when the page leaves it. */

import { api, ApiError } from './api';
import { resumeAt } from './positions';
import { supportOf, thisBrowser, type Browser } from './support';
import type { InfoHash, PlaybackView } from './wire';

/** The server's word for a playback it does not know. */
const LOST = 'playback-not-found';
/** So long a film that somebody seemed about to play is kept open for them. */
const FORESEEN_MS = 15_000;

/** Which subtitles there are, as a text that can be compared. */
function offered(view: PlaybackView): string {
  return view.subtitles.map((one) => `${one.id} ${one.verified}`).join();
}

export class Session {
  view = $state.raw<PlaybackView | null>(null);
  /** Lines above which the picture is to be made smaller; 0 for its own size. */
  maxHeight = $state(0);
  /** Where playing begins: what is there is made ready first. */
  start_s: number;
  readonly browser: Browser = thisBrowser();

  /** Called when the server turns out to know it no more: it was started anew, or half a day went by. */
  onlost: () => void = () => undefined;

  #asking: AbortController | null = null;
  #renewing: Promise<PlaybackView | null> | null = null;
  /** Lost, and another one was refused: nothing of it is asked for any more. */
  #over = false;
  /** Asked for already, by who seemed about to play it. */
  #early: Promise<PlaybackView | null> | null = null;

  constructor(
    readonly hash: InfoHash,
    readonly index: number,
  ) {
    this.start_s = resumeAt(hash, index) ?? 0;
  }

  /** Ask for a playback in place of the one there was; null when another question has overtaken this one. */
  async open(): Promise<PlaybackView | null> {
    const early = this.#early;
    this.#early = null;
    if (early !== null) return early;
    this.close();
    return this.#ask();
  }

  /** Ask for one in place of one that is lost; what was known of it stays until the other is here. */
  renew(): Promise<PlaybackView | null> {
    this.#renewing ??= this.#ask()
      .catch((error: unknown) => {
        this.#over = error instanceof ApiError && error.status >= 400 && error.status < 500;
        throw error;
      })
      .finally(() => (this.#renewing = null));
    return this.#renewing;
  }

  /** Fetch what belongs to it, as text. */
  async text(url: string, signal?: AbortSignal): Promise<string> {
    if (this.#over) throw new ApiError(LOST, 404, '');
    try {
      return await api.text(url, signal);
    } catch (error) {
      // An address of an earlier one may still be asked for; only this one's is news.
      if (error instanceof ApiError && error.code === LOST && this.view !== null && url.includes(`/${this.view.session}/`)) this.onlost();
      throw error;
    }
  }

  async #ask(): Promise<PlaybackView | null> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.#over = false;
    try {
      const view = await api.play(this.hash, this.index, supportOf(this.browser, this.maxHeight), this.start_s, asking.signal);
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

  /** Ask before it is opened; what `open` gives then is on its way. */
  begin(): void {
    if (this.#early !== null) return;
    this.#early = this.open();
    // Whoever opens it hears what went wrong.
    this.#early.catch(() => undefined);
  }

  /** Take one that was asked for elsewhere. */
  adopt(view: PlaybackView): void {
    this.close();
    this.view = view;
    this.#early = Promise.resolve(view);
  }

  /** Ask again which subtitles there are: a file beside the film may have turned out to hold several languages. */
  async look(): Promise<void> {
    const before = this.view;
    if (before === null) return;
    const view = await api.playback(before.session).catch(() => null);
    if (view !== null && this.view === before && offered(view) !== offered(before)) this.view = view;
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
    this.#early = null;
    this.#asking?.abort();
    this.#asking = null;
    if (this.view !== null) api.leave(this.view.session);
    this.view = null;
  }
}

let foreseen: { session: Session; ends: ReturnType<typeof setTimeout> } | null = null;

function take(hash: InfoHash, index: number): Session | null {
  const found = foreseen;
  if (found === null) return null;
  foreseen = null;
  clearTimeout(found.ends);
  if (found.session.hash === hash && found.session.index === index) return found.session;
  found.session.close();
  return null;
}

/** Somebody is about to press play: the film is opened while their finger comes down. */
export function foresee(hash: InfoHash, index: number): void {
  const session = take(hash, index) ?? new Session(hash, index);
  session.begin();
  foreseen = { session, ends: setTimeout(() => take('', -1), FORESEEN_MS) };
}

/** A title was asked for, and this is its film: the player finds it open. */
export function adopt(view: PlaybackView): void {
  const session = take(view.info_hash, view.file_index) ?? new Session(view.info_hash, view.file_index);
  session.adopt(view);
  foreseen = { session, ends: setTimeout(() => take('', -1), FORESEEN_MS) };
}

/** The film's playback: the one that was foreseen, or a new one. */
export function sessionFor(hash: InfoHash, index: number): Session {
  return take(hash, index) ?? new Session(hash, index);
}
