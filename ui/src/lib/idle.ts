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

/** A tab that nobody sees draws nothing. */
const FRAME_MS = 100;

/** Wait until the page as it is has been drawn: who pressed something is answered before the work begins. */
export const drawn = (): Promise<void> =>
  new Promise((done) => {
    const late = setTimeout(done, FRAME_MS);
    requestAnimationFrame(() => {
      clearTimeout(late);
      setTimeout(done);
    });
  });
