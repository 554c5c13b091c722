/** Arrow keys move the focus to the nearest neighbour in their direction, as a remote expects. */

const FOCUSABLE = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), summary, [tabindex="0"]';
const DIRECTIONS: Record<string, readonly [x: number, y: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const ASIDE_WEIGHT = 2.2;
/** A television: what has a pointer may scroll by arrows until something is focused. */
const withoutPointer = matchMedia('(any-pointer: none)');

/** Whether an element needs this arrow for itself. Every one lets go in some direction: a remote has no other way out. */
function keepsArrow(element: Element, [dx, dy]: readonly [number, number]): boolean {
  if (element.hasAttribute('data-own-arrows')) return true;
  if (element instanceof HTMLInputElement) {
    if (['checkbox', 'button', 'submit', 'file'].includes(element.type)) return false;
    // A slider keeps what still moves it: at its end the arrow leads on.
    if (element.type === 'range') return dx !== 0 && element.value !== (dx > 0 ? element.max : element.min);
    return element.type === 'radio' ? !isEdge(element, dy) : dx !== 0;
  }
  if (element instanceof HTMLSelectElement || element instanceof HTMLTextAreaElement) return dy !== 0;
  return element.closest('[role="slider"]') !== null && dx !== 0;
}

/** The first of a group upwards, the last downwards: in between an arrow chooses, as radio buttons do. */
function isEdge(radio: HTMLInputElement, dy: number): boolean {
  const group = [...document.querySelectorAll<HTMLInputElement>('input[type="radio"]')].filter((one) => one.name === radio.name);
  return dy !== 0 && radio === group.at(dy < 0 ? 0 : -1);
}

function distance(from: DOMRect, to: DOMRect, [dx, dy]: readonly [number, number]): number {
  const ahead = dx !== 0 ? (dx > 0 ? to.left - from.right : from.left - to.right) : dy > 0 ? to.top - from.bottom : from.top - to.bottom;
  const centre = dx !== 0 ? (to.left + to.right - from.left - from.right) * dx : (to.top + to.bottom - from.top - from.bottom) * dy;
  if (centre <= 0 || ahead < -Math.min(from.height, from.width) / 2) return Infinity;
  const aside =
    dx !== 0
      ? Math.max(0, to.top - from.bottom, from.top - to.bottom) + Math.abs(to.top - from.top) / 8
      : Math.max(0, to.left - from.right, from.left - to.right) + Math.abs(to.left - from.left) / 8;
  return Math.max(0, ahead) + aside * ASIDE_WEIGHT;
}

export function moveFocus(event: KeyboardEvent): void {
  const direction = DIRECTIONS[event.key];
  const from = document.activeElement;
  if (direction === undefined || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!(from instanceof HTMLElement)) return;
  const nowhere = from === document.body;
  if (nowhere ? !withoutPointer.matches : !from.matches(':focus-visible') || keepsArrow(from, direction)) return;
  const scope: ParentNode = document.querySelector('dialog[open]') ?? document;
  const here = nowhere ? new DOMRect() : from.getBoundingClientRect();
  let best: HTMLElement | null = null;
  let least = Infinity;
  for (const candidate of scope.querySelectorAll<HTMLElement>(FOCUSABLE)) {
    if (candidate === from || !candidate.checkVisibility()) continue;
    const far = distance(here, candidate.getBoundingClientRect(), direction);
    if (far < least) [best, least] = [candidate, far];
  }
  if (best === null) return;
  event.preventDefault();
  best.focus({ preventScroll: true });
  best.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}
