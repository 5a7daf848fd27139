import type { Cluster, Target } from '../../../../cluster/cluster.ts';
import type { Kinds } from '../../../../cluster/discovery.ts';
import { Limit } from '../../../../concurrency/limit.ts';
import type { Declaration, DeclaredUnit } from '../../../../declared/declaration.ts';
import { Failure } from '../../../../failure/failure.ts';
import { isOutage } from '../../../../failure/outage.ts';
import { isObjectRef, type ObjectRef } from '../../../../findings/finding.ts';
import type { JsonObject } from '../../../../json/json.ts';
import type { InventoryItem, Plan } from '../../../driver.ts';
import { liveOf } from '../dry-run.ts';
import { objectAt, textAt } from '../json.ts';
import { nameOf, targetOfRef } from '../place.ts';
import { guard } from './guard.ts';
import { identityOf } from './item.ts';
import { notOurs } from './ownership.ts';

/** One live object that is to be deleted. */
export interface Prune {
  ref: ObjectRef;
  target: Target;
  item: InventoryItem;
  /** The object that was looked at; no other is deleted. */
  uid: string;
}

export interface Pruning {
  cluster: Cluster;
  kinds: Kinds;
  unit: DeclaredUnit;
  declaration: Declaration;
  inventory: readonly InventoryItem[];
  today: string;
  signal?: AbortSignal | undefined;
}

const atOnce = 16;

/** What of an inventory no unit declares any more and still lives: what goes, and what is left with the reason. */
export async function planPrunes(
  pruning: Pruning,
): Promise<{ prunes: Prune[]; kept: NonNullable<Plan['kept']> }> {
  const gone = goneFrom(pruning);
  if (gone.length === 0) return { prunes: [], kept: [] };
  const limit = new Limit(atOnce);
  const looked = await Promise.all(gone.map(item => limit.run(() => look(pruning, item))));
  const ours = looked.flatMap(each => (each !== undefined && 'prune' in each ? [each.prune] : []));
  const kept = looked.flatMap(each => (each !== undefined && 'kept' in each ? [each.kept] : []));
  const { unit, declaration, inventory, today } = pruning;
  const judged = guard(ours, { unit, declaration, known: inventory.length, today });
  return {
    prunes: judged.go,
    kept: [...kept, ...judged.kept.map(({ item, why }) => ({ resource: item.ref, message: why }))],
  };
}

/** The items that no unit of the revision declares, wherever it may have moved to. */
export function goneFrom({
  kinds,
  declaration,
  inventory,
}: Pick<Pruning, 'kinds' | 'declaration' | 'inventory'>) {
  const declared = new Set(
    declaration.units.flatMap(unit =>
      [...unit.objects, ...(unit.hooks ?? [])].flatMap(object => [
        identityOf(nameOf(kinds, unit, object)),
        identityOf(object.ref),
      ]),
    ),
  );
  return inventory.flatMap(item =>
    isObjectRef(item.resource) && !declared.has(identityOf(item.resource))
      ? [{ ...item, resource: item.resource }]
      : [],
  );
}

type Gone = InventoryItem & { resource: ObjectRef };
type Looked = { prune: Prune } | { kept: { resource: ObjectRef; message: string } } | undefined;

/** Undefined for what is gone already, or on its way. */
async function look({ cluster, kinds, signal }: Pruning, item: Gone): Promise<Looked> {
  const { resource } = item;
  const target = targetIn(kinds, resource);
  // with its definition every object of a kind is gone; a group that does not answer is another matter
  if (target === undefined) {
    const why = kinds.unavailable(resource.apiVersion);
    return why === undefined ? undefined : { kept: { resource, message: why } };
  }
  let live: JsonObject | undefined;
  try {
    live = await liveOf(cluster, target, signal);
  } catch (error) {
    if (!(error instanceof Failure) || isOutage(error.code)) throw error;
    return { kept: { resource, message: `${error.code} ${error.message}` } };
  }
  if (live === undefined || objectAt(live, 'metadata')['deletionTimestamp'] !== undefined) return undefined;
  const why = notOurs(item, live);
  if (why !== undefined) return { kept: { resource, message: why } };
  const uid = textAt(objectAt(live, 'metadata'), 'uid') ?? '';
  return { prune: { ref: { ...resource, apiVersion: target.kind.apiVersion }, target, item, uid } };
}

/** Where an object lives that may have been declared in a version of its API that is served no more. */
export function targetIn(kinds: Kinds, ref: ObjectRef): Target | undefined {
  const direct = targetOfRef(kinds, ref);
  if (direct !== undefined) return direct;
  const [other] = kinds.otherVersions(ref.apiVersion, ref.kind);
  return other === undefined ? undefined : targetOfRef(kinds, { ...ref, apiVersion: other });
}
