import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../../../json/json.ts';
import { isMap } from '../../../json/value.ts';

/** The object under a key, or an empty one. */
export function objectAt(value: Json | undefined, key: string): JsonObject {
  const found = isMap(value) ? value[key] : undefined;
  return isMap(found) ? found : {};
}

/** The list under a key, or an empty one. */
export function listAt(value: Json | undefined, key: string): Json[] {
  const found = isMap(value) ? value[key] : undefined;
  return Array.isArray(found) ? found : [];
}

/** The text under a key, if it is text. */
export function textAt(value: Json | undefined, key: string): string | undefined {
  const found = isMap(value) ? value[key] : undefined;
  return typeof found === 'string' ? found : undefined;
}

/** The number under a key, if it is a number. */
export function numberAt(value: Json | undefined, key: string): number | undefined {
  const found = isMap(value) ? value[key] : undefined;
  return typeof found === 'number' ? found : undefined;
}

/** Equal as JSON: keys in any order, items in the same order. */
export function sameJson(one: Json | undefined, other: Json | undefined): boolean {
  return isDeepStrictEqual(one, other);
}
