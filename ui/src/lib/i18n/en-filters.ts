/** What narrows the wall of titles, in English. */

import type { Message } from './en';

export const enFilters = {
  'filters.more': 'More filters',
  'filters.length': 'Length',
  'filters.length.all': 'Any length',
  'filters.length.short': 'Up to 40 minutes',
  'filters.length.hour': '41 to 89 minutes',
  'filters.length.feature': '90 minutes to 2 hours',
  'filters.length.long': 'Over 2 hours',
  'filters.language': 'Language',
  'filters.language.all': 'Every language',
  'filters.subtitles': 'Subtitles',
  'filters.subtitles.all': 'With or without subtitles',
  'filters.subtitles.some': 'With subtitles beside it',
} satisfies Record<string, Message>;
