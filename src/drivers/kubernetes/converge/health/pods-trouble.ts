import type { Cluster, Target } from '../../../../cluster/cluster.ts';
import { listSchema } from '../../../../cluster/schema.ts';
import { Failure } from '../../../../failure/failure.ts';
import type { ObjectRef } from '../../../../findings/finding.ts';
import type { JsonObject } from '../../../../json/json.ts';
import { isMap } from '../../../../json/value.ts';
import { listAt, objectAt, textAt } from '../json.ts';
import { podTrouble } from './health.ts';

const owners = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job']);

/**
 * Why the Pods of a workload do not become ready: the first trouble that one of them tells (an image that cannot be
 * pulled, no node that fits). Undefined where there is none to tell, or where the Pods cannot be asked about.
 */
export async function podsTrouble(
  cluster: Cluster,
  { ref, target, object }: { ref: ObjectRef; target: Target; object: JsonObject },
): Promise<string | undefined> {
  const selector = selectorText(objectAt(object['spec'], 'selector'));
  if (!owners.has(ref.kind) || target.namespace === undefined || selector === '') return undefined;
  try {
    const { body } = await cluster.call({
      path: `/api/v1/namespaces/${encodeURIComponent(target.namespace)}/pods`,
      query: { labelSelector: selector, limit: 50 },
      asked: { verb: 'list', resource: 'pods', subject: target.namespace },
    });
    for (const pod of listSchema.parse(body).items ?? []) {
      const trouble = podTrouble(pod);
      if (trouble !== undefined) return `Pod ${textAt(objectAt(pod, 'metadata'), 'name') ?? '?'}: ${trouble}`;
    }
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** A label selector as the API's query has it; empty where it selects by nothing. */
export function selectorText(selector: JsonObject): string {
  const labels = Object.entries(objectAt(selector, 'matchLabels')).map(
    ([key, value]) => `${key}=${String(value)}`,
  );
  const expressions = listAt(selector, 'matchExpressions').flatMap(expression => {
    if (!isMap(expression)) return [];
    const key = textAt(expression, 'key') ?? '';
    const values = listAt(expression, 'values').map(String).join(',');
    switch (expression['operator']) {
      case 'In':
        return [`${key} in (${values})`];
      case 'NotIn':
        return [`${key} notin (${values})`];
      case 'Exists':
        return [key];
      case 'DoesNotExist':
        return [`!${key}`];
      default:
        return [];
    }
  });
  return [...labels, ...expressions].join(',');
}
