import { createHash } from 'node:crypto';
import type { DeclaredObject, DeclaredUnit } from '../../../../declared/declaration.ts';
import type { JsonObject } from '../../../../json/json.ts';
import type { InventoryItem } from '../../../driver.ts';
import { annotation, waveOf } from '../annotations.ts';
import { objectAt } from '../json.ts';

/** A Job that is run with a sync. */
export interface HookWork {
  when: 'before' | 'after';
  wave: number;
  declared: DeclaredObject;
}

/** The labels of the Jobs that a hook made. */
export const hookLabels = { hook: 'holdfast.dev/hook', unit: 'holdfast.dev/unit' } as const;

const longestName = 63;

/** The hooks of a unit, in the order of their waves. */
export function hooksOf(unit: DeclaredUnit): HookWork[] {
  return (unit.hooks ?? [])
    .map(declared => ({
      declared,
      when: annotation(declared.object, 'hook') === 'after' ? ('after' as const) : ('before' as const),
      wave: waveOf(declared.object) ?? 0,
    }))
    .sort((one, other) => one.wave - other.wave);
}

/**
 * The Job of one run: under a name of its own, the same for the same sync, so that a sync which is taken up again finds what it
 * ran, and another one runs it anew.
 */
export function jobOf(
  { declared, when }: HookWork,
  unit: string,
  run: string,
): { name: string; object: JsonObject } {
  const { name } = declared.ref;
  const tail = createHash('sha256')
    .update(JSON.stringify([unit, run, name]))
    .digest('hex')
    .slice(0, 8);
  const jobName = `${name.slice(0, longestName - 9).replace(/[.-]+$/, '')}-${tail}`;
  const metadata = objectAt(declared.object, 'metadata');
  const labels = {
    ...objectAt(metadata, 'labels'),
    [hookLabels.hook]: hookLabel(name),
    [hookLabels.unit]: unit,
  };
  const object = { ...declared.object, metadata: { ...metadata, name: jobName, labels } };
  return {
    name: jobName,
    object: { ...object, metadata: { ...object.metadata, annotations: marks(metadata, when) } },
  };
}

/** The value of the label by which earlier Jobs of a hook are found. */
export function hookLabel(name: string): string {
  return name.slice(0, longestName).replace(/[^a-zA-Z0-9]+$/, '');
}

/** A hook as an item of the inventory: that it ran, in this form. */
export function hookItem({ ref, hash }: DeclaredObject, revision: string): InventoryItem {
  return { resource: { type: 'Hook', name: `${ref.namespace ?? ''}/${ref.name}` }, uid: hash, revision };
}

/** The hooks that a sync runs: all where it changes something; else those that are not known to have run as they are now. */
export function dueHooks(
  unit: DeclaredUnit,
  { changes, inventory }: { changes: boolean; inventory: readonly InventoryItem[] | undefined },
): HookWork[] {
  const hooks = hooksOf(unit);
  if (changes) return hooks;
  // a unit that was never synced and needs no change is taken over as it stands
  if (inventory === undefined || inventory.length === 0) return [];
  const ran = new Set(inventory.map(({ resource, uid }) => `${resource.name} ${uid}`));
  return hooks.filter(({ declared }) => {
    const { resource, uid } = hookItem(declared, '');
    return !ran.has(`${resource.name} ${uid}`);
  });
}

function marks(metadata: JsonObject, when: HookWork['when']): JsonObject {
  return { ...objectAt(metadata, 'annotations'), 'holdfast.dev/hook': when };
}
