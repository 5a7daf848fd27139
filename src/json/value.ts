import type { Json, JsonObject } from './json.ts';

/** One end of a tree of JSON: a scalar, or an empty map or list. `path` holds map keys and list positions. */
export interface Leaf {
  path: readonly string[];
  value: Json;
}

export function isMap(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The ends of a value, in its own order. */
export function leavesOf(value: Json, path: readonly string[] = []): Leaf[] {
  const leaves: Leaf[] = [];
  addLeaves(value, [...path], leaves);
  return leaves;
}

function addLeaves(value: Json, path: string[], leaves: Leaf[]): void {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (keys.length === 0) {
    leaves.push({ path: path.slice(), value });
    return;
  }
  for (const key of keys) {
    path.push(key);
    addLeaves((value as JsonObject)[key] ?? null, path, leaves);
    path.pop();
  }
}

/** The value at a path of map keys and list positions; undefined where there is none. */
export function valueAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  let at = value;
  for (const key of path) {
    if (Array.isArray(at)) at = /^\d+$/.test(key) ? at[Number(key)] : undefined;
    else if (isMap(at)) at = Object.hasOwn(at, key) ? at[key] : undefined;
    else return undefined;
  }
  return at;
}

/** A copy of a map without some keys; made anew rather than deleted from, which engines are slow at. */
export function without(map: JsonObject, keys: ReadonlySet<string>): JsonObject {
  const copy: JsonObject = {};
  for (const key of Object.keys(map)) {
    if (keys.has(key)) continue;
    if (key === '__proto__')
      Object.defineProperty(copy, key, {
        value: map[key],
        enumerable: true,
        configurable: true,
        writable: true,
      });
    else copy[key] = map[key] ?? null;
  }
  return copy;
}

/** A JSON pointer: `/` and `~` in a key are written `~1` and `~0`. */
export function pointerOf(path: readonly string[]): string {
  return path.map(key => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The keys of a JSON pointer. */
export function pathOf(pointer: string): string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map(key => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Whether two values are the same JSON, whatever the order of map keys. */
export function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => equal(item, b[index]));
  }
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every(key => Object.hasOwn(b, key) && equal(a[key], b[key]))
  );
}
