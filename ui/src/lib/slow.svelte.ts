/** Whether something that the page stands still for takes long: nobody sees then whether it still comes. */

const LONG_MS = 5000;

class Slow {
  #late = $state(0);

  /** Whether anything is late now. */
  get late(): boolean {
    return this.#late > 0;
  }

  /** Wait for something, and note when it is late. */
  async watch<T>(coming: Promise<T>): Promise<T> {
    let late = 0;
    const patience = setTimeout(() => (this.#late += late = 1), LONG_MS);
    try {
      return await coming;
    } finally {
      clearTimeout(patience);
      this.#late -= late;
    }
  }
}

export const slow = new Slow();
