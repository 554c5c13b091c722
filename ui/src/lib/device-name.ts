/** What a screen calls itself until its owner says otherwise. Pure. */

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/iPhone/u, 'iPhone'],
  [/iPad/u, 'iPad'],
  [/SMART-TV|SmartTV|Tizen|Web0S|webOS|BRAVIA|Android TV|AFT[A-Z]/u, 'TV'],
  [/Android.*Mobile/u, 'Android phone'],
  [/Android/u, 'Android tablet'],
  [/Macintosh/u, 'Mac'],
  [/Windows/u, 'Windows'],
  [/CrOS/u, 'Chromebook'],
  [/Linux/u, 'Linux'],
];

/** Give a name by what a browser says of itself; `fallback` where that says nothing. */
export function deviceName(agent: string, fallback: string): string {
  return KINDS.find(([pattern]) => pattern.test(agent))?.[1] ?? fallback;
}

/** Digits in two groups of four, as they are read aloud; whatever else was typed is left out. */
export function grouped(typed: string): string {
  const digits = typed.replace(/\D/gu, '').slice(0, 8);
  return digits.length > 4 ? `${digits.slice(0, 4)} ${digits.slice(4)}` : digits;
}
