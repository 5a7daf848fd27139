import { isFinal, phaseOf, type Sync } from './sync.ts';

/** All that decides which Syncs to work on. */
export interface Queue {
  syncs: readonly Sync[];
  /** The authorized revisions, newest first; empty where they cannot be told now. */
  authorized: readonly string[];
  /** Names of the Syncs that are being worked on, and their units. */
  working: ReadonlyMap<string, string>;
  /** When a Sync that had to wait is to be tried again, in milliseconds of the same clock as `now`. */
  notBefore: ReadonlyMap<string, number>;
  now: number;
  /** Why no Sync of a unit may begin now; undefined where nothing holds it. */
  holdOf?: (unit: string) => string | undefined;
  /** How many more may be started. */
  room: number;
}

export interface Decision {
  /** Older than the newest authorized revision: they are ended with these words and never applied. */
  superseded: { sync: Sync; message: string }[];
  start: Sync[];
  /** Those that a freeze keeps from beginning, with the words for their record. */
  held: { sync: Sync; message: string }[];
  /** When to look again if nothing changes before; undefined where nothing waits. */
  wakeAt: number | undefined;
}

/**
 * Which Syncs to work on now: one of a unit at a time, first those that an earlier holder left unfinished, then in the
 * order in which they were asked for. A revision that is not authorized (yet) is left for the gate to judge; it never
 * supersedes another one.
 */
export function nextSyncs(queue: Queue): Decision {
  const waiting = queue.syncs
    .filter(sync => !isFinal(phaseOf(sync)) && !queue.working.has(sync.metadata.name))
    .sort(byTurn);
  const superseded = waiting.filter(sync => isOld(sync, queue.authorized));
  const busy = new Set(queue.working.values());
  const start: Sync[] = [];
  const held: Decision['held'] = [];
  let wakeAt: number | undefined;
  for (const sync of waiting) {
    if (superseded.includes(sync) || busy.has(sync.spec.unit)) continue;
    // what was begun is finished: half of a sync is worse than all of it
    const hold = mayHaveChanged(sync) ? undefined : queue.holdOf?.(sync.spec.unit);
    if (hold !== undefined) {
      held.push({ sync, message: heldMessage(hold) });
      continue;
    }
    const due = queue.notBefore.get(sync.metadata.name) ?? 0;
    if (due > queue.now) {
      wakeAt = Math.min(wakeAt ?? due, due);
      continue;
    }
    if (start.length >= queue.room) break;
    busy.add(sync.spec.unit);
    start.push(sync);
  }
  return {
    superseded: superseded.map(sync => ({
      sync,
      message: supersededMessage(sync, queue.authorized[0] ?? ''),
    })),
    start,
    held,
    wakeAt,
  };
}

/** The words of a Sync that a freeze keeps waiting. */
export function heldMessage(hold: string): string {
  return `waits: ${hold}`;
}

/** Says which revision goes on, and what was already applied if the sync was interrupted. */
export function supersededMessage(sync: Sync, newest: string): string {
  const applied = sync.status?.resultCounts?.applied ?? 0;
  const part = applied === 0 ? 'nothing of it was applied' : `${applied} of its resources were applied`;
  return `${newest.slice(0, 7)} is authorized and newer than ${sync.spec.revision.slice(0, 7)}; ${part}`;
}

function isOld(sync: Sync, authorized: readonly string[]): boolean {
  return authorized.indexOf(sync.spec.revision) > 0;
}

function byTurn(one: Sync, other: Sync): number {
  const key = (sync: Sync) =>
    [isInterrupted(sync) ? 0 : 1, sync.metadata.creationTimestamp, sync.metadata.name].join(' ');
  return key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0;
}

/** Somebody began to plan or apply it and did not finish. */
export function isInterrupted(sync: Sync): boolean {
  return ['Planning', 'Applying', 'Verifying'].includes(phaseOf(sync));
}

/** Something of it may be applied already. */
function mayHaveChanged(sync: Sync): boolean {
  return ['Applying', 'Verifying'].includes(phaseOf(sync));
}
