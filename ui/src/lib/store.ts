/** What this browser remembers. Storage may be closed to us (private windows): then it is forgotten, never an error. */

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(`matinee.${key}`);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`matinee.${key}`, value);
  } catch {
    // Full or closed: the page goes on without a memory.
  }
}
