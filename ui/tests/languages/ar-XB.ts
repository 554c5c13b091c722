/** English in a mirror: what a language that is read from right to left needs, for those who read none. No part of what is shipped. */

import { en, type Catalogue, type Message } from '../../src/lib/i18n/en';

const mirrored = (text: string): string => text.replace(/(\{\w+\})|([^{}]+)/gu, (_, value?: string, words?: string) => value ?? `\u202e${words}\u202c`);

/** Arabic counts two by a form of its own. */
function every(message: Message): Message {
  if (typeof message === 'string') return mirrored(message);
  return { one: mirrored(message.one ?? message.other), two: mirrored(`${message.other} ×2`), other: mirrored(message.other) };
}

export default Object.fromEntries(Object.entries(en).map(([key, message]) => [key, every(message)])) as Catalogue;
