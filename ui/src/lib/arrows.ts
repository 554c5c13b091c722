/** Arrow keys move the focus to the nearest neighbour in their direction, as a remote expects. */

import { nearest, type Direction } from './nearest';

const FOCUSABLE = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex="0"]';
const DIRECTIONS: Record<string, Direction> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** A television: what has a pointer may scroll by arrows until something is focused. */
const withoutPointer = matchMedia('(any-pointer: none)');
const withoutMotion = matchMedia('(prefers-reduced-motion: reduce)');
const knowsOpen = CSS.supports('selector(:open)');
/** Which item of each row was focused last. */
const remembered = new WeakMap<Element, HTMLElement>();

/** Whether an element needs this arrow for itself. Every one lets go in some direction: a remote has no other way out. */
function keepsArrow(element: Element, [dx, dy]: Direction): boolean {
  if (element.hasAttribute('data-own-arrows')) return true;
  if (element instanceof HTMLInputElement) {
    if (['checkbox', 'button', 'submit', 'file'].includes(element.type)) return false;
    // A slider keeps what still moves it: at its end the arrow leads on.
    if (element.type === 'range') return dx !== 0 && element.value !== (dx > 0 ? element.max : element.min);
    return element.type === 'radio' ? !isEdge(element, dy) : dx !== 0 && !isAtEnd(element, dx);
  }
  // A list that is closed lets an arrow pass: a remote would choose another country by going by. Enter opens it.
  if (element instanceof HTMLSelectElement) return dy !== 0 && !closes(element);
  if (element instanceof HTMLTextAreaElement) return !isAtEnd(element, dx === 0 ? dy : dx);
  return element.closest('[role="slider"]') !== null && dx !== 0;
}

/** Whether the place where one types is at that end of the text: the arrow moves nothing there, and leads on. */
function isAtEnd(field: HTMLInputElement | HTMLTextAreaElement, by: number): boolean {
  // Fields of numbers and days tell no place.
  if (field.selectionStart === null || field.selectionStart !== field.selectionEnd) return field.value === '';
  return field.selectionStart === (by > 0 ? field.value.length : 0);
}

/** Whether a list is known to be closed; one that is open has the keys for itself. */
function closes(list: HTMLSelectElement): boolean {
  return knowsOpen && !list.matches(':open');
}

/** The first of a group upwards, the last downwards: in between an arrow chooses, as radio buttons do. */
function isEdge(radio: HTMLInputElement, dy: number): boolean {
  const group = [...document.querySelectorAll<HTMLInputElement>('input[type="radio"]')].filter((one) => one.name === radio.name);
  return dy !== 0 && radio === group.at(dy < 0 ? 0 : -1);
}

function focusables(scope: ParentNode, but: Element): HTMLElement[] {
  return [...scope.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((one) => one !== but && one.tabIndex >= 0 && one.checkVisibility());
}

/** Whether one sees it without the row's being moved. */
function isInSight(one: HTMLElement): boolean {
  const { left, right, width } = one.getBoundingClientRect();
  return one.isConnected && width > 0 && left >= 0 && right <= innerWidth;
}

/** Where one sees it: a choice is its words, not the dot before them. */
function boxOf(one: HTMLElement): DOMRect {
  const words = one instanceof HTMLInputElement && ['radio', 'checkbox'].includes(one.type) ? one.labels?.[0] : undefined;
  return (words ?? one).getBoundingClientRect();
}

/** Along a row an arrow goes from item to item, and at its end nowhere else. */
function alongRow(row: Element, from: HTMLElement, [dx]: Direction): HTMLElement | null {
  const items = [...row.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((one) => one.tabIndex >= 0);
  return items[items.indexOf(from) + dx] ?? null;
}

function find(scope: ParentNode, from: HTMLElement, here: DOMRect, direction: Direction): HTMLElement | null {
  const row = from.closest('[data-row]');
  if (row !== null && direction[0] !== 0) return alongRow(row, from, direction) ?? from;
  const candidates = focusables(scope, from);
  const best = candidates[nearest(here, candidates.map(boxOf), direction)] ?? null;
  const entered = best?.closest('[data-row]') ?? null;
  if (entered === null || entered === row) return best;
  const last = remembered.get(entered);
  return last !== undefined && isInSight(last) ? last : best;
}

/** Escape leads back to the page before this one, or home where this was the first; true when it did. */
export function leadBack(event: KeyboardEvent, page: string): boolean {
  if (event.key !== 'Escape' || event.defaultPrevented || page === 'play' || document.querySelector('dialog[open]') !== null) return false;
  // Whoever has typed something is not sent away from it.
  if (event.target instanceof HTMLInputElement && event.target.type === 'text' && event.target.value !== '') return false;
  const { navigation } = window as { navigation?: { canGoBack: boolean } };
  if (navigation?.canGoBack === true) history.back();
  else if (page !== 'home') location.hash = '#/';
  else return false;
  event.preventDefault();
  return true;
}

export function moveFocus(event: KeyboardEvent): void {
  const direction = DIRECTIONS[event.key];
  const from = document.activeElement;
  if (event.key === 'Enter' && from instanceof HTMLSelectElement && closes(from)) {
    event.preventDefault();
    from.showPicker();
    return;
  }
  if (direction === undefined || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!(from instanceof HTMLElement)) return;
  const nowhere = from === document.body;
  if (nowhere ? !withoutPointer.matches : !from.matches(':focus-visible') || keepsArrow(from, direction)) return;
  const scope: ParentNode = document.querySelector('dialog[open]') ?? document;
  const best = find(scope, from, nowhere ? new DOMRect() : boxOf(from), direction);
  if (best === null) return;
  event.preventDefault();
  if (best === from) return;
  best.focus({ preventScroll: true });
  const row = best.closest('[data-row]');
  if (row !== null) remembered.set(row, best);
  // A key that is held down runs ahead of what glides.
  const glides = !event.repeat && !withoutMotion.matches;
  best.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: glides ? 'smooth' : 'instant' });
}
