import type { Failure } from '../failure/failure.ts';
import type { SyncPhase } from './sync.ts';

/** How an attempt ended: for good, or to be taken up again after a while. */
export type Ending =
  | { what: 'final'; phase: SyncPhase; message: string }
  | { what: 'again'; message: string; outage: boolean; afterMs: number };

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

export function unknownMessage(reasons: string): string {
  return `HF1502 it cannot be told whether the revision is authorized, so nothing is applied: ${reasons}`;
}

export function waiting(failure: Failure): string {
  return `waits: ${failure.line}`;
}
