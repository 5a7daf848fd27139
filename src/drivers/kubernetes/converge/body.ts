import type { Json, JsonObject } from '../../../declared/declaration.ts';
import type { Target } from '../cluster/cluster.ts';
import { isObject, objectAt } from './json.ts';

/** What only the server may set, or what a request must not carry. */
const bookkeeping = [
  'managedFields',
  'resourceVersion',
  'uid',
  'generation',
  'creationTimestamp',
  'selfLink',
];

/**
 * The declared object as it is sent: without status and bookkeeping (files made by `kubectl get -o yaml` or
 * `create --dry-run` carry some), in the namespace that it belongs to. The declaration itself is not touched.
 */
export function bodyOf(declared: JsonObject, target: Pick<Target, 'namespace'>): JsonObject {
  const { status: _status, metadata, ...rest } = declared;
  const kept = Object.entries(isObject(metadata) ? metadata : {}).filter(
    ([key]) => !bookkeeping.includes(key),
  );
  const { namespace: _namespace, ...named } = Object.fromEntries(kept);
  return {
    ...rest,
    metadata: target.namespace === undefined ? named : { ...named, namespace: target.namespace },
  };
}

/** What of a live object a plan depends on: all but status and what the server counts and stamps. */
export function specPart(live: JsonObject): JsonObject {
  const { status: _status, ...rest } = live;
  const metadata = Object.entries(objectAt(live, 'metadata')).filter(([key]) => !bookkeeping.includes(key));
  return { ...rest, metadata: Object.fromEntries(metadata) };
}

/**
 * The declared object laid over the live one, for a PUT: maps are merged, lists and values are the declared ones. So what
 * the server allocated and what controllers keep beside (cluster IPs, finalizers, annotations) stays.
 */
export function overlay(live: Json | undefined, declared: Json): Json {
  if (!isObject(live) || !isObject(declared)) return declared;
  const merged = { ...live };
  for (const [key, value] of Object.entries(declared)) merged[key] = overlay(live[key], value);
  return merged;
}
