/** From the bytes of a subtitle file to its text. Pure. */

/** By the language of whoever drops it: what its files were written in before UTF-8. */
const OLD: Readonly<Record<string, string>> = {
  ru: 'windows-1251', uk: 'windows-1251', bg: 'windows-1251', sr: 'windows-1251', el: 'windows-1253', tr: 'windows-1254', he: 'windows-1255',
  ar: 'windows-1256', fa: 'windows-1256', pl: 'windows-1250', cs: 'windows-1250', sk: 'windows-1250', hu: 'windows-1250', ro: 'windows-1250',
  hr: 'windows-1250', sl: 'windows-1250', ja: 'shift_jis', ko: 'euc-kr', zh: 'gb18030', th: 'windows-874', vi: 'windows-1258',
}; // prettier-ignore

/** A mark at the beginning decides; else UTF-8 where every byte fits it; else what the reader's language used to be written in. */
export function readText(bytes: Uint8Array<ArrayBuffer>, language: string): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder(OLD[language.slice(0, 2).toLowerCase()] ?? 'windows-1252').decode(bytes);
  }
}
