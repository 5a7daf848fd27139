import type { Cluster } from '../../cluster/cluster.ts';
import { isNotFound } from '../../cluster/failures.ts';
import type { Kind } from '../../cluster/kind.ts';
import { clusterFreezes } from '../freeze/freezes.ts';
import { auditRecordKind, freezeKind, syncKind } from '../resources.ts';
import { clusterSyncs } from '../sync-store.ts';
import { clusterAuditRecords } from './audit-records.ts';
import { expiredFreezes, expiredRecords, expiredSyncs, type Keeping } from './retention.ts';

/** Deletes records that are too old or too many; verdicts are kept, since the chain of them is what is trusted. Throws HF13xx. */
export async function tidy(
  cluster: Cluster,
  namespace: string,
  keeping: Keeping,
  now: Date = new Date(),
): Promise<number> {
  const [syncs, records, freezes] = await Promise.all([
    clusterSyncs(cluster, namespace).list(),
    clusterAuditRecords(cluster, namespace).list(),
    clusterFreezes(cluster, namespace).list(),
  ]);
  const expired: [Kind, string][] = [
    ...expiredSyncs(syncs, keeping, now).map((name): [Kind, string] => [syncKind, name]),
    ...expiredRecords(records, keeping, now).map((name): [Kind, string] => [auditRecordKind, name]),
    ...expiredFreezes(freezes, keeping, now).map((name): [Kind, string] => [freezeKind, name]),
  ];
  for (const [kind, name] of expired) {
    await cluster.delete({ kind, namespace, name }, { dryRun: false }).catch(error => {
      if (!isNotFound(error)) throw error;
    });
  }
  return expired.length;
}
