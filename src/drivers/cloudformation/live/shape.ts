import type { Json, JsonObject } from '../../../json/json.ts';
import { isMap } from '../../../json/value.ts';

/** What a resource type's schema says that matters for a comparison. Paths are keys joined by dots, `*` for any item or key. */
export interface TypeShape {
  type: string;
  /** Set by AWS: never compared, never more than what is declared. */
  readOnly: Paths;
  /** Never given back. */
  writeOnly: Paths;
  createOnly: Paths;
  /** Values that AWS transforms before it gives them back, in ways that the schema has a program for. */
  transformed: Paths;
  /** Lists whose order means nothing to AWS. */
  unordered: Paths;
  /** Maps whose keys the author chooses. */
  freeForm: Paths;
  defaults: ReadonlyMap<string, Json>;
}

/** Paths of a schema, in which `*` stands for any one step. */
export class Paths {
  readonly #exact = new Set<string>();

  constructor(paths: Iterable<string>) {
    for (const path of paths) this.#exact.add(path);
  }

  /** Whether the path, in which items of lists are `*`, is one of these or below one. */
  covers(path: readonly string[]): boolean {
    for (let end = path.length; end > 0; end--) if (this.has(path.slice(0, end))) return true;
    return false;
  }

  has(path: readonly string[]): boolean {
    if (this.#exact.size === 0) return false;
    if (this.#exact.has(path.join('.'))) return true;
    for (const pattern of this.#exact) {
      if (!pattern.includes('*')) continue;
      const steps = pattern.split('.');
      if (steps.length === path.length && steps.every((step, at) => step === '*' || step === path[at]))
        return true;
    }
    return false;
  }
}

/** A shape that knows nothing of a type but its name: for types without a schema. */
export function unknownShape(type: string): TypeShape {
  const none = new Paths([]);
  return {
    type,
    readOnly: none,
    writeOnly: none,
    createOnly: none,
    transformed: none,
    unordered: none,
    freeForm: none,
    defaults: new Map(),
  };
}

/**
 * The shape of a type from its registry schema, the JSON text that `DescribeType` gives. Source: the meta-schema
 * `provider.definition.schema.v1` of CloudFormation. What is not understood in it is left out.
 */
export function shapeOfSchema(type: string, schema: JsonObject): TypeShape {
  const named = (key: string) => new Paths(pointers(schema[key]));
  const walked = walkProperties(schema);
  return {
    type,
    readOnly: named('readOnlyProperties'),
    writeOnly: named('writeOnlyProperties'),
    createOnly: new Paths([
      ...pointers(schema['createOnlyProperties']),
      ...pointers(schema['conditionalCreateOnlyProperties']),
    ]),
    transformed: new Paths(
      isMap(schema['propertyTransform']) ? Object.keys(schema['propertyTransform']).map(pathOfPointer) : [],
    ),
    unordered: new Paths(walked.unordered),
    freeForm: new Paths(walked.freeForm),
    defaults: walked.defaults,
  };
}

function pointers(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter(one => typeof one === 'string').map(pathOfPointer) : [];
}

/** `/properties/Rules/*​/Name` is `Rules.*.Name`. */
function pathOfPointer(pointer: string): string {
  return pointer
    .split('/')
    .filter(step => step !== '' && step !== 'properties' && step !== 'items')
    .join('.');
}

interface Walked {
  unordered: string[];
  freeForm: string[];
  defaults: Map<string, Json>;
}

/** Schemas may refer to themselves. */
const deepest = 12;

function walkProperties(schema: JsonObject): Walked {
  const walked: Walked = { unordered: [], freeForm: [], defaults: new Map() };
  const definitions = isMap(schema['definitions']) ? schema['definitions'] : {};
  const visit = (raw: Json | undefined, path: string[]): void => {
    if (path.length > deepest || !isMap(raw)) return;
    const node = resolved(raw, definitions);
    if (path.length > 0) note(node, path.join('.'), walked);
    for (const [step, child] of childrenOf(node)) visit(child, [...path, step]);
  };
  visit({ properties: schema['properties'] ?? {} }, []);
  return walked;
}

function resolved(node: JsonObject, definitions: JsonObject): JsonObject {
  const reference = node['$ref'];
  if (typeof reference !== 'string') return node;
  const found = definitions[reference.slice('#/definitions/'.length)];
  return isMap(found) ? { ...found, ...node } : node;
}

function childrenOf(node: JsonObject): [string, Json][] {
  const properties = isMap(node['properties']) ? Object.entries(node['properties']) : [];
  const patterns = isMap(node['patternProperties']) ? Object.values(node['patternProperties']) : [];
  const items = node['items'] === undefined ? [] : [node['items']];
  return [...properties, ...[...patterns, ...items].map((child): [string, Json] => ['*', child])];
}

function note(node: JsonObject, path: string, walked: Walked): void {
  if (node['default'] !== undefined) walked.defaults.set(path, node['default']);
  if (node['insertionOrder'] === false) walked.unordered.push(path);
  if (!isMap(node['properties']) && (node['patternProperties'] !== undefined || isOpenMap(node)))
    walked.freeForm.push(path);
}

function isOpenMap(node: JsonObject): boolean {
  return node['type'] === 'object' && node['additionalProperties'] !== false;
}
