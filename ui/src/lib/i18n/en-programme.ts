/** The words of the home page's rows, in English. */

import type { Message } from './en';

export const enProgramme = {
  'home.surprise': 'Surprise me',
  'home.because': 'Because you watched {name}',
  'home.new': 'New to you',
  'home.keep': 'Keep them alive',
  'home.keep.said': 'Matinee knows one home only of each of these. Watch one here, and it has a second for as long as it stays and is shared.',
  'home.keep.others': { one: '{n} other has all of it', other: '{n} others have all of it' },
  'home.keep.had': { one: '{n} other had all of it on {day}', other: '{n} others had all of it on {day}' },
  'home.keep.nobody': 'nobody else was seen with all of it',
  'home.decade': 'The {year}s',
  'home.everything': 'All of them',
  'home.everything.of': 'All of “{name}”',
  'share.open': 'Pass it on',
  'share.title': 'Pass on {name}',
  'share.web': 'Where it lies for everybody',
  'share.web.more': 'A page of the web: it needs no program.',
  'share.magnet': 'Its torrent',
  'share.magnet.more': 'For any program that shares films, this one too.',
  'share.here': 'This page',
  'share.here.more': 'For the screens that use this Matinee.',
  'share.copy': 'Copy',
  'share.copy.of': 'Copy: {name}',
  'share.pass': 'Send it',
  'title.subtitles': 'Subtitles',
  'browse.countries': 'Country',
  'browse.country.all': 'Every country',
} as const satisfies Record<string, Message>;
