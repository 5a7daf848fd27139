import { dueSyncs, retiredSyncs } from '../converge/due.ts';
import type { Inventories } from '../converge/inventory/inventories.ts';
import { modeOf } from '../converge/mode.ts';
import type { SyncSpec } from '../converge/sync.ts';
import type { SyncStore } from '../converge/sync-store.ts';
import type { Declaration } from '../declared/declaration.ts';
import type { Driver } from '../drivers/driver.ts';
import type { DriverName } from '../findings/finding.ts';
import type { Revisions } from './revisions.ts';

export interface DueParts {
  syncs: Pick<SyncStore, 'list'>;
  drivers: ReadonlyMap<DriverName, Driver>;
  declarationAt(revision: string): Promise<Declaration>;
  /** Asked for units that are declared no more; not asked by the observer, which cannot expect anything of them. */
  inventories?: Pick<Inventories, 'units'>;
}

/**
 * The syncs that are due now, of units that have a driver; none unless what is declared is what the newest authorized
 * revision declares. Both roles ask: the converger to request them, the observer to expect them. Throws HF13xx.
 */
export async function dueNow(
  { syncs, drivers, declarationAt, inventories }: DueParts,
  { declaration, authorized }: Revisions,
): Promise<SyncSpec[]> {
  if (declaration === null || declaration.revision !== authorized) return [];
  const units = declaration.units.filter(
    ({ definition: { name, driver } }) => drivers.has(driver) && modeOf(name, declaration) !== 'alert-only',
  );
  const all = await syncs.list();
  const due = await dueSyncs({ ...declaration, units }, all, declarationAt);
  const today = new Date().toISOString().slice(0, 10);
  const left = (await inventories?.units()) ?? [];
  return [...due, ...retiredSyncs(declaration, all, left, today)];
}
