/** What a track is called, in the reader's language. */

import { language, t } from './i18n/index.svelte';
import { called } from './title';
import type { AudioChoice, SubtitleChoice } from './wire';

export interface Named {
  label: string;
  /** The smaller line. */
  more: string;
}

export function languageName(tag: string): string {
  if (tag === '' || tag === 'und') return t('track.unknown');
  try {
    const name = new Intl.DisplayNames([language()], { type: 'language', fallback: 'code' }).of(tag) ?? tag;
    return name.charAt(0).toLocaleUpperCase(language()) + name.slice(1);
  } catch {
    return called(tag, 20);
  }
}

/** The maker's own words, where they say more than the language does. */
function added(label: string, name: string): string {
  const words = called(label, 80);
  return words.toLocaleLowerCase() === name.toLocaleLowerCase() ? '' : words;
}

function joined(...parts: string[]): string {
  return parts.filter((part) => part !== '').join(' · ');
}

export function audioName(track: AudioChoice): Named {
  const name = languageName(track.language);
  const channels = track.channels === 1 ? t('sound.mono') : track.channels === 2 ? t('sound.stereo') : track.channels > 2 ? `${track.channels - 1}.1` : '';
  const plan = track.plan === 'convert' ? t('sound.converted') : track.plan === 'leave' ? t('sound.left') : '';
  return { label: name, more: joined(added(track.label, name), channels, plan) };
}

/** Why styled subtitles are shown as text, where somebody wanted their own look. */
export function unstyled(lines: { why: 'browser' | 'letters' } | null): string {
  return t(lines?.why === 'letters' ? 'subtitles.unlettered' : 'subtitles.unstyled');
}

export function subtitleName(track: SubtitleChoice & { own?: 'file' | 'offer' }): Named {
  if (track.own === 'file') return { label: called(track.label, 80), more: t('subtitles.own') };
  const name = languageName(track.language);
  const form = track.form !== 'picture' ? '' : track.url === null ? t('subtitles.elsewhere') : t('subtitles.pictures');
  return { label: name, more: joined(added(track.label, name), track.own === 'offer' ? t('subtitles.offer') : '', track.forced ? t('subtitles.forced') : '', track.hearing_impaired ? t('subtitles.deaf') : '', form, track.host !== null ? t('subtitles.host', { host: called(track.host, 80) }) : track.verified ? '' : t('subtitles.unverified')) };
}
