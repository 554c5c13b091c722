/** The page without its server: who keeps it meanwhile, and how it becomes a newer one. */

import { api } from './api';
import { whenIdle } from './idle';

const WORKER = '/sw.js';

/** Have the worker keep the page, once it has nothing better to do. Only a browser that trusts the connection has one: this computer's, or over https. */
export function keepPage(): void {
  // The made-up server of `mock.html` is no page to keep.
  if (!import.meta.env.PROD || location.pathname !== '/' || !('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  const isFirst = serviceWorker.controller === null;
  const register = async (): Promise<void> => {
    if (isFirst) serviceWorker.addEventListener('controllerchange', () => tellMissed(serviceWorker), { once: true });
    await serviceWorker.register(WORKER);
  };
  whenIdle(() => void register().catch(() => undefined), 5000);
}

/** Say what was asked for before the worker was there, also what is still on its way then: it keeps of that what may be kept. */
function tellMissed(serviceWorker: ServiceWorkerContainer): void {
  const came = performance.now();
  new PerformanceObserver((seen) => {
    const missed = seen.getEntries().filter((one) => one.startTime <= came);
    if (missed.length > 0) serviceWorker.controller?.postMessage(missed.map((one) => one.name));
  }).observe({ type: 'resource', buffered: true });
}

/** Whether the server has another page by now: every build's script has a name of its own. False when nobody answers. */
async function isOutdated(): Promise<boolean> {
  const script = document.querySelector<HTMLScriptElement>('script[type="module"][src]');
  if (!import.meta.env.PROD || location.pathname !== '/' || script === null) return false;
  try {
    return !(await api.page()).includes(new URL(script.src).pathname);
  } catch {
    return false;
  }
}

/** Whether somebody plays, types or decides: a page that began anew would take it from them. */
function isBusy(): boolean {
  return document.querySelector('video, dialog[open], input:focus, textarea:focus') !== null;
}

/** Become the page that the server has by now: at once where nobody is disturbed, else with the next page that is opened. */
export async function renew(): Promise<void> {
  if (!(await isOutdated())) return;
  if (isBusy()) addEventListener('hashchange', () => location.reload(), { once: true });
  else location.reload();
}
