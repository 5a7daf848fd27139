import { setTimeout as sleep } from 'node:timers/promises';
import { toFailure } from '../failure/failure.ts';
import { Attempt } from './attempt/attempt.ts';
import { holdsOf } from './freeze/hold.ts';
import { nextSyncs } from './next-sync.ts';
import type { ConvergerParts } from './parts.ts';
import { Recorder, TakenOver } from './recorder.ts';
import { phaseOf, type Sync } from './sync.ts';

const atOnce = 4;
/** The queue is looked at this often even when nothing happens: an authorization may have come. */
const lookEveryMs = 30_000;
/** While a freeze holds something, it is asked this often whether it still does. */
const heldEveryMs = 5_000;

/** What this process remembers of earlier attempts of a Sync. */
interface Tries {
  all: number;
  errors: number;
  /** Since when it has been waiting for another unit. */
  waitsSince?: number | undefined;
}

/**
 * Works on Syncs until it is told to stop: one of a unit at a time, several units beside each other. It never decides on
 * what a Sync says of itself: every attempt asks for the authorization anew. Only one may run against a namespace
 * (lease.ts sees to that).
 */
export class Converger {
  readonly #parts: ConvergerParts;
  readonly #working = new Map<string, string>();
  readonly #notBefore = new Map<string, number>();
  readonly #tries = new Map<string, Tries>();
  readonly #running = new Set<Promise<void>>();
  #syncs: readonly Sync[] = [];
  #lost: AbortSignal | undefined;
  #wake: () => void = () => undefined;

  constructor(parts: ConvergerParts) {
    this.#parts = parts;
  }

  /**
   * Resolves after the signal, when what was in flight is finished. When `lost` fires, which fires the signal too, it is ended
   * at once instead. Never throws.
   */
  async run(signal: AbortSignal, lost?: AbortSignal): Promise<void> {
    this.#lost = lost;
    signal.addEventListener('abort', () => this.#wake(), { once: true });
    const watching = this.#parts.syncs.watch(syncs => {
      this.#syncs = syncs;
      this.#wake();
    }, signal);
    while (!signal.aborted) {
      const woken = new Promise<void>(resolve => {
        this.#wake = resolve;
      });
      const waitMs = await this.#look(signal).catch(error => this.#trouble(error));
      const timer = new AbortController();
      await Promise.race([woken, sleep(waitMs, undefined, { signal: timer.signal }).catch(() => undefined)]);
      timer.abort();
    }
    await Promise.all([watching, ...this.#running]);
  }

  /** Starts what is to be started; returns after how many milliseconds to look again. */
  async #look(signal: AbortSignal): Promise<number> {
    this.#forgetGone();
    if (this.#syncs.length === 0) return lookEveryMs;
    const decision = nextSyncs({
      syncs: this.#syncs,
      authorized: await this.#parts.authorizedRevisions().catch(() => []),
      working: this.#working,
      notBefore: this.#notBefore,
      now: performance.now(),
      holdOf: await holdsOf(this.#parts),
      room: atOnce - this.#working.size,
    });
    if (signal.aborted) return 0;
    for (const { sync, message } of decision.superseded)
      this.#track(sync, () => this.#supersede(sync, message, signal));
    for (const sync of decision.start) this.#track(sync, () => this.#attempt(sync, signal));
    for (const { sync, message } of decision.held) await this.#noteHold(sync, message);
    return Math.min(
      Math.max((decision.wakeAt ?? Number.POSITIVE_INFINITY) - performance.now(), 0),
      decision.held.length === 0 ? lookEveryMs : heldEveryMs,
    );
  }

  /** Says in the record why it waits; where it cannot be written now, the next look says it. */
  async #noteHold(sync: Sync, message: string): Promise<void> {
    if (sync.status?.message === message && phaseOf(sync) === 'Pending') return;
    await this.#parts.syncs.patchStatus(sync, { phase: 'Pending', message }).catch(() => undefined);
    this.#parts.onEvent?.({ what: 'waits', sync: sync.metadata.name, message });
  }

  #track(sync: Sync, task: () => Promise<void>): void {
    const { name } = sync.metadata;
    this.#working.set(name, sync.spec.unit);
    const running = task()
      .catch(error => {
        this.#delay(name);
        if (!(error instanceof TakenOver)) this.#trouble(error, name);
      })
      .finally(() => {
        this.#working.delete(name);
        this.#running.delete(running);
        this.#wake();
      });
    this.#running.add(running);
  }

  async #attempt(sync: Sync, signal: AbortSignal): Promise<void> {
    const { name } = sync.metadata;
    const tries = this.#tries.get(name) ?? { all: 0, errors: 0 };
    const { errors, waitsSince } = tries;
    const options = { signal, lost: this.#lost, tries: errors, waitsSince };
    const attempt = () => new Attempt(this.#parts, sync, options).run();
    const ending = await (this.#parts.around?.(sync, attempt) ?? attempt());
    if (signal.aborted) return;
    if (ending.what === 'final') {
      // the watch may bring the end later than we look again
      this.#delay(name);
      this.#parts.onEvent?.({ what: 'ended', sync: name, phase: ending.phase, message: ending.message });
      return;
    }
    this.#tries.set(name, {
      all: tries.all,
      errors: errors + (ending.outage ? 0 : 1),
      waitsSince: ending.waitsSince,
    });
    this.#delay(name, ending.afterMs);
    this.#parts.onEvent?.({ what: 'waits', sync: name, message: ending.message });
  }

  async #supersede(sync: Sync, message: string, stop: AbortSignal): Promise<void> {
    const { holder, syncs, timing, now } = this.#parts;
    const recorder = new Recorder(syncs, sync, { holder, pauseMs: timing.recordPauseMs, stop });
    await recorder.put({ phase: 'Superseded', message, finishedAt: now().toISOString() });
    this.#delay(sync.metadata.name);
    this.#parts.onEvent?.({ what: 'ended', sync: sync.metadata.name, phase: 'Superseded', message });
  }

  #delay(name: string, atLeastMs = 0): void {
    const { retryMs, mostRetryMs } = this.#parts.timing;
    const tries = this.#tries.get(name) ?? { all: 0, errors: 0 };
    this.#tries.set(name, { ...tries, all: tries.all + 1 });
    const waitMs = Math.max(Math.min(retryMs * 2 ** tries.all, mostRetryMs), atLeastMs);
    this.#notBefore.set(name, performance.now() + waitMs);
  }

  #forgetGone(): void {
    const names = new Set(this.#syncs.map(sync => sync.metadata.name));
    for (const name of this.#notBefore.keys()) {
      if (names.has(name) || this.#working.has(name)) continue;
      this.#notBefore.delete(name);
      this.#tries.delete(name);
    }
  }

  #trouble(error: unknown, sync?: string): number {
    const message = toFailure(error, 'HF1002').line;
    this.#parts.onEvent?.({ what: 'trouble', message, ...(sync === undefined ? {} : { sync }) });
    return this.#parts.timing.retryMs;
  }
}
