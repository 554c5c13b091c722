/** The first screens of a house, in English. */

import type { Message } from './en';

export const enWelcome = {
  'welcome.place': 'Take a seat.',
  'welcome.place.text': 'All is set: start at once. Or look at three things first; each can be changed later in the settings.',
  'welcome.sharing': 'What comes goes on to others.',
  'welcome.films': 'Films have a place.',
  'welcome.films.text': 'They come to a folder of this computer, and play while they come.',
  'welcome.honest': 'Whoever sends or receives a film with you sees this computer’s address on the internet. Every film has a page that shows who, and what was given.',
  'welcome.free': '{size} are free there.',
  'welcome.start': 'Start watching',
  'welcome.to.sharing': 'How films are shared',
  'welcome.to.films': 'Where films are kept',
  'welcome.step': '{n} of {all}',
} as const satisfies Record<string, Message>;
