import type { Declaration } from '../declared/declaration.ts';
import type { SyncSpec } from './sync.ts';

/**
 * The syncs that a newly authorized revision asks for: one for each unit whose declarations it changes, in the order in
 * which the units are declared. A unit that the revision no longer declares is none: nothing is removed without pruning.
 */
export function syncsForNewRevision(old: Declaration | null, next: Declaration): SyncSpec[] {
  const { revision } = next;
  if (revision === null) return [];
  const before = new Map(old?.units.map(unit => [unit.definition.name, unit.hash]));
  return next.units
    .filter(unit => before.get(unit.definition.name) !== unit.hash)
    .map(unit => ({ unit: unit.definition.name, revision, reason: 'merge' as const }));
}
