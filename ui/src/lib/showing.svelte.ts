/** A film while it is shown: what is here of it, why the picture stands, and what the page has in the picture's place. */

import { api } from './api';
import { kindOf } from './files';
import { t } from './i18n/index.svelte';
import { rate } from './i18n/units';
import { library } from './library.svelte';
import { live } from './live.svelte';
import { notice } from './notice.svelte';
import type { Playback } from './playback.svelte';
import { router, to } from './route.svelte';
import { priceAt, type Playing } from './seek';
import { readTitle } from './title';
import type { InfoHash, Promised, Ranges, Span } from './wire';
import { company, promised, reason } from './words';

/** A film that begins within this has no need of its cover. */
const LINGERS_MS = 600;
/** So often, while the picture stands, it is asked whether the server is there at all. */
const DOUBTS_MS = 2000;

/** Made while a component is: it follows the film for as long as that stands. */
export class Showing {
  #first = $state.raw<Ranges | null>(null);

  /** What was promised of it when it was wanted; null where nobody could say. */
  #promise = $state.raw<Promised | null>(null);

  #lingers = $state(false);

  readonly film = $derived.by(() => live.torrents.get(this.hash));
  readonly file = $derived.by(() => this.film?.files.find((entry) => entry.index === this.index));
  readonly title = $derived.by(() => readTitle(this.film?.name ?? ''));
  readonly spans = $derived.by((): readonly Span[] => {
    if (this.film?.state === 'complete' && this.file !== undefined) return [[0, this.file.length]];
    return live.buffer(this.hash, this.index)?.spans ?? this.#first?.spans ?? [];
  });
  readonly playing = $derived.by((): Playing => {
    const { position_s, duration_s } = this.playback;
    return {
      length: this.file?.length ?? 0,
      piece_length: this.film?.piece_length ?? 0,
      spans: this.spans,
      at: duration_s === null || duration_s === 0 ? 0 : position_s / duration_s,
      duration_s,
      rate_bytes_per_s: this.film?.rates.down_bytes_per_s ?? 0,
    };
  });
  readonly price = $derived.by(() => priceAt(this.playing, this.playing.at));
  readonly up = $derived.by(() => live.link === 'up');
  readonly stands = $derived.by(() => {
    const { failure, wantsPress, waiting, paused, duration_s } = this.playback;
    const rests = paused && this.up && duration_s !== null && this.price === 0;
    return failure === null && !wantsPress && (waiting || !this.up) && !rests;
  });
  readonly #refused = $derived.by(() => this.film === undefined || this.film.rights === null || this.playback.failure !== null);
  readonly why = $derived.by(() => (this.stands && !this.#refused && notice.acknowledged ? reason(this.film, this.up, this.price !== 0, this.price) : null));
  /** When it will start and how it will play; empty once it plays. */
  readonly promised = $derived.by(() => (this.why === null || this.#promise === null || this.playback.pictured ? '' : promised(this.#promise)));
  /** What the controls say of the swarm. */
  readonly line = $derived.by(() => {
    const { film } = this;
    if (this.#refused || !this.up) return '';
    if (film === undefined || film.state === 'complete') return t('player.all-here');
    const { down_bytes_per_s: down } = film.rates;
    return [down > 0 ? t('player.speed', { rate: rate(down) }) : '', company(film)].filter((part) => part !== '').join(' · ');
  });
  /** Sound alone has no picture: its poster stays. */
  readonly sound = $derived.by(() => this.file !== undefined && kindOf(this.file) === 'audio');
  readonly staged = $derived.by(() => this.sound || !this.playback.pictured);
  readonly view = $derived.by(() => this.playback.session.view);
  /** The picture that is attached to the film, once it takes long to begin: fetched at once it would be in the way. */
  readonly cover = $derived.by(() => (this.#lingers ? (this.view?.pictures[0]?.url ?? null) : null));
  /** The sound track that is heard. */
  readonly heard = $derived.by(() => this.playback.audio ?? this.view?.audio.find((track) => track.default)?.id ?? this.view?.audio[0]?.id ?? null);

  /** Where the player leads back to: to where it was opened, else to the title that the file is of. */
  get out(): string {
    if (router.before !== null) return router.before === '' ? to.home : router.before;
    const title = library.titleOf(this.hash, this.index);
    return title === null ? to.film(this.hash) : to.title(title);
  }

  constructor(
    readonly hash: InfoHash,
    readonly index: number,
    readonly playback: Playback,
  ) {
    void api.promise(hash, index).then((promise) => (this.#promise = promise), () => undefined);
    $effect(() => {
      if (this.view === null || !this.staged) return;
      const timer = setTimeout(() => (this.#lingers = true), LINGERS_MS);
      return () => clearTimeout(timer);
    });
    const waits = $derived(this.stands && this.up);
    $effect(() => {
      if (!waits) return;
      const timer = setInterval(() => void live.doubt(), DOUBTS_MS);
      return () => clearInterval(timer);
    });
    // A magnet link's files come later: what is here can be asked once they are known.
    const known = $derived(this.file !== undefined);
    $effect(() => {
      if (known) void api.ranges(hash, index).then((ranges) => (this.#first = ranges), () => undefined);
    });
  }
}
