/** Holds every style to a page that is read from either side: nothing of it says left or right where a start and an end exist.
 *
 * What really has a left and a right (the bar of a film, which no language turns) says so in a comment before it: `physical: why`.
 * Run by `npm run check`; names each breach by file and line, and ends with 1 where there is one. */

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SOURCES = new URL('../src/', import.meta.url);
const SIDED = /^(left|right|((scroll-)?(margin|padding)|border)-(left|right)(-\w+)?|border-(top|bottom)-(left|right)-radius)$/u;
const TURNED = /^(text-align|float|clear|caption-side)$/u;
const FOUR = /^(inset|margin|padding|scroll-margin|scroll-padding|border-width|border-style|border-color)$/u;
const EXCUSED = /physical: \S/u;

/** The parts of a value, those in brackets whole. */
function parts(value) {
  return value.match(/(?:[^\s()]+|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))+/gu) ?? [];
}

/** Why a declaration holds for one direction alone; nothing where it does not. */
export function breach(property, value) {
  if (SIDED.test(property)) return `${property} names a side`;
  if (TURNED.test(property) && /^(left|right)\b/u.test(value)) return `${property}: ${value} names a side`;
  const [, right, , left] = parts(value);
  if (FOUR.test(property) && left !== undefined && left !== right) return `${property} of four values turns with nothing`;
  if (property === 'border-radius' && !value.includes('/')) {
    const [first, second = first, third = first, fourth = second] = parts(value);
    if (first !== second || third !== fourth) return 'border-radius names corners by their side';
  }
  return '';
}

/** Every breach of a style sheet, or of the styles of a component, by its line. */
export function breaches(text, whole) {
  const from = whole ? 0 : text.indexOf('<style>');
  if (from < 0) return [];
  const found = [];
  // Comments end at the same place, but hold nothing.
  const plain = text.replace(/\/\*[^]*?\*\//gu, (comment) => comment.replace(/[^\n]/gu, ' '));
  for (const { 1: property, 2: value, index } of plain.slice(from).matchAll(/(?<=[;{]\s*)([a-z-]+)\s*:\s*([^;{}]+)(?=[;}])/gu)) {
    const why = breach(property, value.trim());
    const line = text.slice(0, from + index).split('\n').length;
    const said = text.split('\n').slice(Math.max(0, line - 2), line).join('\n');
    if (why !== '' && !EXCUSED.test(said)) found.push({ line, why });
  }
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = readdirSync(SOURCES, { recursive: true }).filter((name) => /\.(css|svelte)$/u.test(name));
  const all = files.flatMap((name) => breaches(readFileSync(new URL(name, SOURCES), 'utf8'), name.endsWith('.css')).map(({ line, why }) => `src/${name}:${line}: ${why}`));
  for (const one of all) console.error(one);
  process.exitCode = all.length > 0 ? 1 : 0;
}
