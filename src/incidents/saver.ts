import { backoff, type Clock } from '../concurrency/clock.ts';
import { type Failure, toFailure } from '../failure/failure.ts';
import type { StoredReport } from './drift-report.ts';
import type { IncidentStore } from './store.ts';

export interface SaverOptions {
  store: IncidentStore;
  clock: Clock;
  /** What is to be saved under a name now; undefined when the report is to be removed. */
  current: (name: string) => StoredReport | undefined;
  onFailure: (failure: Failure, retryMs: number) => void;
  /** The pause between two rounds, in which changes gather. */
  gatherMs: number;
}

/**
 * Saves reports that changed, each in its newest state: changes during a save are gathered into the next one. The first
 * change after a quiet time is saved at once. What fails is tried again for ever, with growing pauses.
 */
export class Saver {
  readonly #options: SaverOptions;
  readonly #changed = new Set<string>();
  readonly #waiting = new Map<string, (() => void)[]>();
  #saving: { name: string; waiting: (() => void)[] } | undefined;
  #attempts = 0;
  #running: Promise<void> | undefined;
  #pause: (() => void) | undefined;
  #closed = false;

  constructor(options: SaverOptions) {
    this.#options = options;
  }

  change(name: string): void {
    this.#changed.add(name);
    this.#start();
  }

  /** Resolves when a report is stored as it is now; at once while nothing can be stored. */
  stored(name: string): Promise<void> {
    if (this.#closed || this.#attempts > 0) return Promise.resolve();
    const under = this.#saving?.name === name ? this.#saving.waiting : undefined;
    if (!this.#changed.has(name)) {
      return under === undefined ? Promise.resolve() : new Promise(resolve => under.push(resolve));
    }
    return new Promise(resolve => {
      this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), resolve]);
      // Somebody waits: nothing more is gathered.
      this.#pause?.();
      this.#pause = undefined;
      this.#start();
    });
  }

  /** How many reports wait to be stored. */
  get waiting(): number {
    return this.#changed.size;
  }

  get idle(): boolean {
    return this.#changed.size === 0 && this.#running === undefined;
  }

  /** Saves what is left once more, and stops. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#pause?.();
    this.#pause = undefined;
    await this.#running;
    await this.#round();
    for (const waiting of this.#waiting.values()) for (const resolve of waiting) resolve();
    this.#waiting.clear();
  }

  /** Stops at once: what is not saved yet is somebody else's now. */
  abandon(): void {
    this.#closed = true;
    this.#changed.clear();
    this.#pause?.();
    for (const waiting of this.#waiting.values()) for (const resolve of waiting) resolve();
    this.#waiting.clear();
  }

  #start(): void {
    if (this.#running !== undefined || this.#pause !== undefined || this.#closed) return;
    this.#running = this.#round().then(failure => {
      this.#running = undefined;
      if (!this.#closed) this.#rest(failure);
    });
  }

  /** Saves all that changed, removals last; stops at the first failure, which leaves the rest for the next round. */
  async #round(): Promise<Failure | undefined> {
    const { store, current } = this.#options;
    const removed = (name: string) => Number(current(name) === undefined);
    const names = [...this.#changed].sort((a, b) => removed(a) - removed(b));
    for (const name of names) {
      if (!this.#changed.has(name)) continue;
      const waiting = this.#waiting.get(name) ?? [];
      this.#waiting.delete(name);
      this.#changed.delete(name);
      this.#saving = { name, waiting };
      try {
        const report = current(name);
        await (report === undefined ? store.remove(name) : store.save(report));
      } catch (error) {
        this.#changed.add(name);
        for (const others of this.#waiting.values()) waiting.push(...others);
        this.#waiting.clear();
        return toFailure(error, 'HF1308');
      } finally {
        this.#saving = undefined;
        for (const resolve of waiting) resolve();
      }
    }
    return undefined;
  }

  #rest(failure: Failure | undefined): void {
    const { clock, gatherMs, onFailure } = this.#options;
    this.#attempts = failure === undefined ? 0 : this.#attempts + 1;
    const ms = failure === undefined ? gatherMs : backoff(this.#attempts, 1_000, 30_000);
    if (failure !== undefined) onFailure(failure, ms);
    this.#pause = clock.after(ms, () => {
      this.#pause = undefined;
      if (this.#changed.size > 0) this.#start();
    });
  }
}
