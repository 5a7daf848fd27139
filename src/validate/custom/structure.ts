import { canonical } from '../../declared/hash.ts';
import type { Json, JsonObject } from '../../json/json.ts';
import { isMap } from '../../json/value.ts';
import { type Findings, has, shown } from '../problem.ts';
import { type CustomNode, fieldNode } from './node.ts';

/** Checks the metadata of an embedded object at the present place. */
export type MetadataCheck = (metadata: Json) => void;

/** What the extensions ask of a custom resource: lists that do not repeat an item or a key, embedded objects that have a kind. */
export function checkStructure(
  root: CustomNode,
  object: JsonObject,
  found: Findings,
  metadata: MetadataCheck,
): void {
  visit({ ...root, embedded: false }, object, found, metadata);
}

function visit(node: CustomNode | undefined, value: Json, found: Findings, metadata: MetadataCheck): void {
  if (node === undefined) return;
  if (Array.isArray(value)) {
    if (node.listType === 'set') repeated(value.map(canonical), value, found);
    if (node.listType === 'map') keyed(node, value, found);
    for (const [index, item] of value.entries())
      found.at(index, () => visit(node.items, item, found, metadata));
    return;
  }
  if (!isMap(value)) return;
  if (node.embedded) embeddedObject(value, found, metadata);
  for (const [key, child] of Object.entries(value)) {
    if (child !== null && typeof child === 'object')
      found.at(key, () => visit(fieldNode(node, key), child, found, metadata));
  }
}

function keyed({ listKeys }: CustomNode, value: readonly Json[], found: Findings): void {
  const wrong = value.findIndex(item => item !== null && !isMap(item));
  if (wrong !== -1) {
    found.add(
      'it must be an object, since the items of the list are told apart by their fields',
      String(wrong),
    );
    return;
  }
  const keys = value.map(item => {
    const own = isMap(item) ? item : {};
    return canonical(
      Object.fromEntries(listKeys.filter(key => has(own, key)).map(key => [key, own[key] ?? null])),
    );
  });
  repeated(keys, value, found, listKeys);
}

function repeated(
  keys: readonly string[],
  items: readonly Json[],
  found: Findings,
  fields?: readonly string[],
): void {
  const seen = new Map<string, number>();
  for (const [index, key] of keys.entries()) {
    found.spend(1);
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    if (count !== 2) continue;
    const what = found.hidden
      ? 'it'
      : fields === undefined
        ? shown(items[index])
        : named(items[index], fields);
    found.add(`${what} is there twice`, String(index));
  }
}

function named(item: Json | undefined, fields: readonly string[]): string {
  const own = isMap(item) ? item : {};
  return fields.map(key => `${key}=${typeof own[key] === 'string' ? own[key] : shown(own[key])}`).join(',');
}

function embeddedObject(value: JsonObject, found: Findings, metadata: MetadataCheck): void {
  for (const key of ['apiVersion', 'kind']) {
    const given = value[key];
    if (given === undefined) found.add(`the required field ${key} is missing`);
    else if (typeof given !== 'string' || given === '')
      found.add('it must be a string that is not empty', key);
  }
  if (value['metadata'] !== undefined) found.at('metadata', () => metadata(value['metadata'] ?? null));
}
