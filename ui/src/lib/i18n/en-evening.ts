/** Whether anybody still watches, and what the curious see while they do, in English. */

import type { Message } from './en';

export const enEvening = {
  'still.title': 'Still watching?',
  'still.text': 'Nothing has been touched for a while, so the next part waits for a word from you.',
  'still.go': 'Go on',

  'figures.title': 'Statistics',
  'figures.key': 'Statistics for the curious',
  'figures.way': 'Way',
  'figures.way.direct': '{way}, the file itself',
  'figures.way.hls': '{way}, in segments',
  'figures.picture': 'Picture',
  'figures.window': 'Shown at',
  'figures.sound': 'Sound',
  'figures.ahead': 'Held by the browser',
  'figures.ahead.value': '{time} ahead',
  'figures.dropped': 'Pictures lost',
  'figures.dropped.value': '{n} of {all}',
  'figures.taking': 'Arriving',
  'figures.taking.value': '{rate}; the film needs {needs}',
  'figures.giving': 'Given on',
  'figures.pieces': 'Pieces',
  'figures.pieces.value': '{here} of {all} here, {n} still to come from here on',
  'figures.people': 'People',
  'figures.people.value': '{n} connected, {seeds} with all of it, {known} known',
  'figures.senders': 'Sending now',
  'figures.senders.none': 'nobody',
  'figures.senders.one': '{name}, {rate}',
  'figures.senders.more': { one: 'and {n} more', other: 'and {n} more' },
  'figures.unnamed': 'a program that does not say its name',
} as const satisfies Record<string, Message>;
