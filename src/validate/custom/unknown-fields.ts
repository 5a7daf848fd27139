import type { Json, JsonObject } from '../../json/json.ts';
import { isMap } from '../../json/value.ts';
import { addUnknown } from '../built-in.ts';
import type { Findings } from '../problem.ts';
import type { CustomNode } from './node.ts';

const bookkeeping: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** The fields that the API server would drop ("prune") from a custom resource: strict field validation warns of each. */
export function checkUnknownFields(root: CustomNode, object: JsonObject, found: Findings): void {
  prune({ ...root, embedded: true }, object, found);
}

function prune(node: CustomNode | undefined, value: Json, found: Findings): void {
  if (node?.open === true) {
    descend(node, value, found);
    return;
  }
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) found.at(index, () => prune(node?.items, item, found));
    return;
  }
  if (!isMap(value)) return;
  for (const [key, child] of Object.entries(value)) {
    if (node?.embedded === true && bookkeeping.has(key)) continue;
    const known = node?.properties.get(key);
    if (known === undefined && node?.values === undefined) {
      addUnknown(found, key, [...(node?.properties.keys() ?? [])]);
    } else found.at(key, () => prune(known ?? valuesOf(node), child, found));
  }
}

/** Below `x-kubernetes-preserve-unknown-fields`: what is specified is pruned all the same. */
function descend(node: CustomNode | undefined, value: Json, found: Findings): void {
  if (node === undefined) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) found.at(index, () => descend(node.items, item, found));
    return;
  }
  if (!isMap(value)) return;
  for (const [key, child] of Object.entries(value)) {
    if (node.embedded && bookkeeping.has(key)) continue;
    const known = node.properties.get(key);
    if (known !== undefined || node.values !== undefined)
      found.at(key, () => prune(known ?? valuesOf(node), child, found));
  }
}

function valuesOf(node: CustomNode | undefined): CustomNode | undefined {
  return node?.values === 'any' ? undefined : node?.values;
}
