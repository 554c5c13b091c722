/** Which settings stand together on their page, and which of them somebody looks for. Pure. */

export const GROUPS = [
  { id: 'place', settings: ['language', 'theme', 'country', 'people'] },
  { id: 'screens', settings: ['other_screens'] },
  { id: 'films', settings: ['films_dir', 'disk_cap_bytes', 'reserve_bytes', 'torrents_dir', 'pictures', 'sources'] },
  {
    id: 'sharing',
    settings: [
      'sharing', 'fetch', 'downloads_at_once', 'up_limit_bytes_per_s', 'down_limit_bytes_per_s', 'quiet_from', 'quiet_until', 'quiet_days',
      'quiet_up_limit_bytes_per_s', 'quiet_down_limit_bytes_per_s', 'give_ratio_limit', 'give_hours_limit', 'receipt',
    ],
  },
  { id: 'subtitles', settings: ['look', 'opensubtitles_key'] },
  { id: 'keeping', settings: ['promises', 'backup', 'file'] },
  {
    id: 'line',
    settings: [
      'hardware_encoder', 'offline', 'port_mapping', 'dht', 'lsd', 'utp', 'connections', 'listen_port', 'encryption', 'proxy_host', 'proxy_port',
      'proxy_user', 'proxy_password', 'proxy_kind', 'port', 'metadata_timeout_s', 'piece_timeout_s', 'send_idle_limit_s', 'log_level',
      'log_format', 'log_file', 'log_file_bytes', 'host', 'tls_cert', 'tls_key', 'database_url', 'allow_private_sources',
    ],
  },
  { id: 'about', settings: ['version'] },
] as const; // prettier-ignore

/** Those of the page, and those of the server by their keys; their words are `set.NAME`. */
export type Name = (typeof GROUPS)[number]['settings'][number];

/** As words are compared: without case and accents. */
export function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[’']/gu, ' ');
}

/** Whether every word that is looked for begins one of these, or stands inside where it is long enough to mean something. */
export function isFound(wanted: string, text: string): boolean {
  const words = folded(text).split(/[^\p{L}\p{N}]+/u);
  return folded(wanted)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '')
    .every((part) => words.some((word) => word.startsWith(part) || (part.length > 3 && word.includes(part))));
}
