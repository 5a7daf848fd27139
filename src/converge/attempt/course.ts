import type { Declaration, DeclaredUnit } from '../../declared/declaration.ts';
import type { Driver } from '../../drivers/driver.ts';
import type { ConvergerParts } from '../parts.ts';
import type { Results } from '../record.ts';
import type { Recorder } from '../recorder.ts';
import type { Memory } from './memory.ts';

/** What all steps of one attempt share. */
export interface Course {
  parts: ConvergerParts;
  recorder: Recorder;
  results: Results;
  /** Nothing more is begun. */
  signal: AbortSignal;
  /** Somebody else may work on the Sync: nothing that was sent may be in flight from then on. It fires `signal` too. */
  lost: AbortSignal;
  /** To be called when the Sync is in other hands. */
  takenOver(error: unknown): void;
  /** How often it was tried before in vain because the server answered with errors. */
  tries: number;
  /** Since when it has been waiting for another unit, if the attempt before ended so; milliseconds since 1970. */
  waitsSince: number | undefined;
}

/** What a Sync is carried out with. */
export interface Ready {
  unit: DeclaredUnit;
  declaration: Declaration;
  driver: Driver;
  memory: Memory;
}
