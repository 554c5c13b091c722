/** Les mots de la liste des touches du lecteur, en français. */

import type { Message } from './en';
import type { enKeys } from './en-keys';

export const frKeys: Record<keyof typeof enKeys, Message> = {
  'keys.title': 'Touches',
  'keys.space': 'Espace',
  'keys.enter': 'Entrée',
  'keys.escape': 'Échap',
  'keys.play': 'Lecture, pause',
  'keys.seek5': 'Cinq secondes en arrière, en avant',
  'keys.seek10': 'Dix secondes en arrière, en avant',
  'keys.frame': 'Une image en arrière, en avant',
  'keys.subtitles': 'Sous-titres, ou non\u202f; avec Maj, les suivants',
  'keys.sound': 'Le son suivant',
  'keys.delay': 'Sous-titres plus tôt, plus tard',
  'keys.stretch': 'Sous-titres plus vite, plus lentement',
  'keys.speed': 'Moins vite, plus vite',
  'keys.volume': 'Plus fort, moins fort',
  'keys.mute': 'Couper, remettre le son',
  'keys.full': 'Plein écran',
  'keys.tenth': 'Au dixième voulu du film',
  'keys.buttons': 'Gagner les boutons\u202f; les flèches mènent plus loin',
  'keys.help': 'Ces touches',
  'keys.back': 'Revenir d’où l’on vient',
};
