/** A walk over a page by arrows alone: from all that can be focused in all four directions, and what goes wrong then.
 *
 * `look` sees after a step that the focus is somewhere, and where it is seen. `walk` goes breadth first from where the focus is, and gives a sentence for each
 * fault and for each thing that no arrow leads to; its keys are made up, so that a thousand of them take a second. Real ones are pressed beside it. */
() => {
  const name = (one) => {
    const label = one.dataset.place ?? one.getAttribute('aria-label') ?? one.labels?.[0]?.innerText ?? one.innerText ?? '';
    return `${one.tagName.toLowerCase()} ${label.replace(/\s+/g, ' ').trim().slice(0, 40)}`;
  };
  const drawn = (one) => {
    const box = one.getBoundingClientRect();
    return box.width > 2 || one.labels?.[0] === undefined ? box : one.labels[0].getBoundingClientRect();
  };
  const faults = new Set();
  const look = (how) => {
    const at = document.activeElement;
    if (at === null || at === document.body) return faults.add(`${how}: the focus is lost`);
    if (!at.checkVisibility()) return faults.add(`${how}: ${name(at)} is hidden`);
    const { left, right, top, bottom } = drawn(at);
    const across = Math.min(right, innerWidth) - Math.max(left, 0);
    const along = Math.min(bottom, innerHeight) - Math.max(top, 0);
    if (across < (Math.min(right - left, innerWidth)) / 2 || along < Math.min(bottom - top, innerHeight) / 2) return faults.add(`${how}: ${name(at)} is out of view`);
    const over = document.elementFromPoint((Math.max(left, 0) + Math.min(right, innerWidth)) / 2, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2);
    const shows = over === null || at.contains(over) || over.contains(at) || [...(at.labels ?? [])].some((label) => label.contains(over));
    if (!shows) faults.add(`${how}: ${name(at)} is covered by ${over.outerHTML.slice(0, 60)}`);
    return undefined;
  };
  const walk = async () => {
    const FOCUSABLE = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex="0"]';
    const KEYS = ['ArrowDown', 'ArrowRight', 'ArrowLeft', 'ArrowUp'];
    const MOST_STEPS = 3000;
    const scope = document.querySelector('dialog[open]') ?? document;
    const frame = () => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
    const all = () => [...scope.querySelectorAll(FOCUSABLE)].filter((one) => one.tabIndex >= 0 && one.checkVisibility() && one.getBoundingClientRect().width > 0);
    const now = (one) => (one.isConnected || one.dataset.place === undefined ? one : document.querySelector(`[data-place="${CSS.escape(one.dataset.place)}"]`));
    // All of a page, but of posters that go on and on what hangs in the first view.
    const start = document.activeElement === document.body ? all()[0] : document.activeElement;
    const wanted = new Set(all().filter((one) => one.dataset.place === undefined || (one.getBoundingClientRect().top < innerHeight && one.getBoundingClientRect().left < innerWidth)));
    wanted.delete(start);
    const reached = new Set([start]);
    const places = new Set([start.dataset.place]);
    const group = start.type === 'radio' ? [...document.getElementsByName(start.name)] : [start];
    for (const one of group) {
      reached.add(one);
      wanted.delete(one);
    }
    const queue = group;
    let steps = 0;
    const add = (to) => {
      if (reached.has(to) || (to.dataset.place !== undefined && places.has(to.dataset.place))) return;
      reached.add(to);
      places.add(to.dataset.place);
      wanted.delete(to);
      queue.push(to);
      // A group of these is walked by the browser's own arrows.
      if (to.type === 'radio') for (const one of document.getElementsByName(to.name)) add(one);
    };
    while (queue.length > 0 && wanted.size > 0 && steps < MOST_STEPS) {
      const from = queue.shift();
      for (const key of KEYS) {
        const at = now(from);
        if (at === null || !at.checkVisibility()) break;
        at.focus({ focusVisible: true });
        // Whoever stands at the end of a text is led on by an arrow.
        if (typeof at.value === 'string' && at.type === 'text') at.setSelectionRange(...(key === 'ArrowRight' ? [1e4, 1e4] : [0, 0]));
        at.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
        steps += 1;
        if (steps % 16 === 0) await frame();
        if (look(`${name(at)} ${key}`) === undefined) add(document.activeElement);
      }
    }
    const left = [...wanted].filter((one) => one.isConnected && one.checkVisibility() && !places.has(one.dataset.place ?? null));
    return [...faults, ...left.map((one) => `no arrow leads to ${name(one)}`)];
  };
  window.walking = { faults, look, walk };
}
