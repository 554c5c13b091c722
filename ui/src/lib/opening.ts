/** From a title to the film in the player: its torrent is added, its playback opened, and the player finds both. */

import { api, type WantedPart } from './api';
import { keyOf, library } from './library.svelte';
import { player } from './player.svelte';
import { fromTheStart } from './positions';
import { adopt, foresee } from './session.svelte';
import { supportOf, thisBrowser } from './support';
import type { EpisodeNumber, InfoHash } from './wire';

export interface Opened {
  hash: InfoHash;
  index: number;
}

type Told = (hash: InfoHash) => void;
type Known = (film: Opened) => void;

/**
 * Open a title, or an episode of it; null when that was given up.
 *
 * @param anew at its beginning, wherever it was left.
 * @param told hears which torrent it is as soon as that is known.
 * @throws ApiError when it cannot be had.
 */
export async function openTitle(id: string, episode: EpisodeNumber | null, anew: boolean, signal: AbortSignal, told: Told = () => undefined): Promise<Opened | null> {
  const left_s = anew ? 0 : (library.progress.get(keyOf(id, episode))?.resume_s ?? 0);
  return open(id, { episode }, left_s, signal, told, ({ hash, index }) => {
    library.opens(hash, index, id, episode);
    if (anew) fromTheStart(hash, index);
  });
}

/** Open a title's trailer; null when that was given up. Nothing of it is remembered as if it were the film. */
export function openTrailer(id: string, signal: AbortSignal, told: Told): Promise<Opened | null> {
  return open(id, { trailer: true }, 0, signal, told, () => undefined);
}

async function open(id: string, wanted: WantedPart, start_s: number, signal: AbortSignal, told: Told, known: Known): Promise<Opened | null> {
  void player.load().catch(() => undefined);
  const client = supportOf(thisBrowser());
  const { info_hash: hash, file_index: index, confirmed } = await api.addTitle(id, wanted, client, signal);
  told(hash);
  if (confirmed && index !== null) {
    // The player comes while the film's first bytes do: it says itself what it waits for, and what went wrong.
    known({ hash, index });
    foresee(hash, index);
    return { hash, index };
  }
  const view = await api.playTitle(id, wanted, client, start_s, signal);
  if (signal.aborted) {
    api.leave(view.session);
    return null;
  }
  const film = { hash: view.info_hash, index: view.file_index };
  known(film);
  adopt(view);
  return film;
}
