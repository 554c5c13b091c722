/** What each row was like when it was last seen: how far it had glided, and how much of it was drawn. */

export interface RowState {
  scroll: number;
  drawn: number;
}

const rows = new Map<string, RowState>();

export function rowState(id: string): RowState | undefined {
  return rows.get(id);
}

export function keepRow(id: string, state: RowState): void {
  rows.set(id, state);
}
