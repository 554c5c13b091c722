/** A film of one's own on its way to others: sent in parts that go on where they ended, then published by the server. */

import { ApiError, isAway } from './api';
import { publishingApi } from './api-publishing';
import type { Publication, PublishFilm, Publishing as Told, Upload } from './wire';

const PART_BYTES = 4 * 1024 * 1024;
const REST_MS = [500, 1000, 2000, 4000, 8000];

export type Order = Omit<PublishFilm, 'upload' | 'path'>;

class Publishing {
  /** What can be published from here; null until it was asked for. */
  told = $state.raw<Told | null>(null);
  sending = $state.raw<Upload | null>(null);
  /** The one that this page looks at. */
  now = $state.raw<Publication | null>(null);
  problem = $state.raw<unknown>(null);
  /** Grows with each that is done with: what was typed for it is not meant for the next. */
  film = $state(0);
  #giving: AbortController | null = null;

  async load(): Promise<void> {
    try {
      this.told = await publishingApi.all();
      this.problem = null;
      // Whoever comes back sees what goes on.
      const running = this.told.publications.find((one) => one.step !== 'done' && one.step !== 'failed');
      if (running !== undefined && this.now === null) this.now = running;
    } catch (error) {
      this.problem = error;
    }
  }

  hear(told: Publication): void {
    if (this.now?.id === told.id) this.now = told;
  }

  /** Begin anew: with an empty form, or with what was typed where nothing came of it. */
  clear(): void {
    if (this.now?.step === 'done') this.film += 1;
    [this.now, this.sending, this.problem] = [null, null, null];
    void this.load();
  }

  async publishPath(path: string, order: Order): Promise<void> {
    await this.#begin({ ...order, path, upload: null });
  }

  async publishFile(file: File, order: Order): Promise<void> {
    const giving = new AbortController();
    this.#giving = giving;
    this.problem = null;
    let upload: Upload | null = null;
    try {
      upload = this.sending = await publishingApi.begin(file.name, file.size);
      await this.#send(upload.id, file, giving.signal);
      await this.#begin({ ...order, upload: upload.id, path: null });
    } catch (error) {
      if (!giving.signal.aborted) this.problem = error;
      if (upload !== null) await publishingApi.drop(upload.id).catch(() => undefined);
    } finally {
      this.sending = null;
      this.#giving = null;
    }
  }

  /** Give up what goes on; nothing stays of it on the server. */
  async cancel(): Promise<void> {
    this.#giving?.abort();
    const { now } = this;
    if (now === null) return;
    try {
      await publishingApi.cancel(now.id);
      this.clear();
    } catch (error) {
      this.problem = error;
    }
  }

  async #send(id: string, file: File, signal: AbortSignal): Promise<void> {
    let tries = 0;
    for (let at = 0; at < file.size; ) {
      try {
        const here = await publishingApi.part(id, at, file.slice(at, at + PART_BYTES), signal);
        [at, tries, this.sending] = [here.received, 0, here];
      } catch (error) {
        const rest = REST_MS[tries];
        if (signal.aborted || rest === undefined || !(isAway(error) || (error instanceof ApiError && error.code === 'conflict'))) throw error;
        tries += 1;
        await new Promise((resolve) => setTimeout(resolve, rest));
        const here = await publishingApi.upload(id).catch(() => null);
        if (here !== null) [at, this.sending] = [here.received, here];
      }
    }
  }

  async #begin(order: PublishFilm): Promise<void> {
    this.problem = null;
    try {
      const begun = await publishingApi.publish(order);
      if (this.now?.id !== begun.id) this.now = begun;
      // It may have got on before its name was known here.
      const news = (await publishingApi.all()).publications.find((one) => one.id === begun.id);
      if (news !== undefined) this.now = news;
    } catch (error) {
      this.problem = error;
    }
  }
}

export const publishing = new Publishing();
