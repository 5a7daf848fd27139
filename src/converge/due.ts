import type { Declaration } from '../declared/declaration.ts';
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
