/** Bringing a film in: by link, by address, by file, from wherever on the page it was pasted or dropped. */

import { api, ApiError } from './api';
import { t, tCode } from './i18n/index.svelte';
import { live } from './live.svelte';
import { router, to } from './route.svelte';
import { readSource } from './source';
import { visible } from './title';
import type { Torrent } from './wire';

const LONGEST_NAME = 60;

/** What the server said no with, in the language in force. */
export function problemWords(error: unknown): string {
  return error instanceof ApiError ? tCode('problem', error.code, error.message) : t('problem.error');
}

class Adding {
  busy = $state(false);
  problem = $state('');

  async text(text: string): Promise<boolean> {
    const sources = text.split(/\n/u).filter((line) => line.trim() !== '').map(readSource);
    if (sources.length === 0) return false;
    if (sources.some((source) => source === null)) {
      this.problem = t('add.unreadable');
      return false;
    }
    return this.#each(sources.filter((source) => source !== null).map((source) => () => (source.kind === 'magnet' ? api.addMagnet(source.magnet) : api.addUrl(source.url))));
  }

  async files(files: Iterable<File>): Promise<boolean> {
    const list = [...files];
    const wrong = list.find((file) => !file.name.toLowerCase().endsWith('.torrent') && file.type !== 'application/x-bittorrent');
    if (wrong !== undefined) {
      this.problem = t('add.not-torrent', { name: visible(wrong.name).slice(0, LONGEST_NAME) });
      return false;
    }
    return this.#each(list.map((file) => () => api.addFile(file)));
  }

  async #each(ways: (() => Promise<Torrent>)[]): Promise<boolean> {
    if (this.busy || ways.length === 0) return false;
    this.busy = true;
    this.problem = '';
    try {
      let last: Torrent | null = null;
      for (const way of ways) {
        last = await way();
        live.put(last);
      }
      if (last !== null && ways.length === 1) router.go(to.film(last.info_hash));
      return true;
    } catch (error) {
      this.problem = problemWords(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}

export const adding = new Adding();
