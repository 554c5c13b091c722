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

export function forget(key: string): void {
  try {
    localStorage.removeItem(`matinee.${key}`);
  } catch {
    // Closed: there is nothing to forget.
  }
}

/** Hear what another tab of this browser remembers from now on; null where it forgets. */
export function hear(key: string, take: (value: string | null) => void): void {
  window.addEventListener('storage', (event) => {
    if (event.key === `matinee.${key}`) take(event.newValue);
  });
}

/** What follows a beginning, of every key that has it. */
export function keysAfter(beginning: string): string[] {
  const whole = `matinee.${beginning}`;
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(whole)).map((key) => key.slice(whole.length));
  } catch {
    return [];
  }
}
