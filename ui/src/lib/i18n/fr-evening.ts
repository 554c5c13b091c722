/** S’il y a encore quelqu’un, et ce que voient les curieux, en français. */

import type { Message } from './en';
import type { enEvening } from './en-evening';

export const frEvening: Record<keyof typeof enEvening, Message> = {
  'still.title': 'Vous êtes encore là\u202f?',
  'still.text': 'Rien n’a bougé depuis un moment\u202f: la suite attend un signe de vous.',
  'still.go': 'Continuer',

  'figures.title': 'Statistiques',
  'figures.key': 'Statistiques pour les curieux',
  'figures.way': 'Chemin',
  'figures.way.direct': '{way}, le fichier même',
  'figures.way.hls': '{way}, par segments',
  'figures.picture': 'Image',
  'figures.window': 'Affichée en',
  'figures.sound': 'Son',
  'figures.ahead': 'Dans le navigateur',
  'figures.ahead.value': '{time} d’avance',
  'figures.dropped': 'Images perdues',
  'figures.dropped.value': '{n} sur {all}',
  'figures.taking': 'Arrive',
  'figures.taking.value': '{rate}\u202f; le film demande {needs}',
  'figures.giving': 'Donné',
  'figures.pieces': 'Pièces',
  'figures.pieces.value': '{here} sur {all} ici, {n} à venir d’ici la fin',
  'figures.people': 'Personnes',
  'figures.people.value': '{n} en lien, {seeds} avec tout le film, {known} connues',
  'figures.senders': 'Envoient',
  'figures.senders.none': 'personne',
  'figures.senders.one': '{name}, {rate}',
  'figures.senders.more': { one: 'et {n} autre', other: 'et {n} autres' },
  'figures.unnamed': 'un programme qui ne dit pas son nom',
};
