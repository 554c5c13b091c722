/** What is promised of a film, and why this version of it, in English. */

import type { Message } from './en';

export const enPromises = {
  'promise.starts': 'Starts in about {time}.',
  'promise.smoothly': 'It will play smoothly.',
  'promise.pauses': 'It will pause: it needs {needs}, you get {gets}.',
  'promise.converts-slowly': 'It will pause: this computer converts it more slowly than it plays.',
  'title.why': 'Why this version',
  'promise.guess': 'Starts in about {time} on a usual line; yours has not been measured yet.',
  'promise.kept': { one: 'Of {n} film, {within} started when promised, give or take a third.', other: 'Of {n} films, {within} started when promised, give or take a third; the usual promise was {off} off.' },
  'choice.only-one': 'It is the only one.',
  'choice.here-already': 'It is on this computer already, or on its way.',
  'choice.nobody-has-it': 'Nobody who has it is there just now, as far as its tracker knows.',
  'choice.sources': { one: '{n} source is known that has all of it.', other: '{n} sources are known that have all of it.' },
  'choice.fits-line': 'It needs {needs}, and you get {gets}.',
  'choice.needs-least': 'It needs {needs} where you get {gets}: the others need more.',
  'choice.rate-not-known': 'How much it needs is not known; you get {gets}.',
  'choice.line-not-measured': 'Your line has not been measured yet: it is taken for one of {assumed}.',
  'choice.best-picture': 'Of those that your line bears it has the best picture: {lines} lines.',
  'choice.starts-soonest': 'Of those with as good a picture it starts soonest.',
  'choice.plays-as-it-is': 'This browser plays it as it is.',
  'choice.sent-in-segments': 'It is sent in segments; nothing is converted.',
  'choice.sound-converted': 'Only its sound is converted.',
  'choice.codecs-not-known': 'What must be done to it shows once it opens.',
  'choice.picture-converted': 'Its picture has to be converted, or may have to be.',
} as const satisfies Record<string, Message>;
