import { splitApiVersion } from '../cluster/kind.ts';
import { serverMetadata } from '../cluster/target.ts';
import type { DeclaredUnit } from '../declared/declaration.ts';
import { hashJson } from '../declared/hash.ts';
import type { DeclaredResource } from '../drivers/declared-resources.ts';
import { isObjectRef, type ResourceRef } from '../findings/finding.ts';
import type { JsonObject } from '../json/json.ts';
import { isMap } from '../json/value.ts';
import type { OfflineKinds } from './shapes.ts';

/** One resource on one side of the pull request. */
export interface Side extends DeclaredResource {
  /** What is compared: without identity, status and bookkeeping of the server. */
  plain: JsonObject;
  hash: string;
}

/**
 * The resources of one side by a key that is the same for the same resource on both: a newer version of its API makes no
 * other object of it. Of two with one key the first counts; that the declaration has both is a finding of its own.
 */
export function sidesOf(
  resources: readonly DeclaredResource[],
  unit: Pick<DeclaredUnit, 'definition'>,
  kinds: OfflineKinds,
): Map<string, Side> {
  const sides = new Map<string, Side>();
  for (const declared of resources) {
    const resource = placed(declared.resource, unit, kinds);
    const key = sideKey(resource);
    if (sides.has(key)) continue;
    const plain = isObjectRef(resource) ? plainObject(resource, declared.value) : declared.value;
    sides.set(key, { ...declared, resource, plain, hash: hashJson(plain) });
  }
  return sides;
}

export function sideKey(resource: ResourceRef): string {
  if (!isObjectRef(resource)) return JSON.stringify([resource.type, resource.name]);
  const { group } = splitApiVersion(resource.apiVersion);
  return JSON.stringify([group, resource.kind, resource.namespace ?? '', resource.name]);
}

/** With the namespace that it lives in, as far as its kind is known. */
function placed(
  resource: ResourceRef,
  { definition }: Pick<DeclaredUnit, 'definition'>,
  kinds: OfflineKinds,
) {
  if (!isObjectRef(resource)) return resource;
  const known = kinds.find(resource.apiVersion, resource.kind);
  const { namespace, ...rest } = resource;
  if (known === undefined) return resource;
  return known.namespaced ? { ...rest, namespace: namespace ?? definition.namespace ?? 'default' } : rest;
}

function plainObject(resource: { apiVersion: string; kind: string }, object: JsonObject): JsonObject {
  const { apiVersion, kind: _kind, status: _status, ...rest } = object;
  const metadata: JsonObject = isMap(rest['metadata']) ? { ...rest['metadata'] } : {};
  for (const key of [...serverMetadata, 'name', 'namespace']) delete metadata[key];
  const plain: JsonObject = { ...rest, metadata };
  // a new version is a change that a reviewer wants to see
  if (typeof apiVersion === 'string') plain['apiVersion'] = apiVersion;
  return resource.apiVersion === 'v1' && resource.kind === 'Secret' ? withData(plain) : plain;
}

/** stringData as the server stores it, so that moving a value from one to the other is no change. */
function withData(secret: JsonObject): JsonObject {
  const { stringData, ...rest } = secret;
  if (!isMap(stringData)) return secret;
  const coded = Object.entries(stringData).map(([key, text]) => [
    key,
    typeof text === 'string' ? Buffer.from(text).toString('base64') : text,
  ]);
  return { ...rest, data: { ...(isMap(rest['data']) ? rest['data'] : {}), ...Object.fromEntries(coded) } };
}
