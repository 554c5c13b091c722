/** What goes over the wire, as docs/api.md says it. Units are in the names. */

export type InfoHash = string;
export type State = 'fetching-metadata' | 'checking' | 'downloading' | 'complete' | 'paused' | 'error';
export type Basis = 'own-work' | 'licence' | 'public-domain' | 'permission';
export type Sharing = 'archive-only' | 'while-watching' | 'keep';

export interface Rights {
  basis: Basis;
  licence: string | null;
  stated_at: string;
}

export interface RightsStatement {
  basis: Basis;
  licence: string | null;
}

export interface Trouble {
  code: string;
  sentence: string;
}

export interface TorrentFile {
  index: number;
  path: string;
  length: number;
  media_type: string;
  stream_url: string;
}

export interface Torrent {
  info_hash: InfoHash;
  name: string;
  state: State;
  trouble: Trouble | null;
  rights: Rights | null;
  sharing: Sharing;
  length: number;
  piece_length: number;
  files: TorrentFile[];
  progress: { bytes_done: number; bytes_total: number; fraction: number };
  rates: { down_bytes_per_s: number; up_bytes_per_s: number };
  peers: { connected: number; seeds: number; known: number };
  added_at: string;
  magnet: string;
}

export interface TorrentChange {
  paused?: boolean;
  sharing?: Sharing;
  down_limit_bytes_per_s?: number;
  up_limit_bytes_per_s?: number;
}

/** Half-open, in bytes of the file. */
export type Span = [start: number, stop: number];

export interface Ranges {
  length: number;
  spans: Span[];
}

export interface BufferEvent extends Ranges {
  info_hash: InfoHash;
  file_index: number;
  waiting: string | null;
}

export interface TrackerActivity {
  url: string;
  state: 'working' | 'waiting' | 'failed';
  message: string;
}

export interface PeerActivity {
  address: string;
  client: string;
  kind: 'peer' | 'web-host';
  bytes_down: number;
  bytes_up: number;
  progress: number;
}

export interface Activity {
  info_hash: InfoHash;
  trackers: TrackerActivity[];
  dht: boolean;
  lsd: boolean;
  pex: boolean;
  peers: PeerActivity[];
  web_hosts: PeerActivity[];
  bytes_down: number;
  bytes_up: number;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
}
