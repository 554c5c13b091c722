/** What is asked of the server about people: `api` asks for everything else. */

import { ask, BASE, json, read } from './api';
import type { Colour, EpisodeNumber, Going, History, LibraryView, Profile, Profiles, Progress, RatedTitle, Rating, SavedTaste, SavedWish, Taken, Thumb, WishedTitle } from './wire';

const PEOPLE = `${BASE}/profiles`;
const IMPORT_LIMIT_MS = 120_000;

/** Where somebody is in a film, or whether it was watched. */
export interface Seen {
  position_s?: number;
  duration_s?: number;
  credits_s?: number | null;
  watched?: boolean;
  episode?: EpisodeNumber;
  file_index?: number;
}

const of = (path: string, who: string): string => `${BASE}/${path}?profile=${encodeURIComponent(who)}`;
const at = (kind: string, title: string, who: string): string => of(`${kind}/${encodeURIComponent(title)}`, who);
const drop = async (path: string): Promise<void> => void (await ask(path, { method: 'DELETE' }));

export const libraryApi = {
  profiles: (): Promise<Profiles> => read(PEOPLE),
  addProfile: (name: string, colour: Colour, child: boolean): Promise<Profile> => read(PEOPLE, json('POST', { name, colour, child })),
  changeProfile: (id: string, change: Partial<Pick<Profile, 'name' | 'colour' | 'child' | 'keeps_history'>>): Promise<Profile> => read(`${PEOPLE}/${encodeURIComponent(id)}`, json('PATCH', change)),
  dropProfile: (id: string): Promise<void> => drop(`${PEOPLE}/${encodeURIComponent(id)}`),
  /** Forget everything that is remembered of somebody. */
  clear: (who: string): Promise<void> => drop(of('library', who)),
  setLock: (number: string | null, old: string | null): Promise<Profiles> => read(`${PEOPLE}/lock`, json('PUT', { number, old })),
  async openLock(number: string): Promise<void> {
    await ask(`${PEOPLE}/lock`, json('POST', { number }));
  },
  library: (who: string): Promise<LibraryView> => read(of('library', who)),
  goingOn: (who: string): Promise<Going[]> => read<{ going_on: Going[] }>(of('going-on', who)).then((told) => told.going_on),
  /** Sent even when the page is going away. */
  see: (who: string, title: string, seen: Seen): Promise<Progress> => read(at('progress', title, who), { ...json('PUT', seen), keepalive: true }),
  leave: (who: string, title: string): Promise<void> => drop(at('progress', title, who)),
  watchlist: (who: string): Promise<WishedTitle[]> => read<{ watchlist: WishedTitle[] }>(of('watchlist', who)).then((told) => told.watchlist),
  wish: (who: string, title: string): Promise<SavedWish> => read(at('watchlist', title, who), { method: 'PUT' }),
  unwish: (who: string, title: string): Promise<void> => drop(at('watchlist', title, who)),
  ratings: (who: string): Promise<RatedTitle[]> => read<{ ratings: RatedTitle[] }>(of('ratings', who)).then((told) => told.ratings),
  rate: (who: string, title: string, thumb: Thumb): Promise<Rating> => read(at('ratings', title, who), json('PUT', { thumb })),
  unrate: (who: string, title: string): Promise<void> => drop(at('ratings', title, who)),
  /** Sent even when the page is going away. */
  like: (who: string, taste: Partial<SavedTaste> & { series: string }): Promise<SavedTaste> => read(of('tastes', who), { ...json('PUT', taste), keepalive: true }),
  history: (who: string, before: number | null): Promise<History> => read(`${of('history', who)}${before === null ? '' : `&before=${before}`}`),
  forgetViewing: (who: string, key: string): Promise<void> => drop(of(`history/${key}`, who)),
  forgetHistory: (who: string): Promise<void> => drop(of('history', who)),
  exported: async (): Promise<Blob> => (await ask(`${BASE}/library/export`)).blob(),
  take: (file: Blob): Promise<Taken> => read(`${BASE}/library/import`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: file, signal: AbortSignal.timeout(IMPORT_LIMIT_MS) }),
};
