/** Le chiffrement pour les autres écrans, en français. */

import type { Message } from './en';
import type { enTls } from './en-tls';

export const frTls: Record<keyof typeof enTls, Message> = {
  'screens.plain.how': 'Pour que tout soit chiffré, lancez une fois matinee tls dans un terminal, ici.',
  'screens.encrypted': 'Entre cet ordinateur et les autres écrans, tout est chiffré.',
  'screens.trust': 'Un écran avertit tant qu’il ne connaît pas cet ordinateur\u202f: donnez-lui le certificat de l’ordinateur, une fois. Il lui est dit comment à l’adresse',
  'screens.trust.get': 'Télécharger le certificat',
  'screens.trust.compare': 'Ce qu’il installe doit avoir ce SHA-256. Cela ne vaut que pour des adresses du réseau de la maison.',
  'add-device.trust': 'S’il avertit, ouvrez-y d’abord {url}.',
  'set.tls_cert': 'Un certificat à vous',
  'set.tls_cert.more': 'Le fichier qui chiffre pour les autres écrans, à la place de l’autorité que crée matinee tls.',
  'set.tls_cert.also': 'https tls ssl chiffrement sécurité pem',
  'set.tls_key': 'La clé de ce certificat',
  'set.tls_key.more': 'Le fichier de sa clé, quand elle n’est pas dans le même.',
  'set.tls_key.also': 'https tls ssl chiffrement sécurité pem privée',
};
