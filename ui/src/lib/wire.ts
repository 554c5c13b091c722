/** What goes over the wire, under the page's own names. The shapes are made from the server's description: `openapi.ts`. */

import type { components } from './openapi';

type Shapes = components['schemas'];

export type InfoHash = string;
export type Torrent = Shapes['Torrent'];
export type TorrentFile = Shapes['File'];
export type TorrentChange = Shapes['ChangeTorrent'];
export type Sharing = Torrent['sharing'];
export type Rights = Shapes['Rights'];
export type RightsStatement = Shapes['RightsStatement'];
export type Basis = Rights['basis'];
export type Ranges = Shapes['Ranges'];
/** Half-open, in bytes of the file. */
export type Span = Ranges['spans'][number];
export type BufferEvent = Shapes['BufferEvent'];
export type GoneEvent = Shapes['GoneEvent'];
export type Activity = Shapes['Activity'];
export type PeerActivity = Shapes['PeerActivity'];
export type Problem = Shapes['Problem'];

/** What a browser says it can decode; names are FFmpeg's. */
export interface ClientSupport {
  containers: string[];
  video: string[];
  audio: string[];
  hdr: boolean;
  max_height: number;
}

export interface AudioChoice {
  id: string;
  language: string;
  label: string;
  channels: number;
  plan: 'copy' | 'convert' | 'leave';
  default: boolean;
}

export interface SubtitleChoice {
  id: string;
  language: string;
  label: string;
  form: 'text' | 'styled' | 'picture';
  default: boolean;
  forced: boolean;
  hearing_impaired: boolean;
  url: string;
}

export interface Chapter {
  start_s: number;
  stop_s: number;
  title: string;
}

/** One film on its way to this player. */
export interface PlaybackView {
  session: string;
  kind: 'direct' | 'hls';
  url: string;
  way: 'direct' | 'remux' | 'transcode';
  reasons: string[];
  info_hash: InfoHash;
  file_index: number;
  duration_s: number | null;
  video: { codec: string; width: number; height: number; frame_rate: number; hdr: string | null } | null;
  audio: AudioChoice[];
  subtitles: SubtitleChoice[];
  chapters: Chapter[];
  fonts: { name: string; url: string }[];
  thumbnails_url: string | null;
}
