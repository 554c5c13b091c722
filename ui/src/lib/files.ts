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

/** Playable files first, the largest before the others; the rest in the torrent's own order. */
export function ordered(files: readonly TorrentFile[]): TorrentFile[] {
  return [...files].sort((a, b) => {
    const [first, second] = [kindOf(a), kindOf(b)];
    if (first !== second) return RANK[first] - RANK[second];
    return first === 'other' ? a.index - b.index : b.length - a.length;
  });
}

export function mainFile(torrent: Torrent): TorrentFile | null {
  let best: TorrentFile | null = null;
  for (const file of torrent.files) {
    const kind = kindOf(file);
    if (kind === 'other') continue;
    if (best === null || RANK[kind] < RANK[kindOf(best)] || (kind === kindOf(best) && file.length > best.length)) best = file;
  }
  return best;
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1) || path;
}

export function folderOf(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? '' : path.slice(0, cut);
}
