import type { Failure } from '../../failure/failure.ts';
import type { SyncPhase } from '../sync.ts';

/** How an attempt ended: for good, or to be taken up again after a while. */
export type Ending =
  | { what: 'final'; phase: SyncPhase; message: string }
  | {
      what: 'again';
      message: string;
      outage: boolean;
      afterMs: number;
      /** Since when it has been waiting for another unit, in milliseconds since 1970; only where that is why it ended. */
      waitsSince?: number;
    };

export function final(phase: SyncPhase, message: string): Ending {
  return { what: 'final', phase, message };
}

/**
 * To be taken up again, not before `afterMs` milliseconds. `outage`: nothing about the Sync itself is wrong, so that it is
 * not counted as a try.
 */
export function again(message: string, outage: boolean, afterMs = 0): Ending {
  return { what: 'again', message, outage, afterMs };
}

/** Waits for units that declare what it needs. Nothing about the Sync itself is wrong. */
export function waitsFor(units: string, waitsSince: number): Ending {
  const message = `waits for ${units}, which declares what it needs`;
  return { what: 'again', message, outage: true, afterMs: 0, waitsSince };
}

export function unknownMessage(reasons: string): string {
  return `HF1502 it cannot be told whether the revision is authorized, so nothing is applied: ${reasons}`;
}

export function waiting(failure: Failure): string {
  return `waits: ${failure.line}`;
}
