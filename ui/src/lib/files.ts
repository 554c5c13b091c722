/** Which files of a torrent can be played, and in which order they are shown. Pure. */

import type { Torrent, TorrentFile } from './wire';

export type FileKind = 'video' | 'audio' | 'other';

const VIDEO = /\.(?:mkv|mp4|m4v|webm|avi|mov|mpe?g|ogv|wmv|flv|m?ts|m2ts|3gp)$/iu;
const AUDIO = /\.(?:mp3|flac|ogg|opus|m4a|wav|aac)$/iu;

export function kindOf(file: TorrentFile): FileKind {
  if (file.media_type.startsWith('video/') || VIDEO.test(file.path)) return 'video';
  if (file.media_type.startsWith('audio/') || AUDIO.test(file.path)) return 'audio';
  return 'other';
}

const RANK: Record<FileKind, number> = { video: 0, audio: 1, other: 2 };
/** Of the largest film's length: what is shorter is a trailer or a sample, what is not is an episode or another reel. */
const FEATURE = 0.35;
const natural = new Intl.Collator('en', { numeric: true });

interface Placed {
  file: TorrentFile;
  rank: number;
}

function placed(files: readonly TorrentFile[]): Placed[] {
  const kinds = files.map(kindOf);
  const largest = files.reduce((most, file, at) => (kinds[at] === 'video' ? Math.max(most, file.length) : most), 0);
  return files.map((file, at) => {
    const kind = kinds[at] ?? 'other';
    return { file, rank: RANK[kind] + (kind === 'video' && file.length < FEATURE * largest ? 0.5 : 0) };
  });
}

function compare(a: Placed, b: Placed): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  return (a.rank < RANK.other ? natural.compare(a.file.path, b.file.path) : 0) || a.file.index - b.file.index;
}

/** Films first, in the order of their names, trailers behind them; then what can be heard; the rest in the torrent's own order. */
export function ordered(files: readonly TorrentFile[]): TorrentFile[] {
  return placed(files).sort(compare).map((one) => one.file);
}

/** What one means by the film: the first of a series, the whole one beside its trailer. */
export function mainFile(torrent: Torrent): TorrentFile | null {
  let first: Placed | null = null;
  for (const one of placed(torrent.files)) if (one.rank < RANK.other && (first === null || compare(one, first) < 0)) first = one;
  return first?.file ?? null;
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1) || path;
}

export function folderOf(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? '' : path.slice(0, cut);
}
