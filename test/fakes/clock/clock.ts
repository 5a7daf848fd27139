import type { Clock } from '../../../src/concurrency/clock.ts';

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
  #now: number;
  #timers: { due: number; callback: () => void }[] = [];

  readonly #turns: number;

  /** `turns`: how many turns of the event loop what a timer starts may take; one for what promises alone bring about. */
  constructor(start = Date.UTC(2026, 7, 3, 14, 0, 0), turns = 1) {
    this.#now = start;
    this.#turns = turns;
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
    await settled(this.#turns);
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers = this.#timers.filter(timer => timer !== next);
      this.#now = Math.max(this.#now, next.due);
      next.callback();
      await settled(this.#turns);
    }
    this.#now = end;
  }

  #next(end: number) {
    return this.#timers.filter(timer => timer.due <= end).sort((a, b) => a.due - b.due)[0];
  }
}

/** After all that promises alone can bring about. */
async function settled(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise(resolve => setImmediate(resolve));
}
