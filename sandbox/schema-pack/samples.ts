import type { Json, JsonObject } from '../../src/json/json.ts';
import type { PackedNode, SchemaPack } from '../../src/validate/pack/pack.ts';

/** A field of a type of the pack, and how to reach it from a kind: names of fields, `[]` for items, `{}` for the values of a map. */
export interface Place {
  apiVersion: string;
  kind: string;
  path: readonly string[];
  /** The type that has the field. */
  schema: string;
  field: string;
  /** Whether the server may insist on the field, and on one of its values. */
  asked: { required: boolean; enum: boolean };
}

/** Fields that the schema never requires, and the server does here and there. */
const neededAnyway: ReadonlySet<string> = new Set(['spec', 'image']);

/** For each type the shortest way to it, and below that each of its fields that the schema requires or gives an enum to. */
export function placesToAsk(pack: SchemaPack): Place[] {
  const places: Place[] = [];
  for (const [schema, { apiVersion, kind, path }] of shortestWays(pack)) {
    const node = pack.schemas[schema];
    for (const [field, child] of Object.entries(node?.properties ?? {})) {
      const required = node?.required?.includes(field) === true || neededAnyway.has(field);
      const place = { apiVersion, kind, path: [...path, field], schema, field };
      if (required || child.enum !== undefined)
        places.push({ ...place, asked: { required, enum: child.enum !== undefined } });
    }
  }
  return places;
}

interface Way {
  apiVersion: string;
  kind: string;
  path: string[];
}

/** Breadth first; what is below status and managedFields belongs to the server and is not looked at. */
function shortestWays(pack: SchemaPack): Map<string, Way> {
  const ways = new Map<string, Way>();
  const queue: { schema: string; way: Way }[] = Object.entries(pack.kinds).flatMap(([apiVersion, kinds]) =>
    Object.entries(kinds).map(([kind, { schema }]) => ({ schema, way: { apiVersion, kind, path: [] } })),
  );
  for (const { schema, way } of queue) {
    if (ways.has(schema)) continue;
    ways.set(schema, way);
    for (const { ref, path } of refsBelow(pack.schemas[schema] ?? {}, []))
      queue.push({ schema: ref, way: { ...way, path: [...way.path, ...path] } });
  }
  return ways;
}

function refsBelow(node: PackedNode, path: readonly string[]): { ref: string; path: string[] }[] {
  if (node.ref !== undefined) return [{ ref: node.ref, path: [...path] }];
  const fields = Object.entries(node.properties ?? {}).filter(
    ([key]) => key !== 'managedFields' && !(key === 'status' && path.length === 0),
  );
  return [
    ...fields.flatMap(([key, child]) => refsBelow(child, [...path, key])),
    ...(node.items === undefined ? [] : refsBelow(node.items, [...path, '[]'])),
    ...(node.values === undefined ? [] : refsBelow(node.values, [...path, '{}'])),
  ];
}

/** The smallest object of a kind that has a field: required fields everywhere, and those on the way. */
export function sampleWith(pack: SchemaPack, place: Place): JsonObject {
  const { apiVersion, kind, path } = place;
  const root = pack.kinds[apiVersion]?.[kind]?.schema ?? '';
  const sample = sampleOf(pack, { ref: root }, path) as JsonObject;
  const metadata = sample['metadata'] as JsonObject | undefined;
  return { ...sample, apiVersion, kind, metadata: { ...metadata, name: 'x1' } };
}

/** The same object with the last field of the path replaced; undefined removes it. */
export function withField(object: JsonObject, path: readonly string[], value: Json | undefined): JsonObject {
  const copy = structuredClone(object);
  let at: Json | undefined = copy;
  for (const step of path.slice(0, -1)) at = stepInto(at, step);
  const last = path.at(-1) ?? '';
  if (value === undefined) delete (at as JsonObject)[last];
  else (at as JsonObject)[last] = value;
  return copy;
}

function stepInto(value: Json | undefined, step: string): Json | undefined {
  if (step === '[]') return (value as Json[])[0];
  return (value as JsonObject)[step === '{}' ? 'x1' : step];
}

/** Values that the server takes where the schema does not say which. */
const fitting: Readonly<Record<string, string>> = {
  'LabelSelectorRequirement.operator': 'Exists',
  'RoleRef.kind': 'ClusterRole',
  'Subject.kind': 'User',
  'HostAlias.ip': '10.0.0.1',
  'SelectableField.jsonPath': '.spec.x1',
};

function sampleOf(pack: SchemaPack, node: PackedNode, path: readonly string[]): Json {
  const own = node.ref === undefined ? node : (pack.schemas[node.ref] ?? {});
  const [step, ...rest] = path;
  if (own.properties !== undefined) {
    const wanted = new Set([...(own.required ?? []), ...(step === undefined ? [] : [step])]);
    // a template says nothing without its spec
    if (own.properties['spec'] !== undefined) wanted.add('spec');
    const type = node.ref?.split('.').at(-1) ?? '';
    return Object.fromEntries(
      [...wanted].map(key => [
        key,
        fitting[`${type}.${key}`] ?? sampleOf(pack, own.properties?.[key] ?? {}, key === step ? rest : []),
      ]),
    );
  }
  if (own.items !== undefined) return [sampleOf(pack, own.items, step === '[]' ? rest : [])];
  if (own.values !== undefined) return { x1: sampleOf(pack, own.values, step === '{}' ? rest : []) };
  return scalarOf(own);
}

function scalarOf({ type, format, enum: allowed }: PackedNode): Json {
  if (allowed?.[0] !== undefined) return allowed[0];
  if (format === 'date-time') return '2026-01-01T00:00:00.000000Z';
  if (format === 'byte') return 'eDE=';
  if (type === 'string') return 'x1';
  if (type === 'boolean') return true;
  if (type === 'object' || type === undefined) return {};
  return 1;
}
