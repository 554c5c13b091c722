/** Ce qui est promis d’un film, et pourquoi cette version, en français. */

import type { Message } from './en';
import type { enPromises } from './en-promises';

export const frPromises: Record<keyof typeof enPromises, Message> = {
  'promise.starts': 'Commence dans {time} environ.',
  'promise.smoothly': 'La lecture sera fluide.',
  'promise.pauses': 'La lecture s’interrompra\u00a0: il faut {needs}, vous recevez {gets}.',
  'promise.converts-slowly': 'La lecture s’interrompra\u00a0: cet ordinateur convertit le film plus lentement qu’il ne se joue.',
  'title.why': 'Pourquoi cette version',
  'promise.guess': 'Commence dans {time} environ sur une ligne courante\u202f; la vôtre n’a pas encore été mesurée.',
  'promise.kept': { one: 'Sur {n} film, {within} a commencé comme promis, à un tiers près.', other: 'Sur {n} films, {within} ont commencé comme promis, à un tiers près\u202f; l’écart habituel est de {off}.' },
  'choice.only-one': 'C’est la seule.',
  'choice.here-already': 'Elle est déjà sur cet ordinateur, ou en route.',
  'choice.nobody-has-it': 'Personne qui l’ait n’est là en ce moment, d’après son tracker.',
  'choice.sources': { one: 'On connaît {n} source qui l’a en entier.', other: 'On connaît {n} sources qui l’ont en entier.' },
  'choice.fits-line': 'Il lui faut {needs}, et vous recevez {gets}.',
  'choice.needs-least': 'Il lui faut {needs} quand vous recevez {gets}\u202f: les autres demandent davantage.',
  'choice.rate-not-known': 'On ne sait pas ce qu’il lui faut\u202f; vous recevez {gets}.',
  'choice.line-not-measured': 'Votre ligne n’a pas encore été mesurée\u202f: on la suppose de {assumed}.',
  'choice.best-picture': 'De celles que votre ligne supporte, elle a la meilleure image\u202f: {lines} lignes.',
  'choice.starts-soonest': 'De celles dont l’image est aussi bonne, c’est la première à commencer.',
  'choice.plays-as-it-is': 'Ce navigateur la joue telle quelle.',
  'choice.sent-in-segments': 'Elle arrive par segments\u202f; rien n’est converti.',
  'choice.sound-converted': 'Seul le son est converti.',
  'choice.codecs-not-known': 'Ce qu’il faut en faire se verra à l’ouverture.',
  'choice.picture-converted': 'Son image doit être convertie, ou peut-être.',
};
