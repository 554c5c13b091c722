/** What is done once the page has nothing better to do. */

/** Call back when the browser is idle, at the latest after so long; gives what calls it off. */
export function whenIdle(callback: () => void, timeoutMs: number): () => void {
  if ('requestIdleCallback' in globalThis) {
    const asked = requestIdleCallback(callback, { timeout: timeoutMs });
    return () => cancelIdleCallback(asked);
  }
  const timer = setTimeout(callback, timeoutMs / 5);
  return () => clearTimeout(timer);
}

/** The same, for whoever waits. */
export const idle = (timeoutMs: number): Promise<void> => new Promise((done) => void whenIdle(done, timeoutMs));
