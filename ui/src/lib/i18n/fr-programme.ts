/** Les mots des rangées de l’accueil, en français. */

import type { Message } from './en';
import type { enProgramme } from './en-programme';

export const frProgramme: Record<keyof typeof enProgramme, Message> = {
  'home.surprise': 'Surprenez-moi',
  'home.because': 'Parce que vous avez vu {name}',
  'home.new': 'Nouveaux pour vous',
  'home.keep': 'À garder en vie',
  'home.keep.said': 'Matinee ne leur connaît qu’une seule adresse à chacun. En regarder un ici lui en donne une seconde, tant qu’il y reste et qu’il est partagé.',
  'home.keep.others': { one: '{n} autre l’a en entier', other: '{n} autres l’ont en entier' },
  'home.keep.had': { one: '{n} autre l’avait en entier le {day}', other: '{n} autres l’avaient en entier le {day}' },
  'home.keep.nobody': 'personne d’autre vu avec le film entier',
  'home.decade': 'Les années {year}',
  'home.everything': 'Tous',
  'home.everything.of': 'Tout «\u00a0{name}\u00a0»',
  'share.open': 'Faire passer',
  'share.title': 'Faire passer {name}',
  'share.web': 'Là où chacun le trouve',
  'share.web.more': 'Une page du web : il ne faut aucun programme.',
  'share.magnet': 'Son torrent',
  'share.magnet.more': 'Pour tout programme qui partage des films, celui-ci aussi.',
  'share.here': 'Cette page',
  'share.here.more': 'Pour les écrans qui se servent de ce Matinee.',
  'share.copy': 'Copier',
  'share.copy.of': 'Copier : {name}',
  'share.pass': 'Envoyer',
  'title.subtitles': 'Sous-titres',
  'browse.countries': 'Pays',
  'browse.country.all': 'Tous les pays',
};
