import { z } from 'zod';
import type { Json, JsonObject } from '../../json/json.ts';
import { isMap } from '../../json/value.ts';
import type { PackedNode, SchemaPack } from './pack.ts';

/** What the API server says of itself: its version, what it serves, and the OpenAPI v3 document of each group and version. */
export interface ServerSchemas {
  /** `1.34`. */
  version: string;
  /** Kinds that objects can be made of, with the apiVersion. */
  kinds: readonly { apiVersion: string; kind: string; namespaced: boolean }[];
  documents: readonly unknown[];
}

const documentSchema = z.object({
  components: z
    .object({ schemas: z.record(z.string(), z.record(z.string(), z.json())).default({}) })
    .prefault({}),
});

const gvkSchema = z.array(z.object({ group: z.string(), version: z.string(), kind: z.string() }));

/**
 * The schema pack of a server: of each kind what checking needs, without descriptions, defaults that are no more than Go's zero
 * values, and definitions that no kind refers to. Equal answers give equal bytes.
 */
export function reduceSchemas(server: ServerSchemas): SchemaPack {
  const all = new Map<string, JsonObject>();
  for (const document of server.documents) {
    const { schemas } = documentSchema.parse(document).components;
    for (const [name, schema] of Object.entries(schemas)) all.set(name, schema as JsonObject);
  }
  const roots = rootNames(all);
  const kinds: SchemaPack['kinds'] = {};
  for (const { apiVersion, kind, namespaced } of [...server.kinds].sort(byKind)) {
    const name = roots.get(`${apiVersion} ${kind}`);
    if (name === undefined) throw new Error(`the server has no schema for ${apiVersion} ${kind}`);
    kinds[apiVersion] = { ...kinds[apiVersion], [kind]: { schema: name, namespaced } };
  }
  const wanted = Object.values(kinds).flatMap(each => Object.values(each).map(({ schema }) => schema));
  const schemas: SchemaPack['schemas'] = {};
  for (const name of reached(wanted, all)) schemas[name] = reduceNode(all.get(name) ?? {});
  return { version: server.version, kinds, schemas };
}

function byKind(a: { apiVersion: string; kind: string }, b: { apiVersion: string; kind: string }): number {
  const [left, right] = [`${a.apiVersion} ${a.kind}`, `${b.apiVersion} ${b.kind}`];
  return left < right ? -1 : left > right ? 1 : 0;
}

function rootNames(all: ReadonlyMap<string, JsonObject>): Map<string, string> {
  const roots = new Map<string, string>();
  for (const [name, schema] of all) {
    const kinds = gvkSchema.safeParse(schema['x-kubernetes-group-version-kind']);
    // types that belong to every group, such as DeleteOptions, are no kinds of objects
    if (!kinds.success || kinds.data.length !== 1) continue;
    for (const { group, version, kind } of kinds.data)
      roots.set(`${group === '' ? version : `${group}/${version}`} ${kind}`, name);
  }
  return roots;
}

/** The names that can be reached, sorted. */
function reached(names: readonly string[], all: ReadonlyMap<string, JsonObject>): string[] {
  const found = new Set<string>();
  const visit = (value: Json | undefined): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    if (!isMap(value)) return;
    const name = referred(value);
    if (name !== undefined) add(name);
    for (const child of Object.values(value)) visit(child);
  };
  const add = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    visit(all.get(name));
  };
  for (const name of names) add(name);
  return [...found].sort();
}

function referred({ $ref }: JsonObject): string | undefined {
  return typeof $ref === 'string' ? $ref.replace('#/components/schemas/', '') : undefined;
}

function reduceNode(schema: JsonObject): PackedNode {
  const all = schema['allOf'];
  const ref = referred(schema) ?? (Array.isArray(all) && isMap(all[0]) ? referred(all[0]) : undefined);
  const node: PackedNode = ref === undefined ? ownPart(schema) : { ref };
  const given = schema['default'];
  if ((typeof given === 'string' && given !== '') || (typeof given === 'number' && given !== 0))
    node.default = given;
  return node;
}

function ownPart(schema: JsonObject): PackedNode {
  const { type, format, properties, items, additionalProperties, required } = schema;
  const node: PackedNode = {};
  const alternatives = schema['oneOf'];
  if (typeof type === 'string') node.type = type;
  // a quantity is the one type that is a string or a number
  else if (Array.isArray(alternatives)) node.type = format === 'int-or-string' ? format : 'quantity';
  if (typeof format === 'string' && format !== 'int-or-string') node.format = format;
  if (isMap(properties)) {
    node.properties = {};
    for (const key of Object.keys(properties).sort())
      node.properties[key] = reduceNode(mapOf(properties[key]));
  }
  if (isMap(items)) node.items = reduceNode(items);
  if (isMap(additionalProperties)) node.values = reduceNode(additionalProperties);
  if (Array.isArray(required)) node.required = required.map(String).sort();
  if (Array.isArray(schema['enum'])) node.enum = schema['enum'].map(String);
  const keys = schema['x-kubernetes-list-map-keys'];
  if (schema['x-kubernetes-list-type'] === 'map' && Array.isArray(keys)) node.keys = keys.map(String);
  if (schema['x-kubernetes-list-type'] === 'set') node.set = true;
  return node;
}

function mapOf(value: Json | undefined): JsonObject {
  return isMap(value) ? value : {};
}
