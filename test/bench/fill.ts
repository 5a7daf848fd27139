import { z } from 'zod';
import { Cluster, type Target } from '../../src/cluster/cluster.ts';
import type { Connection } from '../../src/cluster/connection.ts';
import { collectionPath } from '../../src/cluster/kind.ts';
import type { JsonObject } from '../../src/json/json.ts';

const identity = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

/** Puts all on the server by server-side apply, as Holdfast does. */
export function applyAll(connection: Connection, objects: readonly JsonObject[]): Promise<void> {
  const cluster = new Cluster(connection, { inFlight: 16 });
  return fill(cluster, objects, async (target, object) => {
    await cluster.apply(target, object, { dryRun: false });
  });
}

/** Puts all on the server as `kubectl create` leaves it, or `kubectl apply` where the annotation is wanted. */
export function createAll(
  connection: Connection,
  objects: readonly JsonObject[],
  applied: boolean,
): Promise<void> {
  const fieldManager = applied ? 'kubectl-client-side-apply' : 'kubectl-create';
  return fill(new Cluster(connection), objects, async ({ kind, namespace }, object) => {
    const body = applied ? withLastApplied(object) : object;
    await connection.request({
      method: 'POST',
      path: collectionPath(kind, namespace),
      query: { fieldManager },
      body,
    });
  });
}

function withLastApplied(object: JsonObject): JsonObject {
  const { metadata } = identity.parse(object);
  const annotations = {
    'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify(object)}\n`,
  };
  return { ...object, metadata: { ...(metadata as JsonObject), annotations } };
}

async function fill(
  cluster: Cluster,
  objects: readonly JsonObject[],
  put: (target: Target, object: JsonObject) => Promise<void>,
): Promise<void> {
  const kinds = await cluster.kinds();
  const one = async (object: JsonObject): Promise<void> => {
    const { apiVersion, kind: kindName, metadata } = identity.parse(object);
    const kind = kinds.find(apiVersion, kindName);
    if (kind === undefined) throw new Error(`the server does not serve ${kindName}`);
    const { name, namespace } = metadata;
    await put({ kind, name, ...(namespace === undefined ? {} : { namespace }) }, object);
  };
  const queue = objects.values();
  for (const object of objects.filter(({ kind }) => kind === 'Namespace')) await one(object);
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (const object of queue) if (object['kind'] !== 'Namespace') await one(object);
    }),
  );
}
