import type { Cluster, Target } from '../../../cluster/cluster.ts';
import { ApiFailure, isNotFound } from '../../../cluster/failures.ts';
import { Failure } from '../../../failure/failure.ts';
import type { JsonObject } from '../../../json/json.ts';
import { isMap } from '../../../json/value.ts';
import { overlay } from './body.ts';
import { textAt } from './json.ts';
import { inVersion } from './managers.ts';
import { hasObjects, isStoredVersion } from './stored-versions.ts';
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
 * PUT of the body laid over live. Where it is refused because our own managedFields are in another version of the API, which
 * can only be put right in earnest, or because a definition loses a version that nothing is stored in, it is that of the body laid
 * over live, as far as can be told.
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
    if (isOtherVersion(error, live, body)) return { after: laidOver(live, body), method: 'migrate' };
    if (isStoredVersion(error) && !(await hasObjects(cluster, live, signal)))
      return { after: laidOver(live, body), method: 'forget' };
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
  return isMap(merged) ? merged : body;
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

/**
 * A refusal because server-side apply cannot read our own managedFields: they are in a version of the API whose fields are others
 * (a definition gained a version), while the object could be written as it is declared.
 */
function isOtherVersion(thrown: unknown, live: JsonObject, body: JsonObject): boolean {
  return (
    thrown instanceof Failure &&
    thrown.code === 'HF1306' &&
    /field not declared in schema|failed to (create|convert)/.test(thrown.message) &&
    inVersion(live, textAt(body, 'apiVersion') ?? '') !== undefined
  );
}
