import { itemName, type Shape } from '../../../../src/compare/keyed.ts';
import type { Json, JsonObject } from '../../../../src/json/json.ts';
import { isMap } from '../../../../src/json/value.ts';

/** One value in a live object, with what is declared there. */
export interface PlaceIn {
  value: Json;
  declared: Json | undefined;
  /** As a JSON patch addresses it. */
  raw: string[];
  /** As a finding addresses it. */
  told: string[];
  /** How the items of this list are told apart, in alphabetical order; undefined for any other value. */
  mergeKeys: readonly string[] | undefined;
  /** Merge keys of the list whose item holds this value. */
  holderKeys: readonly string[];
  /** What holds it is a list. */
  inList: boolean;
  shape: Shape | undefined;
}

/** All values of a live object, from the outside inwards. */
export function placesIn(live: JsonObject, declared: JsonObject, shape: Shape | undefined): PlaceIn[] {
  const found: PlaceIn[] = [];
  const visit = (place: PlaceIn) => {
    found.push(place);
    for (const child of childrenOf(place)) visit(child);
  };
  visit({
    value: live,
    declared,
    raw: [],
    told: [],
    mergeKeys: undefined,
    holderKeys: [],
    inList: false,
    shape,
  });
  return found.slice(1);
}

function childrenOf({ value, declared, raw, told, mergeKeys, shape, inList }: PlaceIn): PlaceIn[] {
  if (isMap(value)) {
    const holderKeys = inList ? (raw.length === 0 ? [] : (keysAround.get(value) ?? [])) : [];
    return Object.entries(value).map(([key, child]) =>
      place(
        child,
        isMap(declared) ? declared[key] : undefined,
        [...raw, key],
        [...told, key],
        shape?.child(key),
        {
          holderKeys,
          inList: false,
        },
      ),
    );
  }
  if (!Array.isArray(value)) return [];
  const itemShape = shape?.item();
  const nameOf = (item: Json) =>
    mergeKeys === undefined ? undefined : itemName(item, mergeKeys, key => itemShape?.child(key)?.default);
  const wanted = Array.isArray(declared) ? declared : [];
  return value.map((item, index) => {
    const name = nameOf(item);
    const own = name === undefined ? wanted[index] : wanted.find(each => nameOf(each) === name);
    if (isMap(item) && mergeKeys !== undefined) keysAround.set(item, mergeKeys);
    return place(item, own, [...raw, String(index)], [...told, name ?? String(index)], itemShape, {
      holderKeys: [],
      inList: true,
    });
  });
}

/** The merge keys of the list that an item is in. */
const keysAround = new WeakMap<JsonObject, readonly string[]>();

function place(
  value: Json,
  declared: Json | undefined,
  raw: string[],
  told: string[],
  shape: Shape | undefined,
  rest: Pick<PlaceIn, 'holderKeys' | 'inList'>,
): PlaceIn {
  const mergeKeys =
    Array.isArray(value) && shape?.mergeKeys !== undefined ? [...shape.mergeKeys].sort() : undefined;
  return { value, declared, raw, told, mergeKeys, shape, ...rest };
}

export function isScalar(value: Json | undefined): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
