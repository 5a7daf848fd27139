import type { Json } from '../json/json.ts';
import { isMap, pointerOf, without } from '../json/value.ts';

/** What the schema says of one place in an object. */
export interface Shape {
  /** The field or map value under a key; undefined where nothing is known. */
  child(key: string): Shape | undefined;
  /** The items of a list. */
  item(): Shape | undefined;
  /** The merge keys of a list whose items are told apart by them; undefined for any other value. */
  readonly mergeKeys: readonly string[] | undefined;
  /** A list whose items are told apart by their values, each of which is there once. */
  readonly set?: boolean;
  /** The default that the schema declares, if it declares one. */
  readonly default: Json | undefined;
}

/** An object with its merge-keyed lists turned into maps, so that items are compared with their own kind. */
export interface Keyed {
  value: Json;
  /** Items of every list as they were, by pointer. A place that is here is a list item. */
  items: Map<string, Json>;
  /** The names of the items of each list that was turned, in their order, by the list's pointer. */
  orders: Map<string, string[]>;
  /** Pointers of those lists that are sets. */
  sets: Set<string>;
}

/**
 * Turns merge-keyed lists into maps. Keys are written `name=web`, or `containerPort=80,protocol=TCP` in alphabetical order.
 * With `sets` those lists, too, whose items are told apart by their values: where two lists are merged, positions tell nothing.
 */
export function keyed(value: Json, shape: Shape | undefined, options: { sets?: boolean } = {}): Keyed {
  const result: Keyed = { value: null, items: new Map(), orders: new Map(), sets: new Set() };
  result.value = turned(value, shape, [], result, options.sets === true);
  return result;
}

function turned(
  value: Json,
  shape: Shape | undefined,
  path: readonly string[],
  result: Keyed,
  sets: boolean,
): Json {
  if (isMap(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => [
        key,
        turned(child, shape?.child(key), [...path, key], result, sets),
      ]),
    );
  }
  if (!Array.isArray(value)) return value;
  const asSet = sets && shape?.set === true;
  if (asSet) result.sets.add(pointerOf(path));
  const names = asSet ? unique(value.map(item => `=${JSON.stringify(item)}`)) : keyNames(value, shape);
  const entries = value.map((item, index): [string, Json] => {
    const at = [...path, names?.[index] ?? String(index)];
    result.items.set(pointerOf(at), item);
    return [at.at(-1) ?? '', turned(item, shape?.item(), at, result, sets)];
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
  return unique(
    items.map((item, index) => itemName(item, sorted, key => shape?.child(key)?.default) ?? String(index)),
  );
}

function keyNames(items: readonly Json[], shape: Shape | undefined): string[] | undefined {
  const mergeKeys = shape?.mergeKeys;
  return mergeKeys === undefined ? undefined : namesOf(items, mergeKeys, shape?.item());
}

function unique(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map(name => {
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

/** Whether `name` (`containerPort=80,protocol=TCP`) is the name of the item; values may hold anything. */
export function isNamed(item: Json | undefined, name: string): boolean {
  if (!isMap(item)) return false;
  return Object.entries(item).some(([key, value]) => {
    const start = `${key}=${typeof value === 'object' ? '' : value}`;
    if (!name.startsWith(start)) return false;
    const rest = name.slice(start.length);
    return rest === '' || (rest.startsWith(',') && isNamed(without(item, new Set([key])), rest.slice(1)));
  });
}
