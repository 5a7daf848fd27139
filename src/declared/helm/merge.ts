import type { Json, JsonObject } from '../../json/json.ts';
import { isMap } from '../../json/value.ts';

/** Lays values over others as Helm lays one file over another: maps are merged, all else is replaced; `null` stays. */
export function mergeValues(under: JsonObject, over: JsonObject): JsonObject {
  const merged: JsonObject = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = Object.hasOwn(merged, key) ? merged[key] : undefined;
    define(merged, key, isMap(value) && isMap(below) ? mergeValues(below, value) : value);
  }
  return merged;
}

/** A key of a file may be called `__proto__`. */
function define(object: JsonObject, key: string, value: Json): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}
