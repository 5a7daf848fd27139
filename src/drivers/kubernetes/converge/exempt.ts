import type { Json, JsonObject } from '../../../declared/declaration.ts';
import type { Finding } from '../../../findings/finding.ts';
import { fieldManager } from '../cluster/cluster.ts';
import { appliedLeaves } from './fields.ts';
import { isObject, sameJson } from './json.ts';
import { locate, locateParts, overlaps, type Pointer, valueAt } from './locate.ts';

/**
 * Declared fields that applying would change although the finding does not name them: a rule leaves them to a controller
 * (replicas under an autoscaler). `after` is the answer of a server-side-apply dry run of the declaration over `before`.
 */
export function exemptLeaves(before: JsonObject, after: JsonObject, finding: Finding): string[][] {
  if (finding.changes === undefined || finding.changes.length === 0) return [];
  const named = finding.changes.flatMap(({ path }) => [
    { side: before, pointer: locate(before, path) },
    { side: after, pointer: locate(after, path) },
  ]);
  return appliedLeaves(after, fieldManager).filter(parts => {
    const [was, becomes] = [locateParts(before, parts), locateParts(after, parts)];
    if (was === undefined || becomes === undefined) return false;
    if (sameJson(valueAt(before, was), valueAt(after, becomes))) return false;
    const touches = (side: JsonObject, leaf: Pointer) =>
      named.some(
        other => other.side === side && other.pointer !== undefined && overlaps(other.pointer, leaf),
      );
    return !touches(before, was) && !touches(after, becomes);
  });
}

/** The body with the live value at each exempt leaf, so that applying it leaves them as they are. The body given is not touched. */
export function adopt(body: JsonObject, live: JsonObject, exempt: readonly string[][]): JsonObject {
  const adopted = structuredClone(body);
  for (const parts of exempt) {
    const [from, to] = [locateParts(live, parts), locateParts(adopted, parts)];
    const value = from === undefined ? undefined : valueAt(live, from);
    if (to !== undefined && value !== undefined) set(adopted, to, structuredClone(value));
  }
  return adopted;
}

function set(root: JsonObject, pointer: Pointer, value: Json): void {
  const last = pointer.at(-1);
  const parent = valueAt(root, pointer.slice(0, -1));
  if (Array.isArray(parent) && typeof last === 'number') parent[last] = value;
  else if (isObject(parent) && typeof last === 'string') parent[last] = value;
}
