import type { Json, JsonObject } from '../../json/json.ts';
import { isMap } from '../../json/value.ts';
import { type CustomNode, fieldNode } from './node.ts';

/** Counts work; throws when it is too much. */
type Spend = (steps: number) => void;

/**
 * A custom resource as the API server validates it: without nulls where the schema allows none, with the schema's defaults, and
 * without a status that is a subresource. A copy; fields keep their places.
 */
export function effective(
  root: CustomNode,
  object: JsonObject,
  statusIsSubresource: boolean,
  spend: Spend,
): JsonObject {
  const copy = structuredClone(object);
  dropNulls(root, copy);
  if (statusIsSubresource) delete copy['status'];
  fillIn(root, copy, spend);
  return copy;
}

function isLost(node: CustomNode | undefined, value: Json | undefined): boolean {
  return value === null && node !== undefined && !node.nullable;
}

function dropNulls(node: CustomNode | undefined, value: Json): void {
  if (Array.isArray(value)) for (const item of value) dropNulls(node?.items, item);
  if (!isMap(value)) return;
  for (const [key, child] of Object.entries(value)) {
    const own = fieldNode(node, key);
    if (isLost(own, child) && own?.default === undefined) delete value[key];
    else dropNulls(own, child);
  }
}

function fillIn(node: CustomNode | undefined, value: Json, spend: Spend): void {
  if (node === undefined) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      if (isLost(node.items, item)) value[index] = defaultOf(node.items, spend);
      fillIn(node.items, value[index] ?? null, spend);
    }
  } else if (isMap(value)) fillFields(node, value, spend);
}

function fillFields(node: CustomNode, value: JsonObject, spend: Spend): void {
  for (const [key, child] of node.properties) {
    const given = Object.hasOwn(value, key) ? value[key] : undefined;
    if (child.default !== undefined && (given === undefined || isLost(child, given)))
      put(value, key, defaultOf(child, spend));
  }
  for (const key of Object.keys(value)) {
    const own = fieldNode(node, key);
    if (!node.properties.has(key) && isLost(own, value[key])) put(value, key, defaultOf(own, spend));
    fillIn(own, value[key] ?? null, spend);
  }
}

function defaultOf(node: CustomNode | undefined, spend: Spend): Json {
  spend(node?.defaultSize ?? 0);
  return structuredClone(node?.default ?? null);
}

/** `__proto__` is a field like any other. */
function put(object: JsonObject, key: string, value: Json): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}
