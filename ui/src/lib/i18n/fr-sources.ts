/** D’où viennent les films, en français. */

import type { Message } from './en';
import type { enSources } from './en-sources';

export const frSources: Record<keyof typeof enSources, Message> = {
  'sources.title': 'D’où viennent les films',
  'sources.lead': 'Outre sa propre étagère, Matinee interroge ceux-ci quand vous cherchez plus loin. Ce dont rien ne prouve qu’on peut le partager n’est pas montré, où que cela se trouve.',
  'sources.link': 'Choisir qui est interrogé',
  'sources.nobody': 'Personne n’est interrogé : Matinee est hors ligne, ou derrière un mandataire.',
  'sources.ask': 'Interroger {name}',
  'sources.sees': 'Voit les mots que vous cherchez et l’adresse de cet ordinateur : {hosts}',
  'sources.sees-nothing': 'Ne voit aucun des mots que vous cherchez.',
  'sources.not-asked': 'Pas interrogé depuis le démarrage de Matinee.',
  'sources.answered': 'A répondu {when}.',
  'sources.kept': 'Ce qu’il a donné {when} en tient lieu.',
  'sources.nonsense': 'Ce qu’il a envoyé n’a pas de sens. Matinee réessaiera la prochaine fois.',
  'feeds.title': 'Vos flux',
  'feeds.lead': 'RSS, Atom ou Media RSS avec des torrents. Un flux est pris en entier et parcouru ici : aucun de vos mots ne sort. Il voit l’adresse de cet ordinateur.',
  'feeds.label': 'Adresse d’un flux',
  'feeds.add': 'Ajouter',
  'feeds.adding': 'Lecture…',
  'feeds.none': 'Il n’y a pas à cette adresse de flux que Matinee puisse lire.',
  'feeds.remove': 'Retirer {name}',
  'feeds.holds': { one: '{n} film', other: '{n} films' },
};
