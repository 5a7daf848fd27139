import type { Cluster, Target } from '../../../cluster/cluster.ts';
import type { Kind } from '../../../cluster/kind.ts';
import { type Failure, toFailure } from '../../../failure/failure.ts';
import type { JsonObject } from '../../../json/json.ts';
import { list, liveName } from '../live/list.ts';
import { type Placed, perNamespace, placeOf, type Scope, scopesOf } from '../live/scopes.ts';
import { childKindsOf, type Family } from './family.ts';

/** A key of a declared workload. */
export function workloadKey(target: Target): string {
  return `${target.kind.apiVersion} ${target.kind.kind} ${placeOf(target)}`;
}

/**
 * Lists the children of workloads once, into the family. Returns why those in a namespace could not be looked at, by namespace.
 * Throws only what concerns the whole cluster: HF1301 and HF1302.
 */
export async function lookAtChildren(
  cluster: Cluster,
  workloads: readonly Target[],
  family: Family,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Failure>> {
  const unseen = new Map<string, Failure>();
  const scopes = await childScopes(cluster, workloads);
  await Promise.all(scopes.map(scope => listScope(cluster, scope, family, unseen, signal)));
  return unseen;
}

/** Where the children of workloads are to be looked for; nowhere for what is no workload. */
export async function childScopes(cluster: Cluster, workloads: readonly Target[]): Promise<Scope<Placed>[]> {
  const kinds = await cluster.kinds();
  const wanted = workloads.flatMap(({ kind, namespace, name }) =>
    childKindsOf(kind).flatMap(child => {
      const [apiVersion = '', childKind = ''] = child.split(' ');
      const served = kinds.find(apiVersion, childKind);
      return served === undefined
        ? []
        : [{ target: { kind: served, namespace, name: `${kind.kind} ${name}` } }];
    }),
  );
  return scopesOf(wanted);
}

/** As families know kinds: `apps/v1 ReplicaSet`. */
export function childKind({ apiVersion, kind }: Kind): string {
  return `${apiVersion} ${kind}`;
}

async function listScope(
  cluster: Cluster,
  scope: Scope<Placed>,
  family: Family,
  unseen: Map<string, Failure>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const kind = childKind(scope.kind);
  try {
    const take = (object: JsonObject) => family.child(kind, liveName(object), object);
    await list(cluster, scope.kind, scope.namespace, take, { signal });
  } catch (error) {
    const failure = toFailure(error, 'HF1307');
    if (failure.code === 'HF1301' || failure.code === 'HF1302') throw failure;
    const parts = perNamespace(scope);
    if (failure.code === 'HF1303' && scope.namespace === undefined) {
      await Promise.all(parts.map(part => listScope(cluster, part, family, unseen, signal)));
    } else for (const { namespace } of parts) unseen.set(namespace ?? '', failure);
  }
}
