/** Les premiers écrans d’une maison, en français. */

import type { Message } from './en';
import type { enWelcome } from './en-welcome';

export const frWelcome: Record<keyof typeof enWelcome, Message> = {
  'welcome.place': 'Prenez place.',
  'welcome.place.text': 'Tout est prêt\u202f: vous pouvez commencer. Ou regarder d’abord trois choses, qui se changent ensuite dans les réglages.',
  'welcome.sharing': 'Ce qui arrive repart vers d’autres.',
  'welcome.films': 'Les films ont leur place.',
  'welcome.films.text': 'Ils arrivent dans un dossier de cet ordinateur, et se regardent pendant qu’ils arrivent.',
  'welcome.honest': 'Qui envoie ou reçoit un film avec vous voit l’adresse de cet ordinateur sur internet. Chaque film a une page qui montre qui, et ce qui a été donné.',
  'welcome.free': '{size} y sont libres.',
  'welcome.start': 'Commencer la séance',
  'welcome.to.sharing': 'Comment les films se partagent',
  'welcome.to.films': 'Où les films sont gardés',
  'welcome.step': '{n} sur {all}',
};
