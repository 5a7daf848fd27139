import type { Clock } from '../../../src/incidents/clock.ts';

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
  #now: number;
  #timers: { due: number; callback: () => void }[] = [];

  constructor(start = Date.UTC(2026, 7, 3, 14, 0, 0)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { due: this.#now + ms, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter(other => other !== timer);
    };
  }

  /** Goes on by `ms`: every timer due until then fires at its own time, and what it started runs as far as it can. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settled();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers = this.#timers.filter(timer => timer !== next);
      this.#now = Math.max(this.#now, next.due);
      next.callback();
      await settled();
    }
    this.#now = end;
  }

  #next(end: number) {
    return this.#timers.filter(timer => timer.due <= end).sort((a, b) => a.due - b.due)[0];
  }
}

/** After all that promises alone can bring about. */
function settled(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
