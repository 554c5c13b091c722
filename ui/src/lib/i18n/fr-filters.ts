/** What narrows the wall of titles, in French. */

import type { Message } from './en';
import type { enFilters } from './en-filters';

export const frFilters: Record<keyof typeof enFilters, Message> = {
  'filters.more': 'Plus de filtres',
  'filters.length': 'Durée',
  'filters.length.all': 'Toutes les durées',
  'filters.length.short': '40 minutes au plus',
  'filters.length.hour': 'De 41 à 89 minutes',
  'filters.length.feature': 'De 90 minutes à 2 heures',
  'filters.length.long': 'Plus de 2 heures',
  'filters.language': 'Langue',
  'filters.language.all': 'Toutes les langues',
  'filters.subtitles': 'Sous-titres',
  'filters.subtitles.all': 'Avec ou sans sous-titres',
  'filters.subtitles.some': 'Avec des sous-titres à côté',
};
