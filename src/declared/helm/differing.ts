import type { Json } from '../../json/json.ts';
import { equal, isMap } from '../../json/value.ts';

/** A place at which two values are not the same: map keys and list positions. */
export type Place = readonly string[];

/** The places at which two values differ, each as near to the leaves as both have them. */
export function differing(one: Json | undefined, other: Json | undefined, path: Place = []): Place[] {
  if (equal(one, other)) return [];
  if (isMap(one) && isMap(other)) {
    const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
    return [...keys].flatMap(key => differing(own(one, key), own(other, key), [...path, key]));
  }
  if (Array.isArray(one) && Array.isArray(other) && one.length === other.length)
    return one.flatMap((item, index) => differing(item, other[index], [...path, String(index)]));
  return [path];
}

/** The value with what `from` has at these places in place of its own; what neither can hold is left as it is. */
export function withPlaces(value: Json, places: readonly Place[], from: Json): Json {
  return places.reduce((result, path) => replaced(result, path, from), value);
}

function replaced(value: Json, path: Place, from: Json | undefined): Json {
  const [key, ...rest] = path;
  if (key === undefined) return from === undefined ? value : from;
  if (Array.isArray(value)) {
    const items = Array.isArray(from) ? from : [];
    return value.map((item, index) => (String(index) === key ? replaced(item, rest, items[index]) : item));
  }
  if (!isMap(value) || !isMap(from)) return value;
  const there = own(from, key);
  const entries = Object.entries(value).filter(([name]) => name !== key || there !== undefined);
  const next = entries.map(([name, child]): [string, Json] => [
    name,
    name === key ? replaced(child, rest, there) : child,
  ]);
  if (!Object.hasOwn(value, key) && there !== undefined) next.push([key, there]);
  return Object.fromEntries(next);
}

function own(map: { [key: string]: Json }, key: string): Json | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
