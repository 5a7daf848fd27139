import type { Json, JsonObject } from '../../../declared/declaration.ts';
import { isObject, listAt, objectAt } from './json.ts';

/**
 * The leaves that a manager applied (`operation: Apply`, not through a subresource), from managedFields, as the parts of a
 * path: a list item by its merge key, `containerPort=80,protocol=TCP`. A list of plain values counts as one leaf.
 */
export function appliedLeaves(object: JsonObject, manager: string): string[][] {
  return listAt(object['metadata'], 'managedFields').flatMap(entry => {
    if (!isObject(entry) || entry['manager'] !== manager || entry['operation'] !== 'Apply') return [];
    if (entry['subresource'] !== undefined && entry['subresource'] !== '') return [];
    return leaves(objectAt(entry, 'fieldsV1'), []);
  });
}

function leaves(fields: JsonObject, path: string[]): string[][] {
  const children = Object.entries(fields).flatMap(([key, value]) => {
    const part = partOf(key);
    return part === undefined ? [] : leaves(isObject(value) ? value : {}, [...path, part]);
  });
  return children.length > 0 || path.length === 0 ? children : [path];
}

/** `f:name` and `k:{…}`; the mark of an item itself (`.`) and members of a set (`v:`) are no parts of their own. */
function partOf(key: string): string | undefined {
  if (key.startsWith('f:')) return key.slice(2);
  if (!key.startsWith('k:')) return undefined;
  try {
    const keys: Json = JSON.parse(key.slice(2));
    if (!isObject(keys)) return undefined;
    return Object.entries(keys)
      .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join(',');
  } catch {
    return undefined;
  }
}
