import { setTimeout as sleep } from 'node:timers/promises';
import { toFailure } from '../failure/failure.ts';
import { isOutage } from '../failure/outage.ts';
import { isFinal, phaseOf, type Sync } from './sync.ts';
import type { StatusPatch, SyncStore } from './sync-store.ts';

/** Thrown when the Sync is no longer ours to work on: deleted, ended, or in the hands of another holder. */
export class TakenOver extends Error {}

/**
 * Writes the record of one Sync. `put` returns when it is stored, however long the API server is away; `later` is stored
 * with the next write, at the latest after the pause. Every write is refused by the server if somebody else wrote since,
 * so that a holder that was left behind cannot overwrite the record of its successor.
 */
export class Recorder {
  readonly #store: SyncStore;
  readonly #holder: string;
  readonly #pauseMs: number;
  readonly #stop: AbortSignal;
  #sync: Sync;
  #claimed = false;
  #waiting: StatusPatch = {};
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(store: SyncStore, sync: Sync, options: { holder: string; pauseMs: number; stop: AbortSignal }) {
    this.#store = store;
    this.#sync = sync;
    this.#holder = options.holder;
    this.#pauseMs = options.pauseMs;
    this.#stop = options.stop;
  }

  /** The Sync as it was last stored. */
  get sync(): Sync {
    return this.#sync;
  }

  /** Stores parts of the status, together with what waits. Throws TakenOver, and the failure of an outage when it is to stop. */
  put(patch: StatusPatch): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const all = { ...this.#waiting, ...patch };
    this.#waiting = {};
    const written = this.#writing.then(() => this.#write(all));
    this.#writing = written.catch(() => undefined);
    return written;
  }

  /** Stores parts of the status soon. `onLost` hears when the Sync is no longer ours. */
  later(patch: StatusPatch, onLost: (error: unknown) => void): void {
    this.#waiting = { ...this.#waiting, ...patch };
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.put({}).catch(onLost);
    }, this.#pauseMs);
  }

  /** Stores what waits, if the server can be reached now. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (Object.keys(this.#waiting).length > 0) await this.put({}).catch(() => undefined);
    await this.#writing;
  }

  async #write(patch: StatusPatch): Promise<void> {
    for (let pause = 200; ; pause = Math.min(pause * 2, 5_000)) {
      try {
        if (await this.#writeOnce(patch)) return;
      } catch (error) {
        if (error instanceof TakenOver) throw error;
        const failure = toFailure(error, 'HF1308');
        if (this.#stop.aborted || !isOutage(failure.code)) throw failure;
        await sleep(pause, undefined, { signal: this.#stop }).catch(() => undefined);
      }
    }
  }

  async #writeOnce(patch: StatusPatch): Promise<boolean> {
    const stored = await this.#store.patchStatus(this.#sync, patch);
    if (stored !== 'moved') {
      this.#sync = stored;
      this.#claimed = true;
      return true;
    }
    const now = await this.#store.get(this.#sync.metadata.name);
    if (now === undefined || now.metadata.uid !== this.#sync.metadata.uid)
      throw new TakenOver('the Sync was deleted');
    const mine = now.status?.holder === this.#holder;
    if (isFinal(phaseOf(now)) || (this.#claimed && !mine))
      throw new TakenOver(`${now.status?.holder ?? 'somebody'} has it`);
    if (!this.#claimed && now.status?.holder !== this.#sync.status?.holder)
      throw new TakenOver('it was just taken');
    this.#sync = now;
    return false;
  }
}
