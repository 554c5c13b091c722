/** Encryption for other screens, in English. */

import type { Message } from './en';

export const enTls = {
  'screens.plain.how': 'To have it encrypted, run matinee tls in a terminal here, once.',
  'screens.encrypted': 'Between this computer and the other screens everything is encrypted.',
  'screens.trust': 'A screen warns until it knows this computer: give it this computer’s certificate, once. It is told how at',
  'screens.trust.get': 'Download the certificate',
  'screens.trust.compare': 'What it installs must have this SHA-256. It can speak for addresses of a house’s own network alone.',
  'add-device.trust': 'Where it warns, open {url} on it first.',
  'set.tls_cert': 'Certificate of your own',
  'set.tls_cert.more': 'A file with which other screens are encrypted, instead of the authority that matinee tls makes.',
  'set.tls_cert.also': 'https tls ssl encryption secure pem',
  'set.tls_key': 'Key of that certificate',
  'set.tls_key.more': 'The file with its key, where it is not in the same one.',
  'set.tls_key.also': 'https tls ssl encryption secure pem private',
} as const satisfies Record<string, Message>;
