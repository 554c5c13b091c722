/** Why a film was not published, in words: what a code means of films that are here, and not of torrents on the web. */

import { t, tCode } from './i18n/index.svelte';

export function notPublished(code: string, said: string): string {
  if (code === 'bad-film') return t('publish.no-film');
  return code === 'bad-source' ? t('publish.no-file') : tCode('problem', code, said);
}
