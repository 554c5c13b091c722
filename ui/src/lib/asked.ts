/** What others say to a search that goes further, put together. Pure. */

import type { Answered, Provider, TitleCard } from './wire';

/** What came of asking one. */
export interface Told {
  readonly provider: Provider;
  readonly asking: boolean;
  /** Titles that were not here before. */
  readonly more: number;
  /** Titles it gave, here before or not, shown or not. */
  readonly found: number;
  /** Why there are none, or not all. */
  readonly trouble: string | null;
  /** When it gave them, where it does not answer now. */
  readonly keptAt: string | null;
}

export function asking(providers: readonly Provider[]): Told[] {
  return providers.map((provider) => ({ provider, asking: true, more: 0, found: 0, trouble: null, keptAt: null }));
}

/** With one more part of an answer, of which `more` titles are new here. */
export function heard(told: readonly Told[], answer: Answered, more: number): Told[] {
  return told.map((one) =>
    one.provider.id !== answer.provider
      ? one
      : {
          provider: one.provider,
          asking: !answer.last,
          more: one.more + more,
          found: one.found + answer.found,
          trouble: answer.trouble?.code ?? one.trouble,
          keptAt: answer.trouble === null ? one.keptAt : answer.kept_at,
        },
  );
}

/** Nobody is asked any more: what did not come will not. */
export function ended(told: readonly Told[], trouble: string): Told[] {
  return told.map((one) => (one.asking ? { ...one, asking: false, trouble } : one));
}

/** A list with more behind it: what stands there keeps its place, and is shown as it is known now. */
export function grown(titles: readonly TitleCard[], more: readonly TitleCard[]): readonly TitleCard[] {
  const newest = new Map(more.map((card) => [card.id, card]));
  const there = titles.map((card) => newest.get(card.id) ?? card);
  const known = new Set(titles.map((card) => card.id));
  return [...there, ...[...newest.values()].filter((card) => !known.has(card.id))];
}
