/** What the browser may keep for the time when nobody answers, and what it may not. Pure. */

/** `shell`: the page itself. `file`: what it is made of. `told`: what everybody here may know. */
export type Kept = 'shell' | 'file' | 'told';

const TOLD = [/^\/api\/v1\/shelves$/u, /^\/api\/v1\/titles\/[\w.~%-]+$/u, /^\/pictures\//u];

/** Which kind of thing an address is; null for what is never kept: films, whatever is about people, all that changes something.
 *
 * `files` are those of this version of the page. */
export function kindOf(request: { method: string; mode: string }, url: URL, files: ReadonlySet<string>): Kept | null {
  if (request.method !== 'GET') return null;
  if (url.pathname === '/' && request.mode === 'navigate') return 'shell';
  if (files.has(url.pathname) && url.search === '') return 'file';
  // What is asked with a query is a search, or somebody's own.
  return url.search === '' && TOLD.some((known) => known.test(url.pathname)) ? 'told' : null;
}

/** Which of the kept go when there are too many: the oldest. `names` are in the order in which they came. */
export function surplus<T>(names: readonly T[], most: number): readonly T[] {
  return names.slice(0, Math.max(0, names.length - most));
}
