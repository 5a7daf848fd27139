import { randomBytes } from 'node:crypto';
import { bounded } from '../concurrency/bounded.ts';
import { backoff, type Clock } from '../concurrency/clock.ts';
import type { Comparison } from '../findings/finding.ts';
import type { Sighting } from './sighting.ts';
import { packed, partName, partsOf } from './sighting.ts';
import type { SightingStore } from './sighting-store.ts';

export interface PublisherOptions {
  store: Pick<SightingStore, 'write' | 'remove'>;
  /** Names this process. */
  holder: string;
  clock: Clock;
  onFailure(error: unknown, retryMs: number): void;
  /** How long changes gather between two writes. */
  gatherMs?: number;
  /** What is the same is written again after this long, so that it shows that somebody goes on looking. */
  refreshMs?: number;
}

interface Written {
  text: string;
  atMs: number;
}

type Seen = Omit<Sighting, 'holder'>;

const writtenAtOnce = 6;

/**
 * Writes what this observer sees of its units for the one that tells: each unit in its newest state, and only what changed. What fails
 * is tried again for ever, with growing pauses.
 */
export class Publisher {
  readonly #options: Required<PublisherOptions>;
  /** The newest of each unit. */
  readonly #newest = new Map<string, Seen>();
  readonly #changed = new Set<string>();
  readonly #written = new Map<string, Written>();
  /** The comparison that was packed last of each unit: the same one is delivered often. */
  readonly #packed = new Map<string, { of: Comparison; text: string }>();
  #attempts = 0;
  #running: Promise<void> | undefined;
  #cancel: (() => void) | undefined;
  #wanted = false;

  constructor(options: PublisherOptions) {
    this.#options = { gatherMs: 100, refreshMs: 55_000, ...options };
  }

  /** Whether anybody else tells what we see; what was seen until then is written now. */
  wanted(wanted: boolean): void {
    if (wanted && !this.#wanted) for (const unit of this.#newest.keys()) this.#changed.add(unit);
    this.#wanted = wanted;
    // whoever tells next may have removed what we wrote
    this.#written.clear();
    this.#start();
  }

  saw(seen: Seen): void {
    this.#newest.set(seen.unit, seen);
    this.#changed.add(seen.unit);
    this.#start();
  }

  /** A sync begins to put these units right: what was seen of them does not count until it has ended. */
  converging(units: ReadonlySet<string>): void {
    for (const [unit, seen] of this.#newest) {
      if (!units.has(unit) || seen.converging) continue;
      this.#newest.set(unit, { ...seen, converging: true });
      this.#changed.add(unit);
    }
    this.#start();
  }

  /** The unit is not ours any more: what we saw of it would be old when it comes back. */
  forget(unit: string): void {
    const remove = () =>
      this.#options.store.remove(partName(unit, 1), this.#options.holder).catch(() => undefined);
    void (this.#running ?? Promise.resolve()).then(remove);
    for (const map of [this.#newest, this.#written, this.#packed]) map.delete(unit);
    this.#changed.delete(unit);
  }

  async close(): Promise<void> {
    this.#wanted = false;
    this.#cancel?.();
    await this.#running;
  }

  #start(): void {
    if (!this.#wanted || this.#running !== undefined || this.#cancel !== undefined) return;
    if (this.#changed.size === 0) return;
    this.#running = this.#round().then(pauseMs => {
      this.#running = undefined;
      this.#cancel = this.#options.clock.after(pauseMs, () => {
        this.#cancel = undefined;
        this.#start();
      });
    });
  }

  async #round(): Promise<number> {
    const units = [...this.#changed];
    const failures: unknown[] = [];
    this.#changed.clear();
    await bounded(units, writtenAtOnce, async unit => {
      try {
        if (this.#wanted && failures.length === 0) await this.#write(unit);
        else this.#changed.add(unit);
      } catch (error) {
        this.#changed.add(unit);
        failures.push(error);
      }
    });
    if (failures.length === 0) {
      this.#attempts = 0;
      return this.#options.gatherMs;
    }
    const pauseMs = backoff(++this.#attempts, 1_000, 30_000);
    this.#options.onFailure(failures[0], pauseMs);
    return pauseMs;
  }

  async #write(unit: string): Promise<void> {
    const { store, holder, clock, refreshMs } = this.#options;
    const seen = this.#newest.get(unit);
    if (seen === undefined) return;
    const { comparison, ...said } = seen;
    const packed = this.#pack(comparison);
    const text = JSON.stringify([seen.hash, seen.converging, packed]);
    const written = this.#written.get(unit);
    const atMs = clock.now();
    if (written?.text === text && atMs - written.atMs < refreshMs) return;
    await store.write(unit, holder, partsOf({ ...said, packed, holder }, randomBytes(6).toString('hex')));
    this.#written.set(unit, { text, atMs });
  }

  #pack(comparison: Comparison): string {
    const known = this.#packed.get(comparison.unit);
    const text = known?.of === comparison ? known.text : packed(comparison);
    this.#packed.set(comparison.unit, { of: comparison, text });
    return text;
  }
}
