/** The films as the server tells of them, kept fresh over one connection. */

import { SvelteMap } from 'svelte/reactivity';
import { api, ApiError, listen } from './api';
import { catalogue } from './catalogue.svelte';
import { devices } from './devices.svelte';
import { disk } from './disk.svelte';
import { glass } from './glass.svelte';
import { library } from './library.svelte';
import { keepPage, renew } from './offline';
import { pictures } from './pictures.svelte';
import { publishing } from './publishing.svelte';
import { settings } from './settings.svelte';
import { visitor } from './visitor.svelte';
import type { BufferEvent, InfoHash, Torrent } from './wire';

/** `lost` is a connection that broke and is being tried again. */
export type Link = 'starting' | 'up' | 'lost' | 'locked';

const RETRY_MS = [500, 1000, 2000, 4000];
const HIDDEN_REST_MS = 20_000;
/** Within it a server that is there answers that it is. */
const HERE_MS = 3000;

class Live {
  link = $state<Link>('starting');
  /** False until the first list has come. */
  listed = $state(false);
  readonly torrents = new SvelteMap<InfoHash, Torrent>();
  readonly buffers = new SvelteMap<string, BufferEvent>();
  /** How often more has become known of a playback, by its name; it may be heard before its opening is answered. */
  readonly playbacks = new SvelteMap<string, number>();
  /** What came from the web and is a torrent by now is listed as that. */
  readonly films = $derived([...this.torrents.values()].filter((film) => film.became === null).sort((a, b) => b.added_at.localeCompare(a.added_at)));

  #stop: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;
  /** Whether there was a connection before this one. */
  #heard = false;
  #doubted = false;

  /** Begin, and go on for as long as the page lives. */
  start(): void {
    void this.connect();
    let rest: ReturnType<typeof setTimeout> | undefined;
    document.addEventListener('visibilitychange', () => {
      clearTimeout(rest);
      // A browser opens six connections to one host: a tab that nobody looks at gives its one back.
      if (document.hidden) rest = setTimeout(() => this.#rest(), HIDDEN_REST_MS);
      else if (this.#stop === null && this.link !== 'locked') void this.connect();
    });
  }

  async connect(): Promise<void> {
    clearTimeout(this.#timer);
    this.#stop?.();
    this.#stop = null;
    // Over a wire that is cut all that is asked now would hang for half a minute, also once it is mended.
    if (this.#tries > 0 && !(await api.isHere(HERE_MS))) {
      this.#again();
      return;
    }
    const remembered = library.load();
    // Both are heard out, also where the doors are closed: what then is shown depends on where one is.
    const [known] = await Promise.allSettled([visitor.load()]);
    try {
      if (known.status === 'rejected') throw known.reason;
      const list = await api.torrents();
      await remembered;
      this.#replace(list);
    } catch (error) {
      if (error instanceof ApiError && (error.status === 401 || error.status === 403)) this.link = 'locked';
      else this.#again();
      return;
    }
    this.#stop = listen({
      open: () => {
        this.#tries = 0;
        this.link = 'up';
        // What was changed while nothing was heard.
        if (this.#heard) {
          settings.hear();
          disk.hear();
          void catalogue.again();
          void renew();
        } else keepPage();
        this.#heard = true;
        // What another screen did since it was asked for.
        void library.load();
        if (visitor.manages) void glass.read();
        void devices.read();
      },
      lost: () => this.#again(),
      torrent: (event) => this.put({ ...event, files: event.files ?? this.torrents.get(event.info_hash)?.files ?? [] }),
      gone: (hash) => this.drop(hash),
      picture: (id) => pictures.came(id),
      title: (id) => void catalogue.hear(id),
      buffer: (event) => this.buffers.set(`${event.info_hash}/${event.file_index}`, event),
      library: (event) => library.hear(event),
      playback: (session) => this.playbacks.set(session, (this.playbacks.get(session) ?? 0) + 1),
      publication: (now) => publishing.hear(now),
      activity: (now) => glass.hear(now),
      storage: () => disk.hear(),
      devices: () => void devices.read(),
      setting: (key) => {
        settings.hear();
        if (key === 'country') void catalogue.again();
      },
    });
  }

  /** Somebody waits for what does not come. A connection whose wire was cut does not say so: ask whether anybody is there. */
  async doubt(): Promise<void> {
    if (this.#doubted || this.link !== 'up') return;
    this.#doubted = true;
    const here = await api.isHere(HERE_MS);
    this.#doubted = false;
    if (!here && this.link === 'up') this.#again();
  }

  put(torrent: Torrent): void {
    this.torrents.set(torrent.info_hash, torrent);
  }

  drop(hash: InfoHash): void {
    this.torrents.delete(hash);
    for (const key of this.buffers.keys()) if (key.startsWith(`${hash}/`)) this.buffers.delete(key);
  }

  buffer(hash: InfoHash, index: number): BufferEvent | undefined {
    return this.buffers.get(`${hash}/${index}`);
  }

  #replace(list: Torrent[]): void {
    const there = new Set(list.map((torrent) => torrent.info_hash));
    for (const hash of this.torrents.keys()) if (!there.has(hash)) this.drop(hash);
    for (const torrent of list) this.put(torrent);
    this.listed = true;
  }

  #again(): void {
    this.#stop?.();
    this.#stop = null;
    if (!this.listed) void this.#alone();
    this.link = this.listed ? 'lost' : this.#tries > 1 ? 'lost' : 'starting';
    const delay = RETRY_MS[Math.min(this.#tries, RETRY_MS.length - 1)];
    this.#tries += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.connect(), delay);
  }

  /** Nobody answers, but the browser may have kept what hung on the wall: that is shown meanwhile. */
  async #alone(): Promise<void> {
    await catalogue.read();
    if (this.listed || catalogue.shelves === null) return;
    this.link = 'lost';
    this.listed = this.#heard = true;
  }

  #rest(): void {
    if (document.querySelector('video') !== null) return;
    clearTimeout(this.#timer);
    this.#stop?.();
    this.#stop = null;
  }
}

export const live = new Live();
