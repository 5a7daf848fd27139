import type { Cluster } from '../../../cluster/cluster.ts';
import type { Kinds } from '../../../cluster/discovery.ts';
import type { Kind } from '../../../cluster/kind.ts';
import { refOf, targetOf } from '../../../cluster/target.ts';
import { Limit } from '../../../concurrency/limit.ts';
import type { Declaration, DeclaredUnit } from '../../../declared/declaration.ts';
import { isObjectRef, type ObjectRef } from '../../../findings/finding.ts';
import type { AppliedResource, InventoryItem } from '../../driver.ts';
import { list, liveName, metadataOnly } from '../live/list.ts';
import { liveOf } from './dry-run.ts';
import { hookItem } from './hooks/hook.ts';
import { objectAt, textAt } from './json.ts';
import { identityOf } from './prune/item.ts';
import { goneFrom, targetIn } from './prune/plan-prunes.ts';

const atOnce = 8;

/**
 * What is remembered of a unit after a sync: all that it declares, each as the very object that it is now, and what it declared
 * once and what lives still. What another unit declares by now is that one's.
 */
export async function inventoryOf(
  cluster: Cluster,
  unit: DeclaredUnit,
  declaration: Declaration,
  known: { before: readonly InventoryItem[]; applied: readonly AppliedResource[] },
  signal?: AbortSignal,
): Promise<InventoryItem[]> {
  const kinds = await cluster.kinds();
  const uids = new Map<string, string>();
  for (const { resource, uid } of [...known.before, ...known.applied])
    if (isObjectRef(resource) && uid !== undefined) uids.set(identityOf(resource), uid);
  const places = unit.objects.flatMap(object => {
    const target = targetOf(kinds, unit, object);
    return target === undefined ? [] : [{ ref: refOf(target), kind: target.kind }];
  });
  const unseen = places.filter(({ ref }) => !uids.has(identityOf(ref)));
  for (const [identity, uid] of await listed(cluster, unseen, signal)) uids.set(identity, uid);
  const revision = declaration.revision ?? '';
  const hooks = (unit.hooks ?? []).map(hook => hookItem(hook, revision));
  return [
    ...hooks,
    ...places.map(({ ref: resource }) => {
      const uid = uids.get(identityOf(resource));
      return { resource, revision, ...(uid === undefined ? {} : { uid }) };
    }),
    ...(await leftOver(cluster, kinds, declaration, known.before, signal)),
  ];
}

/** The objects of these places as the server lists them, each kind of a namespace once. */
async function listed(
  cluster: Cluster,
  places: readonly { ref: ObjectRef; kind: Kind }[],
  signal: AbortSignal | undefined,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const groups = Map.groupBy(
    places,
    ({ ref, kind }) => `${kind.apiVersion} ${kind.kind} ${ref.namespace ?? ''}`,
  );
  const limit = new Limit(atOnce);
  await Promise.all(
    [...groups.values()].map(group =>
      limit.run(async () => {
        const [first] = group;
        if (first === undefined) return;
        const wanted = new Map(group.map(({ ref }) => [`${ref.namespace ?? ''}/${ref.name}`, ref]));
        const take = (object: Parameters<Parameters<typeof list>[3]>[0]) => {
          const ref = wanted.get(liveName(object));
          const uid = textAt(objectAt(object, 'metadata'), 'uid');
          if (ref !== undefined && uid !== undefined) found.set(identityOf(ref), uid);
        };
        await list(cluster, first.kind, first.ref.namespace, take, { signal, accept: metadataOnly.list });
      }),
    ),
  );
  return found;
}

/** What was remembered, is declared nowhere any more and lives still: it may go with a later sync. */
async function leftOver(
  cluster: Cluster,
  kinds: Kinds,
  declaration: Declaration,
  before: readonly InventoryItem[],
  signal: AbortSignal | undefined,
): Promise<InventoryItem[]> {
  const limit = new Limit(atOnce);
  const looked = goneFrom({ kinds, declaration, inventory: before }).map(item =>
    limit.run(async () => {
      const target = targetIn(kinds, item.resource);
      if (target === undefined)
        return kinds.unavailable(item.resource.apiVersion) === undefined ? [] : [item];
      const live = await liveOf(cluster, target, signal);
      const uid = live === undefined ? undefined : textAt(objectAt(live, 'metadata'), 'uid');
      const same = live !== undefined && (item.uid === undefined || item.uid === uid);
      return same ? [item] : [];
    }),
  );
  return (await Promise.all(looked)).flat();
}
