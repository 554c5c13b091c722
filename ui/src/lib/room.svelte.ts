/** Which of the two rooms the page is in. */

import { hear, recall, remember } from './store';

export type Theme = 'auto' | 'auditorium' | 'foyer';

const light = matchMedia('(prefers-color-scheme: light)');

class Room {
  #theme = $state<Theme>(read());
  #systemLight = $state(light.matches);
  readonly isLight = $derived(this.#theme === 'foyer' || (this.#theme === 'auto' && this.#systemLight));

  constructor() {
    light.addEventListener('change', (event) => (this.#systemLight = event.matches));
    hear('theme', () => this.#go(read()));
  }

  /** What was chosen; `auto` follows the system. */
  get theme(): Theme {
    return this.#theme;
  }

  choose(theme: Theme): void {
    remember('theme', theme);
    this.#go(theme);
  }

  #go(theme: Theme): void {
    this.#theme = theme;
    document.documentElement.dataset['theme'] = theme;
  }

  toggle(): void {
    this.choose(this.isLight ? 'auditorium' : 'foyer');
  }
}

function read(): Theme {
  const kept = recall('theme');
  return kept === 'auditorium' || kept === 'foyer' ? kept : 'auto';
}

export const room = new Room();
