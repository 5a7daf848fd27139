import type { Cluster } from '../../../cluster/cluster.ts';
import type { DeclaredRelease } from '../../../declared/helm/release.ts';
import { Failure } from '../../../failure/failure.ts';
import { type ReleaseHistory, recordSecret, secretKind } from '../history.ts';
import { withStatus } from '../record.ts';

/** After this time an operation that is pending is taken for interrupted, unless it is known to be our own: then at once. */
const patienceMs = 10 * 60_000;

const pending = /^(pending-|uninstalling$)/;

/** The revision whose operation was interrupted, undefined where none was. Throws HF1810 while another one may be running. */
export function interrupted(
  { newest, ownOperation }: ReleaseHistory,
  { name, namespace }: Pick<DeclaredRelease, 'name' | 'namespace'>,
  now: number,
): number | undefined {
  if (newest === undefined || !pending.test(newest.status)) return undefined;
  const since = Date.parse(newest.updatedAt ?? '');
  // our own operation cannot go on without the process that began it, and that has the Lease no more
  if (ownOperation || Number.isNaN(since) || now - since > patienceMs) return newest.revision;
  const what = `revision ${newest.revision} of ${namespace}/${name} is ${newest.status} since ${newest.updatedAt}`;
  throw new Failure('HF1810', `${what}: another operation of helm may be in progress`);
}

/** Marks an interrupted operation as failed, so that Helm goes on from what was deployed before. Its history is kept. */
export async function recover(
  cluster: Cluster,
  release: Pick<DeclaredRelease, 'name' | 'namespace'>,
  revision: number,
): Promise<void> {
  const secret = await recordSecret(cluster, release, revision);
  const next = withStatus(secret, 'failed', 'interrupted; marked as failed by Holdfast');
  const name = `sh.helm.release.v1.${release.name}.v${revision}`;
  await cluster.replace({ kind: secretKind, namespace: release.namespace, name }, next, { dryRun: false });
}
