/** The words of the player's list of keys, in English. */

import type { Message } from './en';

export const enKeys = {
  'keys.title': 'Keys',
  'keys.space': 'Space',
  'keys.enter': 'Enter',
  'keys.escape': 'Esc',
  'keys.play': 'Play, pause',
  'keys.seek5': 'Five seconds back, on',
  'keys.seek10': 'Ten seconds back, on',
  'keys.frame': 'One picture back, on',
  'keys.subtitles': 'Subtitles on, off; with Shift the next ones',
  'keys.sound': 'The next sound',
  'keys.delay': 'Subtitles earlier, later',
  'keys.stretch': 'Subtitles faster, slower',
  'keys.speed': 'Slower, faster',
  'keys.volume': 'Louder, softer',
  'keys.mute': 'Sound off, on',
  'keys.full': 'Fill the screen',
  'keys.tenth': 'To a tenth of the film',
  'keys.buttons': 'To the buttons; arrows lead on from there',
  'keys.help': 'These keys',
  'keys.back': 'Back to where you came from',
} as const satisfies Record<string, Message>;
