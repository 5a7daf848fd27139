import type { Cluster } from '../../../cluster/cluster.ts';
import { isFailure, readOnce } from '../live/read.ts';
import { scopesOf } from '../live/scopes.ts';
import type { Judgement } from './judgement.ts';
import { isTerminating } from './local.ts';
import type { Subject } from './subject.ts';

/** The namespaces of these objects that are being deleted, as far as the account may read them. Throws HF1301 and HF1302. */
export async function terminatingNamespaces(
  cluster: Cluster,
  subjects: readonly Subject[],
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  const terminating = new Set<string>();
  const kind = (await cluster.kinds()).find('v1', 'Namespace');
  if (kind === undefined) return terminating;
  const names = new Set(subjects.flatMap(({ ref }) => ref.namespace ?? []));
  const members = [...names].map(name => ({ target: { kind, name } }));
  const take = ({ target }: { target: { name: string } }, live: Parameters<typeof isFailure>[0]) => {
    if (live !== undefined && !isFailure(live) && isTerminating(live)) terminating.add(target.name);
  };
  await Promise.all(scopesOf(members).map(scope => readOnce(cluster, scope, take, signal)));
  return terminating;
}

/** The judgement on an object whose namespace is being deleted: it is not in sync, as it will be gone. */
export function inTerminatingNamespace(judgement: Judgement, { unit, ref, source }: Subject): Judgement {
  const words = `its namespace ${ref.namespace} is being deleted`;
  const { finding } = judgement;
  if (finding === undefined)
    return { ...judgement, finding: { unit, type: 'changed', resource: ref, source, message: words } };
  const message = finding.message === undefined ? words : `${finding.message}; ${words}`;
  // the server refuses to make anything there, which says nothing against the declaration
  if (finding.type === 'invalid' && finding.changes === undefined)
    return { ...judgement, finding: { unit, type: 'missing', resource: ref, source, message: words } };
  return { ...judgement, finding: { ...finding, message } };
}
