import type { Json } from '../json/json.ts';
import { isMap, pathOf } from '../json/value.ts';

/** Where a value is inside of one particular object: keys of maps, indices of lists. */
export type Pointer = (string | number)[];

/**
 * Finds what a path of a finding addresses in one object; undefined where it is not there, or where more than one item of
 * a list fits, so that nothing is ever done to an item by mistake. An item that lacks part of a merge key (a port without
 * protocol) fits if the rest does.
 */
export function locate(root: Json, path: string): Pointer | undefined {
  return locateParts(root, pathOf(path));
}

export function locateParts(root: Json, parts: readonly string[]): Pointer | undefined {
  const pointer: Pointer = [];
  let value: Json = root;
  for (const part of parts) {
    const step = Array.isArray(value) ? indexOf(value, part) : part;
    const next = step === undefined ? undefined : child(value, step);
    if (step === undefined || next === undefined) return undefined;
    pointer.push(step);
    value = next;
  }
  return pointer;
}

/** The value at a pointer. */
export function valueAt(root: Json, pointer: Pointer): Json | undefined {
  let value: Json | undefined = root;
  for (const step of pointer) value = value === undefined ? undefined : child(value, step);
  return value;
}

/** As RFC 6901 writes it, for a JSON patch. */
export function pointerText(pointer: Pointer): string {
  return pointer.map(step => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Whether one is the other, or lies inside of it. */
export function overlaps(one: Pointer, other: Pointer): boolean {
  const length = Math.min(one.length, other.length);
  return one.slice(0, length).every((step, index) => step === other[index]);
}

function child(value: Json, step: string | number): Json | undefined {
  if (typeof step === 'number') return Array.isArray(value) ? value[step] : undefined;
  return isMap(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

function indexOf(list: Json[], part: string): number | undefined {
  if (/^\d+$/.test(part)) return Number(part) < list.length ? Number(part) : undefined;
  const keys = keysOf(part);
  const exact = list.flatMap((item, index) => (fits(item, keys, false) ? [index] : []));
  const found =
    exact.length > 0 ? exact : list.flatMap((item, index) => (fits(item, keys, true) ? [index] : []));
  return found.length === 1 ? found[0] : undefined;
}

/** `containerPort=80,protocol=TCP` as its keys and values; a comma inside of a value is no border. */
function keysOf(part: string): [string, string][] {
  return part.split(/,(?=[A-Za-z][A-Za-z0-9]*=)/).flatMap(pair => {
    const equals = pair.indexOf('=');
    return equals < 1 ? [] : [[pair.slice(0, equals), pair.slice(equals + 1)] as [string, string]];
  });
}

function fits(item: Json, keys: [string, string][], lenient: boolean): boolean {
  if (!isMap(item) || keys.length === 0) return false;
  const present = keys.filter(([key]) => Object.hasOwn(item, key));
  if (present.length === 0 || (!lenient && present.length < keys.length)) return false;
  return present.every(([key, wanted]) => textOf(item[key]) === wanted);
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
