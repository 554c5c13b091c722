/** A person's own file of subtitles, read: what is plain here, everything else by the server. */

import type { ApiError } from '../api';
import { isStyled } from './ass.ts';
import { readCues, type Cue } from './cues.ts';

export interface OwnLines {
  cues: Cue[];
  /** As ASS, where it can be drawn with its styles. */
  styled: string | null;
}

const LARGEST_FILE = 8 * 1024 * 1024;
const PLAIN = /\.(?:srt|vtt)$/iu;
const STYLED = /\.(?:ass|ssa)$/iu;
/** What the file chooser offers. */
export const KINDS = '.srt,.vtt,.ass,.ssa,.sub,.smi,.sami,.ttml,.dfxp,.txt,.zip,text/vtt,application/x-subrip';

/** The text of a file in UTF-8; null when it is in another encoding, which the server finds out. */
async function textOf(file: File): Promise<string | null> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    return null;
  }
}

/**
 * Read a file.
 *
 * Gives null when there is no line in it. `ask` has the server read it, and may throw what `api` throws.
 */
export async function readOwn(file: File, ask: (file: File) => Promise<string>): Promise<OwnLines | null> {
  if (file.size > LARGEST_FILE) return null;
  const text = PLAIN.test(file.name) || STYLED.test(file.name) ? await textOf(file) : null;
  if (text !== null && PLAIN.test(file.name)) {
    const cues = readCues(text);
    if (cues.length > 0) return { cues, styled: null };
  }
  const cues = await ask(file).then(readCues, (error: ApiError) => {
    if (error.status === 422) return [];
    throw error;
  });
  return cues.length === 0 ? null : { cues, styled: text !== null && isStyled(text) ? text : null };
}
