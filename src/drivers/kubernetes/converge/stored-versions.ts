import type { Cluster, Target } from '../../../cluster/cluster.ts';
import { ApiFailure } from '../../../cluster/failures.ts';
import { objectPath } from '../../../cluster/kind.ts';
import { listSchema } from '../../../cluster/schema.ts';
import { Failure } from '../../../failure/failure.ts';
import type { Json, JsonObject } from '../../../json/json.ts';
import { isMap } from '../../../json/value.ts';
import { listAt, objectAt, textAt } from './json.ts';

/**
 * A CustomResourceDefinition that goes back to an earlier release loses versions in which objects may be stored; the server refuses
 * that until `status.storedVersions` names them no more. Where there is no object of the kind at all nothing is stored in them.
 */
export function isStoredVersion(thrown: unknown): boolean {
  return (
    thrown instanceof ApiFailure &&
    thrown.status === 422 &&
    thrown.causes.length > 0 &&
    thrown.causes.every(({ field }) => field?.startsWith('status.storedVersions') === true)
  );
}

/** Whether any object of the kind lives that a definition defines; one that no version serves counts as if. */
export async function hasObjects(
  cluster: Cluster,
  definition: JsonObject,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const spec = objectAt(definition, 'spec');
  const served = listAt(spec, 'versions').find(version => isMap(version) && version['served'] === true);
  const [group, plural] = [textAt(spec, 'group'), textAt(objectAt(spec, 'names'), 'plural')];
  const version = served === undefined ? undefined : textAt(served, 'name');
  if (group === undefined || plural === undefined || version === undefined) return true;
  const { body } = await cluster.call({
    path: `/apis/${[group, version, plural].map(encodeURIComponent).join('/')}`,
    query: { limit: 1 },
    signal,
    asked: { verb: 'list', resource: `${plural}.${group}` },
  });
  return (listSchema.parse(body).items ?? []).length > 0;
}

/**
 * Lets go of the versions that a definition no longer has: from now on the version that it declares is the one that is stored, and
 * when there is no object after that, none is stored in another. Throws HF1602 where there is one by now.
 */
export async function forgetVersions(
  cluster: Cluster,
  target: Target,
  body: JsonObject,
  signal: AbortSignal | undefined,
): Promise<void> {
  const live = await cluster.get(target, signal);
  const declared = listAt(objectAt(body, 'spec'), 'versions').filter(isMap);
  const stored = declared.find(version => version['storage'] === true)?.['name'];
  const versions = listAt(objectAt(live, 'spec'), 'versions').filter(isMap);
  if (!versions.some(({ name }) => name === stored))
    throw new Failure('HF1602', `live has no version ${String(stored)} that could be stored instead`);
  const switched = await patch(cluster, target, signal, undefined, [
    versionOf(live),
    ...versions.map((version, index) => ({
      op: 'replace',
      path: `/spec/versions/${index}/storage`,
      value: version['name'] === stored,
    })),
  ]);
  if (await hasObjects(cluster, switched, signal))
    throw new Failure('HF1602', 'there are objects by now that may be stored in a version that goes');
  await patch(cluster, target, signal, 'status', [
    versionOf(switched),
    { op: 'replace', path: '/status/storedVersions', value: [stored ?? null] },
  ]);
}

/** The server refuses the patch (409) when the object has moved. */
function versionOf(live: JsonObject): JsonObject {
  const value = objectAt(live, 'metadata')['resourceVersion'] ?? '';
  return { op: 'replace', path: '/metadata/resourceVersion', value };
}

async function patch(
  cluster: Cluster,
  { kind, namespace, name }: Target,
  signal: AbortSignal | undefined,
  subresource: 'status' | undefined,
  operations: Json[],
): Promise<JsonObject> {
  const path = objectPath(kind, namespace, name);
  const { body } = await cluster.call({
    method: 'PATCH',
    path: subresource === undefined ? path : `${path}/${subresource}`,
    query: { fieldManager: 'holdfast' },
    contentType: 'application/json-patch+json',
    body: operations,
    signal,
    asked: { verb: 'patch', resource: 'customresourcedefinitions.apiextensions.k8s.io', subject: name },
  });
  if (isMap(body as Json)) return body as JsonObject;
  throw new Failure('HF1307', `the server's answer about the definition ${name} is no object`);
}
