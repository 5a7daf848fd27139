import { locate, locateParts, type Pointer, valueAt } from '../../../compare/locate.ts';
import { type Comparison, type ObjectRef, resourceKey } from '../../../findings/finding.ts';
import type { Json, JsonObject } from '../../../json/json.ts';
import { isMap, pathOf } from '../../../json/value.ts';

/** The paths of one object that rules leave to somebody else, and that the declaration names all the same. */
export function exemptPaths(comparison: Comparison, ref: ObjectRef, body: JsonObject): string[] {
  return pathsOf(comparison, ref).filter(path => locate(body, path) !== undefined);
}

/**
 * Those that live has and that would be gone after applying: parts of a whole that the declaration names (the selector of a Service),
 * which is applied as a whole.
 */
export function lostPaths(
  comparison: Comparison,
  ref: ObjectRef,
  { live, after }: { live: JsonObject; after: JsonObject },
): string[] {
  return pathsOf(comparison, ref).filter(
    path => locate(live, path) !== undefined && locate(after, path) === undefined,
  );
}

function pathsOf(comparison: Comparison, ref: ObjectRef): string[] {
  const key = resourceKey(ref);
  return (comparison.exempt ?? []).flatMap(({ resource, path }) =>
    path !== undefined && resourceKey(resource) === key ? [path] : [],
  );
}

/**
 * The body with what live has at each exempt path (replicas under an autoscaler), so that applying it leaves them as they
 * are. The body given is not touched.
 */
export function adopt(body: JsonObject, live: JsonObject, exempt: readonly string[]): JsonObject {
  const adopted = structuredClone(body);
  for (const path of exempt) {
    const from = locate(live, path);
    const to = locate(adopted, path) ?? (from === undefined ? undefined : newPlace(adopted, path));
    if (to !== undefined) set(adopted, to, from === undefined ? undefined : valueAt(live, from));
  }
  return adopted;
}

/** Where a key that is not there belongs: in a map that is there, or in maps that are made for it. */
function newPlace(root: JsonObject, path: string): Pointer | undefined {
  const parts = pathOf(path);
  for (let depth = parts.length - 1; depth >= 0; depth -= 1) {
    const at = locateParts(root, parts.slice(0, depth));
    if (at === undefined) continue;
    let parent = valueAt(root, at);
    for (const part of parts.slice(depth, -1)) {
      if (!isMap(parent)) return undefined;
      const made: JsonObject = {};
      parent[part] = made;
      parent = made;
    }
    return isMap(parent) ? [...at, ...parts.slice(depth)] : undefined;
  }
  return undefined;
}

function set(root: JsonObject, pointer: Pointer, value: Json | undefined): void {
  const last = pointer.at(-1);
  const parent = valueAt(root, pointer.slice(0, -1));
  if (Array.isArray(parent) && typeof last === 'number')
    parent.splice(last, 1, ...(value === undefined ? [] : [structuredClone(value)]));
  if (!isMap(parent) || typeof last !== 'string') return;
  if (value === undefined) delete parent[last];
  else parent[last] = structuredClone(value);
}
