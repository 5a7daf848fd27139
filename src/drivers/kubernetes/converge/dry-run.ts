import type { Cluster, Target } from '../../../cluster/cluster.ts';
import { ApiFailure, isNotFound } from '../../../cluster/failures.ts';
import type { JsonObject } from '../../../declared/declaration.ts';
import { overlay } from './body.ts';
import { isObject } from './json.ts';
import type { Work } from './work.ts';

/** The live object, or undefined when it is not there. */
export async function liveOf(
  cluster: Cluster,
  target: Target,
  signal?: AbortSignal,
): Promise<JsonObject | undefined> {
  try {
    return await cluster.get(target, signal);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/**
 * What applying the body over live would make, by a dry run. Where server-side apply keeps two items of a list because
 * somebody edited a merge key (the number of a Service port), and the server refuses the duplicate, the answer is that of a
 * PUT of the body laid over live.
 */
export async function dryRun(
  cluster: Cluster,
  target: Target,
  body: JsonObject,
  live: JsonObject,
  signal?: AbortSignal,
): Promise<{ after: JsonObject; method: Work['method'] }> {
  try {
    return { after: await cluster.apply(target, body, { dryRun: true, signal }), method: 'apply' };
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
  return {
    after: await cluster.replace(target, laidOver(live, body), { dryRun: true, signal }),
    method: 'replace',
  };
}

/** The body of a PUT; it carries live's resourceVersion, so that the server refuses it when the object has moved. */
export function laidOver(live: JsonObject, body: JsonObject): JsonObject {
  const { status: _status, ...rest } = live;
  const merged = overlay(rest, body);
  return isObject(merged) ? merged : body;
}

/** A refusal for nothing but duplicates: two items that server-side apply could not tell to be one. */
export function isDuplicate(thrown: unknown): boolean {
  return (
    thrown instanceof ApiFailure &&
    thrown.status === 422 &&
    thrown.causes.length > 0 &&
    thrown.causes.every(({ reason }) => reason === 'FieldValueDuplicate')
  );
}
