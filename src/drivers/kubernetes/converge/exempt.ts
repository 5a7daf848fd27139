import type { Json, JsonObject } from '../../../declared/declaration.ts';
import { type Comparison, type ObjectRef, resourceKey } from '../../../findings/finding.ts';
import { isObject } from './json.ts';
import { locate, type Pointer, valueAt } from './locate.ts';

/** The paths of one object that rules leave to somebody else, and that the declaration names all the same. */
export function exemptPaths(comparison: Comparison, ref: ObjectRef, body: JsonObject): string[] {
  const key = resourceKey(ref);
  return (comparison.exempt ?? []).flatMap(({ resource, path }) =>
    path !== undefined && resourceKey(resource) === key && locate(body, path) !== undefined ? [path] : [],
  );
}

/**
 * The body with what live has at each exempt path (replicas under an autoscaler), so that applying it leaves them as they
 * are. The body given is not touched.
 */
export function adopt(body: JsonObject, live: JsonObject, exempt: readonly string[]): JsonObject {
  const adopted = structuredClone(body);
  for (const path of exempt) {
    const [from, to] = [locate(live, path), locate(adopted, path)];
    if (to !== undefined) set(adopted, to, from === undefined ? undefined : valueAt(live, from));
  }
  return adopted;
}

function set(root: JsonObject, pointer: Pointer, value: Json | undefined): void {
  const last = pointer.at(-1);
  const parent = valueAt(root, pointer.slice(0, -1));
  if (Array.isArray(parent) && typeof last === 'number')
    parent.splice(last, 1, ...(value === undefined ? [] : [structuredClone(value)]));
  if (!isObject(parent) || typeof last !== 'string') return;
  if (value === undefined) delete parent[last];
  else parent[last] = structuredClone(value);
}
