import type { Declaration } from '../declared/declaration.ts';
import { syncsForNewRevision } from './requests.ts';
import type { Sync, SyncSpec } from './sync.ts';

/**
 * The syncs that are due because something was merged, seen from the Syncs there are, not from what this process
 * remembers: a unit is due when its declaration differs from that of its newest merge Sync, or when it has none. So a
 * crash between an authorization and its Syncs loses nothing, and a failed sync is not repeated without end.
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
    const revision = newestMerge(syncs, definition.name)?.spec.revision;
    byRevision.set(revision, [...(byRevision.get(revision) ?? []), definition.name]);
  }
  for (const [revision, units] of byRevision) {
    if (revision === declaration.revision) continue;
    const old = revision === undefined ? null : await declarationAt(revision).catch(() => null);
    due.push(...syncsForNewRevision(old, declaration).filter(({ unit }) => units.includes(unit)));
  }
  return due;
}

function newestMerge(syncs: readonly Sync[], unit: string): Sync | undefined {
  return syncs
    .filter(({ spec }) => spec.unit === unit && spec.reason === 'merge')
    .sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : -1))[0];
}
