/** Where each film was left, as the library remembers it. */

import { library } from './library.svelte';
import type { InfoHash, Progress } from './wire';

/** Where a film is to begin although it was left elsewhere: said just before it is opened. */
let wanted: { hash: InfoHash; index: number } | null = null;

/** Have it begin at its beginning, the next time that it is opened. */
export function fromTheStart(hash: InfoHash, index: number): void {
  wanted = { hash, index };
}

/** Where to go on with a file, in seconds; null at its beginning. */
export function resumeAt(hash: InfoHash, index: number): number | null {
  if (wanted?.hash === hash && wanted.index === index) return null;
  return library.ofFile(hash, index)?.resume_s || null;
}

/** It is open: what was said of its beginning is done. */
export function opened(): void {
  wanted = null;
}

/** Where this torrent was left last, in whichever of its files. */
export function lastLeft(hash: InfoHash): Progress | null {
  return library.last((one) => one.info_hash === hash && one.resume_s > 0) ?? null;
}
