import type { Json } from '../../json/json.ts';
import { isMap, pathOf, valueAt } from '../../json/value.ts';

/** A values.schema.json, and the keys under which the chart that has it stands. */
export interface ScopedSchema {
  scope: readonly string[];
  schema: Json;
}

/** A hostile schema may refer to itself in many ways. */
const mostNodes = 200;

/**
 * Whether a schema marks the value at a path, or a map around it, as secret: `writeOnly`, or `format: password`. It follows
 * properties, items, references inside of the schema, and all that combines schemas. Globals belong to every chart.
 */
export function isMarked({ scope, schema }: ScopedSchema, path: readonly string[]): boolean {
  const inside = scope.every((key, depth) => path[depth] === key);
  if (!inside && path[0] !== 'global') return false;
  let nodes = whole(schema, [schema]);
  for (const key of inside ? path.slice(scope.length) : path) {
    if (nodes.some(saysSecret)) return true;
    nodes = whole(
      schema,
      nodes.flatMap(node => below(node, key)),
    );
  }
  return nodes.some(saysSecret);
}

function saysSecret(node: Json): boolean {
  return isMap(node) && (node['writeOnly'] === true || node['format'] === 'password');
}

/** The nodes with those that they refer to or are combined of. */
function whole(root: Json, nodes: readonly Json[]): Json[] {
  const found = new Set(nodes);
  for (const node of found) {
    if (!isMap(node)) continue;
    const reference = node['$ref'];
    const parts = ['allOf', 'anyOf', 'oneOf'].flatMap(key => {
      const list = node[key];
      return Array.isArray(list) ? list : [];
    });
    const conditional = ['if', 'then', 'else'].flatMap(key => node[key] ?? []);
    const target =
      typeof reference === 'string' && reference.startsWith('#')
        ? valueAt(root, pathOf(reference.slice(1)))
        : undefined;
    for (const each of [...parts, ...conditional, ...(target === undefined ? [] : [target])])
      if (found.size < mostNodes) found.add(each);
  }
  return [...found];
}

function below(node: Json, key: string): Json[] {
  if (!isMap(node)) return [];
  const properties = node['properties'];
  if (isMap(properties) && Object.hasOwn(properties, key)) return [properties[key] ?? null];
  const patterns = isMap(node['patternProperties']) ? Object.values(node['patternProperties']) : [];
  const others = /^\d+$/.test(key)
    ? [node['items'], node['additionalProperties']]
    : [node['additionalProperties']];
  // a pattern is not tried, for it is from outside: all that it may speak of is taken to be meant
  return [...patterns, ...others].filter(each => each !== undefined);
}
