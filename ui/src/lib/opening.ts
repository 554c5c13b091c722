/** From a title to the film in the player: its torrent is added, its playback opened, and the player finds both. */

import { api } from './api';
import { keyOf, library } from './library.svelte';
import { player } from './player.svelte';
import { fromTheStart } from './positions';
import { adopt } from './session.svelte';
import { supportOf, thisBrowser } from './support';
import type { EpisodeNumber, InfoHash } from './wire';

export interface Opened {
  hash: InfoHash;
  index: number;
}

/**
 * Open a title, or an episode of it; null when that was given up.
 *
 * @param anew at its beginning, wherever it was left.
 * @param told hears which torrent it is as soon as that is known.
 * @throws ApiError when it cannot be had.
 */
export async function openTitle(id: string, episode: EpisodeNumber | null, anew: boolean, signal: AbortSignal, told: (hash: InfoHash) => void = () => undefined): Promise<Opened | null> {
  void player.load().catch(() => undefined);
  const client = supportOf(thisBrowser());
  told(await api.addTitle(id, { episode }, client, signal));
  const left_s = anew ? 0 : (library.progress.get(keyOf(id, episode))?.resume_s ?? 0);
  const view = await api.playTitle(id, { episode }, client, left_s, signal);
  if (signal.aborted) {
    api.leave(view.session);
    return null;
  }
  library.opens(view.info_hash, view.file_index, id, episode);
  if (anew) fromTheStart(view.info_hash, view.file_index);
  adopt(view);
  return { hash: view.info_hash, index: view.file_index };
}

/** Open a title's trailer; null when that was given up. Nothing of it is remembered as if it were the film. */
export async function openTrailer(id: string, signal: AbortSignal, told: (hash: InfoHash) => void): Promise<Opened | null> {
  void player.load().catch(() => undefined);
  const client = supportOf(thisBrowser());
  told(await api.addTitle(id, { trailer: true }, client, signal));
  const view = await api.playTitle(id, { trailer: true }, client, 0, signal);
  if (signal.aborted) {
    api.leave(view.session);
    return null;
  }
  adopt(view);
  return { hash: view.info_hash, index: view.file_index };
}
