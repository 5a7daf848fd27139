import type { Target } from '../../../../src/cluster/cluster.ts';
import { type Keyed, keyed, type Shape } from '../../../../src/compare/keyed.ts';
import { plainOf } from '../../../../src/drivers/kubernetes/compare/subject.ts';
import type { Json, JsonObject } from '../../../../src/json/json.ts';
import { equal, isMap, pointerOf } from '../../../../src/json/value.ts';

/** All places at which two states of a live object differ, as findings address them; status and bookkeeping do not count. */
export function changedPaths(
  target: Target,
  shape: Shape | undefined,
  before: JsonObject,
  after: JsonObject,
): Set<string> {
  const [one, other] = [before, after].map(object => keyed(plainOf(target, object), shape)) as [Keyed, Keyed];
  const found = new Set<string>();
  walk(one.value, other.value, [], found);
  for (const [list, names] of one.orders) {
    const now = other.orders.get(list);
    if (now !== undefined && !equal(names, now)) found.add(list);
  }
  return found;
}

function walk(
  before: Json | undefined,
  after: Json | undefined,
  path: readonly string[],
  found: Set<string>,
): void {
  if (equal(before, after)) return;
  const both = [before, after];
  if (both.every(isMap) || both.every(value => Array.isArray(value))) {
    const [one, other] = both as [{ [key: string]: Json }, { [key: string]: Json }];
    for (const key of new Set([...Object.keys(one), ...Object.keys(other)]))
      walk(one[key], other[key], [...path, key], found);
  } else found.add(pointerOf(path));
}

/** Whether a path is one of the changed ones, in one of them, or holds one. */
export function isExplained(path: string, changed: ReadonlySet<string>): boolean {
  return [...changed].some(
    each => each === path || each.startsWith(`${path}/`) || path.startsWith(`${each}/`),
  );
}
