import type { Declaration } from '../declared/declaration.ts';
import type { Driver } from '../drivers/driver.ts';
import type { DriverName } from '../findings/finding.ts';
import type { Authorization } from '../gate/authorization.ts';
import type { Ending } from './attempt/ending.ts';
import type { Inventories } from './inventory/inventories.ts';
import type { Sync } from './sync.ts';
import type { SyncStore } from './sync-store.ts';

/** How long things may take, in milliseconds. */
export interface Timing {
  /** Until all applied objects are healthy. */
  healthMs: number;
  /** Until the comparison agrees after applying. */
  verifyMs: number;
  /** Between two comparisons of that time. */
  verifyPauseMs: number;
  /** Between two writes of results. */
  recordPauseMs: number;
  /** Before the first repetition; it doubles up to the most. */
  retryMs: number;
  mostRetryMs: number;
  /** How long a unit waits for another one that declares what it needs. */
  otherUnitMs: number;
  /** How often a server that answers with errors (a webhook that is down) is tried before the sync fails. */
  serverErrors: number;
}

export const defaultTiming: Timing = {
  healthMs: 300_000,
  verifyMs: 15_000,
  verifyPauseMs: 500,
  recordPauseMs: 1_000,
  retryMs: 1_000,
  mostRetryMs: 60_000,
  otherUnitMs: 300_000,
  serverErrors: 6,
};

/** What the converger needs of the rest of the system. */
export interface ConvergerParts {
  syncs: SyncStore;
  /** Undefined for a driver that this converger does not have. */
  driverOf(name: DriverName): Driver | undefined;
  /**
   * Derives the verdict on a revision from the forge and the object store, and stores it in the ledger when it is
   * authorized. Asked before every apply. What it throws counts as unknown.
   */
  authorize(revision: string, signal: AbortSignal): Promise<Authorization>;
  /** What earlier syncs of each unit left behind. Without it nothing is pruned. */
  inventories?: Inventories;
  /** The authorized revisions as the ledger has them, newest first. */
  authorizedRevisions(): Promise<string[]>;
  /** What a revision declares, read from the object store. */
  declarationAt(revision: string, signal: AbortSignal): Promise<Declaration>;
  /** Why no Sync of a unit may begin now, by freezes and freeze windows. What it throws holds every unit. */
  holds?(): Promise<(unit: string) => string | undefined>;
  /** Tells this process from every other: pod or host name, process id and a random part. */
  holder: string;
  timing: Timing;
  /** Runs each attempt within something of the caller's, such as a trace; it must give what the attempt gives. */
  around?(sync: Sync, attempt: () => Promise<Ending>): Promise<Ending>;
  /** For the times in the record. */
  now(): Date;
  /** Told of what goes wrong outside of any Sync, and of each end. */
  onEvent?(event: ConvergerEvent): void;
}

export interface ConvergerEvent {
  what: 'ended' | 'waits' | 'trouble';
  sync?: string;
  phase?: string;
  message: string;
}
