/** Where films come from, in English. */

import type { Message } from './en';

export const enSources = {
  'sources.title': 'Where films come from',
  'sources.lead': 'Beside its own shelf, Matinee asks these when you search further. What has no evidence of why it may be shared is not shown, whoever has it.',
  'sources.link': 'Choose who is asked',
  'sources.nobody': 'Nobody is asked now: Matinee is offline, or behind a proxy.',
  'sources.ask': 'Ask {name}',
  'sources.sees': 'Sees the words you look for, and this computer’s address: {hosts}',
  'sources.sees-nothing': 'Sees none of the words you look for.',
  'sources.not-asked': 'Not asked since Matinee was started.',
  'sources.answered': 'Answered {when}.',
  'sources.kept': 'What it gave {when} stands in.',
  'sources.nonsense': 'What it sent makes no sense. Matinee tries again the next time.',
  'feeds.title': 'Your feeds',
  'feeds.lead': 'RSS, Atom or Media RSS with torrents. A feed is fetched whole and searched here: no word of yours goes out. It sees this computer’s address.',
  'feeds.label': 'Address of a feed',
  'feeds.add': 'Add',
  'feeds.adding': 'Reading …',
  'feeds.none': 'There is no feed at this address that Matinee can read.',
  'feeds.remove': 'Remove {name}',
  'feeds.holds': { one: '{n} film', other: '{n} films' },
} as const satisfies Record<string, Message>;
