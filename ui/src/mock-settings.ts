/** The settings of the made-up server: some of each kind, one fixed, one that waits. */

import type { ServerSettings, SettingState } from './lib/wire';

function one(key: string, kind: SettingState['kind'], value: SettingState['value'], more: Partial<SettingState> = {}): SettingState {
  const plain = { unit: '', low: null, high: null, whole: false, choices: [], set_in: 'default', holds: 'at-once', changeable: true, waits: false } as const;
  return { ...plain, key, kind, sentence: '', value, is_set: false, in_force: value, default: value ?? '', choices: [], ...more };
}

const rate = { unit: 'bytes a second', low: 0, high: 2_147_483_647, whole: true };

const settings = new Map<string, SettingState>(
  [
    one('country', 'choice', '', { choices: ['', 'BE', 'DE', 'FR', 'GB', 'US'], in_force: 'US' }),
    one('other_screens', 'switch', new URLSearchParams(location.search).has('screens')),
    one('films_dir', 'text', '', { in_force: '/home/you/.local/share/matinee/films', holds: 'on-restart' }),
    one('disk_cap_bytes', 'number', 0, { unit: 'bytes', low: 0, whole: true }),
    one('reserve_bytes', 'number', 268_435_456, { unit: 'bytes', low: 0, whole: true, holds: 'on-restart' }),
    one('torrents_dir', 'text', '/home/you/Torrents'),
    one('pictures', 'choice', 'fetch', { choices: ['fetch', 'never'] }),
    one('sharing', 'choice', 'while-watching', { choices: ['archive-only', 'while-watching', 'keep'] }),
    one('up_limit_bytes_per_s', 'number', 0, rate),
    one('down_limit_bytes_per_s', 'number', 0, rate),
    one('fetch', 'choice', 'as-watched', { choices: ['as-watched', 'whole'] }),
    one('downloads_at_once', 'number', 2, { unit: 'films', low: 0, high: 1000, whole: true, default: 2 }),
    one('quiet_from', 'text', '22:30', { unit: 'time of day', set_in: 'file', is_set: true }),
    one('quiet_until', 'text', '07:00', { unit: 'time of day', set_in: 'file', is_set: true }),
    one('quiet_days', 'text', 'mon,tue,wed,thu,fri', { unit: 'days', set_in: 'file', is_set: true }),
    one('quiet_up_limit_bytes_per_s', 'number', 250_000, rate),
    one('quiet_down_limit_bytes_per_s', 'number', 0, rate),
    one('give_ratio_limit', 'number', 2, { unit: 'times', low: 0, high: 10_000 }),
    one('give_hours_limit', 'number', 0, { unit: 'hours', low: 0, high: 100_000 }),
    one('opensubtitles_key', 'secret', null, { is_set: true, set_in: 'file' }),
    one('dht', 'switch', false, { set_in: 'command-line', changeable: false }),
    one('lsd', 'switch', true),
    one('listen_port', 'number', 7000, { whole: true, low: 0, high: 65_535, in_force: 6881, default: 6881, is_set: true, set_in: 'file', holds: 'on-restart', waits: true }),
    one('welcomed', 'switch', !new URLSearchParams(location.search).has('first')),
    one('host', 'text', '127.0.0.1', { holds: 'by-hand', changeable: false }),
  ].map((setting) => [setting.key, setting]),
);

export function mockSettings(method: string, body: Record<string, unknown>): ServerSettings {
  for (const [key, value] of Object.entries(method === 'PATCH' ? body : {})) {
    const setting = settings.get(key);
    if (setting === undefined) continue;
    const next = (value ?? setting.default) as SettingState['value'];
    settings.set(key, setting.kind === 'secret' ? { ...setting, is_set: value !== null } : { ...setting, value: next, in_force: setting.holds === 'at-once' ? next : setting.in_force, is_set: value !== null, waits: setting.holds !== 'at-once' });
  }
  return { settings: [...settings.values()], file: '/home/you/.local/share/matinee/config.toml', data_dir: '/home/you/.local/share/matinee' };
}
