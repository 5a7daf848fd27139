import type { Cluster } from '../../../../cluster/cluster.ts';
import type { Kinds } from '../../../../cluster/discovery.ts';
import { isNotFound } from '../../../../cluster/failures.ts';
import { refOf, targetOf } from '../../../../cluster/target.ts';
import { Limit } from '../../../../concurrency/limit.ts';
import type { DeclaredUnit } from '../../../../declared/declaration.ts';
import { isObjectRef, type ObjectRef, type ResourceRef } from '../../../../findings/finding.ts';
import type { JsonObject } from '../../../../json/json.ts';
import { liveOf } from '../dry-run.ts';
import { numberAt, objectAt } from '../json.ts';
import { writtenAtMs } from '../managers.ts';
import { targetOfRef } from '../place.ts';
import type { Watched } from './await-health.ts';
import { rollsOut } from './companions.ts';

const atOnce = 8;

/** What of these resources lives, to be waited for. What is gone again is left to the comparison after applying. */
export async function watchedOf(
  cluster: Cluster,
  kinds: Kinds,
  refs: readonly ResourceRef[],
): Promise<Watched[]> {
  const limit = new Limit(atOnce);
  const found = refs.filter(isObjectRef).map(ref =>
    limit.run(async (): Promise<Watched[]> => {
      const target = targetOfRef(kinds, ref);
      if (target === undefined) return [];
      try {
        return [{ ref, target, object: await cluster.get(target) }];
      } catch (error) {
        if (isNotFound(error)) return [];
        throw error;
      }
    }),
  );
  return (await Promise.all(found)).flat();
}

/** The Rollouts and Canaries that roll out what was just applied: they go on when the workload itself is done. */
export async function companionsOf(
  cluster: Cluster,
  kinds: Kinds,
  unit: DeclaredUnit,
  { ref, object }: { ref: ObjectRef; object: JsonObject },
  lost: AbortSignal | undefined,
): Promise<Watched[]> {
  const generation = numberAt(objectAt(object, 'metadata'), 'generation') ?? 0;
  const now = Date.now();
  const times = { atMs: now, writtenAtMs: writtenAtMs(object) ?? Math.floor(now / 1000) * 1000 };
  const companions: Watched[] = [];
  for (const declared of unit.objects) {
    if (!rollsOut(declared, ref)) continue;
    const target = targetOf(kinds, unit, declared);
    if (target === undefined || target.namespace !== ref.namespace) continue;
    const live = await liveOf(cluster, target, lost).catch(() => undefined);
    const after = { ref, generation, ...times };
    if (live !== undefined) companions.push({ ref: refOf(target), target, object: live, after });
  }
  return companions;
}
