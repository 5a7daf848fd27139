import type { Declaration } from '../declared/declaration.ts';
import { isUnitAllowed } from '../declared/prune-words.ts';
import { syncsForNewRevision } from './requests.ts';
import { phaseOf, type Sync, type SyncSpec } from './sync.ts';

/**
 * The syncs that are due because something was merged, seen from the Syncs there are, not from what this process
 * remembers: a unit is due when its declaration differs from that of its newest merge Sync, or when it has none. So a
 * crash between an authorization and its Syncs loses nothing, and a failed sync is not repeated without end. One that was
 * superseded was not carried out, or in part only: its unit is due whether or not the newer revision changes it again.
 *
 * `declarationAt` throws when a revision cannot be read; then the unit is due.
 */
export async function dueSyncs(
  declaration: Declaration,
  syncs: readonly Sync[],
  declarationAt: (revision: string) => Promise<Declaration>,
): Promise<SyncSpec[]> {
  const due: SyncSpec[] = [];
  const byRevision = new Map<string | undefined, string[]>();
  for (const { definition } of declaration.units) {
    const newest = newestMerge(syncs, definition.name, declaration.revision);
    const revision = revisionOf(newest, declaration.revision);
    byRevision.set(revision, [...(byRevision.get(revision) ?? []), definition.name]);
  }
  for (const [revision, units] of byRevision) {
    if (revision === declaration.revision) continue;
    const old = revision === undefined ? null : await declarationAt(revision).catch(() => null);
    due.push(...syncsForNewRevision(old, declaration).filter(({ unit }) => units.includes(unit)));
  }
  return due;
}

/**
 * The syncs of units that are declared no more and of which something is left, once for each revision: only of those that the
 * revision says may be deleted (`converge.prune.allow`). `left` are the units with an inventory, `today` is a date.
 */
export function retiredSyncs(
  { revision, units, settings }: Declaration,
  syncs: readonly Sync[],
  left: readonly string[],
  today: string,
): SyncSpec[] {
  if (revision === null) return [];
  const declared = new Set(units.map(({ definition }) => definition.name));
  const asked = new Set(
    syncs.flatMap(({ spec }) => (spec.revision === revision && spec.reason === 'merge' ? [spec.unit] : [])),
  );
  return left
    .filter(unit => !declared.has(unit) && !asked.has(unit))
    .filter(unit => isUnitAllowed(unit, settings.converge.prune.allow, today))
    .map(unit => ({ unit, revision, reason: 'merge' as const }));
}

/** The revision that a unit was last synced to; undefined where all of it is still to be done. */
function revisionOf(newest: Sync | undefined, current: string | null): string | undefined {
  const undone = newest !== undefined && phaseOf(newest) === 'Superseded' && newest.spec.revision !== current;
  return undone ? undefined : newest?.spec.revision;
}

/** The server's times are whole seconds: of two in the same one that of the current revision counts. */
function newestMerge(syncs: readonly Sync[], unit: string, current: string | null): Sync | undefined {
  const age = ({ metadata, spec }: Sync) =>
    `${metadata.creationTimestamp} ${spec.revision === current ? 1 : 0}`;
  return syncs
    .filter(({ spec }) => spec.unit === unit && spec.reason === 'merge')
    .reduce<Sync | undefined>(
      (newest, sync) => (newest === undefined || age(sync) > age(newest) ? sync : newest),
      undefined,
    );
}
