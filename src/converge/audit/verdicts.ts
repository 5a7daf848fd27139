import { z } from 'zod';
import type { Cluster } from '../../cluster/cluster.ts';
import { collectionPath } from '../../cluster/kind.ts';
import { aboutOwn, authorizationKind, itemsOf } from '../resources.ts';
import type { StoredVerdict } from './trail.ts';

const storedSchema = z.object({
  metadata: z.object({ name: z.string(), creationTimestamp: z.string() }),
  spec: z.object({
    from: z.string(),
    revision: z.string(),
    verdict: z.string(),
    pulls: z.array(z.looseObject({ number: z.number(), approvers: z.array(z.string()) })).default([]),
    reasons: z.array(z.looseObject({ message: z.string() })).default([]),
  }),
});

/** All verdicts of the gate that a namespace keeps, of whatever repository; what is none is left out. Throws HF13xx. */
export async function storedVerdicts(cluster: Cluster, namespace: string): Promise<StoredVerdict[]> {
  const answer = await aboutOwn(() =>
    cluster.call({
      path: collectionPath(authorizationKind, namespace),
      asked: { verb: 'list', resource: 'authorizations.holdfast.dev' },
    }),
  );
  return itemsOf(answer, authorizationKind).flatMap(item => {
    const stored = storedSchema.safeParse(item);
    if (!stored.success) return [];
    const { metadata, spec } = stored.data;
    return [
      {
        name: metadata.name,
        createdAt: metadata.creationTimestamp,
        ...spec,
        reasons: spec.reasons.map(({ message }) => message),
      },
    ];
  });
}
