import type { Json } from '../declared/declaration.ts';
import { isMap, pointerOf } from './value.ts';

/** What the schema says of one place in an object. */
export interface Shape {
  /** The field or map value under a key; undefined where nothing is known. */
  child(key: string): Shape | undefined;
  /** The items of a list. */
  item(): Shape | undefined;
  /** The merge keys of a list whose items are told apart by them; undefined for any other value. */
  readonly mergeKeys: readonly string[] | undefined;
  /** The default that the schema declares, if it declares one. */
  readonly default: Json | undefined;
}

/** An object with its merge-keyed lists turned into maps, so that items are compared with their own kind. */
export interface Keyed {
  value: Json;
  /** Items of every list as they were, by pointer. A place that is here is a list item. */
  items: Map<string, Json>;
  /** The order of the items of each merge-keyed list, by the list's pointer. */
  orders: Map<string, string[]>;
}

/** Turns merge-keyed lists into maps. Keys are written `name=web`, or `containerPort=80,protocol=TCP` in alphabetical order. */
export function keyed(value: Json, shape: Shape | undefined): Keyed {
  const result: Keyed = { value: null, items: new Map(), orders: new Map() };
  result.value = turned(value, shape, [], result);
  return result;
}

function turned(value: Json, shape: Shape | undefined, path: readonly string[], result: Keyed): Json {
  if (isMap(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => [
        key,
        turned(child, shape?.child(key), [...path, key], result),
      ]),
    );
  }
  if (!Array.isArray(value)) return value;
  const mergeKeys = shape?.mergeKeys;
  const names = mergeKeys === undefined ? undefined : namesOf(value, mergeKeys, shape?.item());
  const entries = value.map((item, index): [string, Json] => {
    const at = [...path, names?.[index] ?? String(index)];
    result.items.set(pointerOf(at), item);
    return [at.at(-1) ?? '', turned(item, shape?.item(), at, result)];
  });
  if (names === undefined) return entries.map(([, item]) => item);
  result.orders.set(pointerOf(path), names);
  return Object.fromEntries(entries);
}

/** The names of the items of a list, by which findings address them: of several with one name the second ends in `#2`. */
export function namesOf(
  items: readonly Json[],
  mergeKeys: readonly string[],
  shape: Shape | undefined,
): string[] {
  const sorted = [...mergeKeys].sort();
  const seen = new Map<string, number>();
  return items.map((item, index) => {
    const name = itemName(item, sorted, key => shape?.child(key)?.default) ?? String(index);
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}#${count}`;
  });
}

/** The name of a list item by its merge keys (in alphabetical order), or undefined where it lacks one. */
export function itemName(
  item: Json,
  mergeKeys: readonly string[],
  defaultOf: (key: string) => Json | undefined = () => undefined,
): string | undefined {
  if (!isMap(item)) return undefined;
  const parts: string[] = [];
  for (const key of mergeKeys) {
    const value = item[key] ?? defaultOf(key);
    if (value === undefined || value === null || typeof value === 'object') return undefined;
    parts.push(`${key}=${value}`);
  }
  return parts.join(',');
}
