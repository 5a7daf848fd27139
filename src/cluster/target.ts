import type { DeclaredObject, DeclaredUnit } from '../declared/declaration.ts';
import type { ObjectRef } from '../findings/finding.ts';
import type { JsonObject } from '../json/json.ts';
import { isMap, without } from '../json/value.ts';
import type { Target } from './cluster.ts';
import type { Kinds } from './discovery.ts';

/**
 * Where a declared object lives on the server, or undefined where the server does not serve its kind. An object that names no
 * namespace is in that of its unit, else in `default`: what a repository means must not depend on somebody's kubeconfig. A
 * namespace of a cluster-scoped object counts for nothing.
 */
export function targetOf(
  kinds: Kinds,
  unit: Pick<DeclaredUnit, 'definition'>,
  declared: Pick<DeclaredObject, 'ref' | 'object'>,
): Target | undefined {
  const kind = kinds.find(declared.ref.apiVersion, declared.ref.kind);
  if (kind === undefined) return undefined;
  const { name } = declared.ref;
  if (!kind.namespaced) return { kind, name };
  const metadata = declared.object['metadata'];
  const own =
    isMap(metadata) && typeof metadata['namespace'] === 'string' ? metadata['namespace'] : undefined;
  return {
    kind,
    namespace: declared.ref.namespace ?? (own || undefined) ?? unit.definition.namespace ?? 'default',
    name,
  };
}

/** The reference of an object where it lives: cluster-scoped without a namespace, namespaced always with one. */
export function refOf(target: Target): ObjectRef {
  const { kind, namespace, name } = target;
  return {
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    ...(kind.namespaced && namespace !== undefined ? { namespace } : {}),
    name,
  };
}

/** Metadata that belongs to the server, whatever a declaration says of it. */
export const serverMetadata = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
] as const;

/**
 * What is sent to the server for a declared object, in a dry run as in earnest: without status and server-owned metadata, in
 * its namespace, and with a Secret's stringData as data, so that a key that Git drops later is known to have been ours.
 */
export function bodyOf(target: Target, object: JsonObject): JsonObject {
  const metadata = isMap(object['metadata']) ? without(object['metadata'], notSent) : {};
  metadata['name'] = target.name;
  if (target.kind.namespaced && target.namespace !== undefined) metadata['namespace'] = target.namespace;
  const body = without(object, status);
  body['metadata'] = metadata;
  return target.kind.group === '' && target.kind.kind === 'Secret' ? withData(body) : body;
}

const notSent: ReadonlySet<string> = new Set([...serverMetadata, 'namespace']);
const status: ReadonlySet<string> = new Set(['status']);

function withData(secret: JsonObject): JsonObject {
  const { stringData, ...rest } = secret;
  if (!isMap(stringData)) return secret;
  const texts = Object.entries(stringData);
  // what is no text goes to the server as it is, for the server to refuse
  if (texts.some(([, text]) => text !== null && typeof text !== 'string')) return secret;
  const coded = texts.map(([key, text]) => [
    key,
    Buffer.from(typeof text === 'string' ? text : '').toString('base64'),
  ]);
  return { ...rest, data: { ...(isMap(rest['data']) ? rest['data'] : {}), ...Object.fromEntries(coded) } };
}
