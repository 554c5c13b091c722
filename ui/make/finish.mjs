/** The last step of a build: draws the icons, and tells the worker what the page is made of. `node make/finish.mjs FOLDER` */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { draw, ICONS } from './icons.mjs';

const WORKER = 'sw.js';
const BUILT = /\{"version":"\w*","files":\[[^\]]*\]\}/u;
/** What only some films need is not worth keeping for everybody: the reader of segments, the drawer of styled subtitles. */
const MOST_BYTES = 300_000;

/** Every file of the page that is kept, by its address. */
export function kept(folder) {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const address = (path) => `/${relative(folder, path).split(sep).join('/')}`;
  const left = ['/index.html', `/${WORKER}`, '/sources.sha256'];
  return found.filter((path) => !left.includes(address(path)) && statSync(path).size <= MOST_BYTES).map((path) => ({ path, address: address(path) })).sort((a, b) => (a.address < b.address ? -1 : 1));
}

/** One name for a page and all it is made of. */
export function version(folder, files) {
  const hash = createHash('sha256').update(readFileSync(join(folder, 'index.html')));
  for (const { path, address } of files) hash.update(`\0${address}\0`).update(readFileSync(path));
  return hash.digest('hex').slice(0, 16);
}

function drawIcons(folder) {
  const svg = readFileSync(join(folder, 'icon.svg'), 'utf8');
  for (const icon of ICONS) writeFileSync(join(folder, icon.name), draw(svg, icon));
}

/** Tell the worker what there is by now. */
export function tell(folder) {
  const files = kept(folder);
  const worker = readFileSync(join(folder, WORKER), 'utf8');
  if (!BUILT.test(worker)) throw new Error(`${WORKER} has no place for what the page is made of.`);
  const told = JSON.stringify({ version: version(folder, files), files: files.map((file) => file.address) });
  writeFileSync(join(folder, WORKER), worker.replace(BUILT, () => told));
}

const [, program, folder] = process.argv;
if (program === fileURLToPath(import.meta.url) && folder !== undefined) {
  drawIcons(folder);
  tell(folder);
}
