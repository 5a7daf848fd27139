import { shapeOf } from '../cluster/openapi.ts';
import type { Shape } from '../compare/keyed.ts';
import type { JsonObject } from '../json/json.ts';
import { isMap } from '../json/value.ts';
import { type PackedNode, type SchemaPack, shippedPack } from '../validate/pack/pack.ts';

/** What is known of a kind without a cluster. */
export interface KnownKind {
  namespaced: boolean;
  shape: Shape | undefined;
}

/** Shapes of built-in kinds from the shipped schemas, and of custom kinds from the CustomResourceDefinitions given. */
export class OfflineKinds {
  readonly #custom = new Map<string, KnownKind>();
  readonly #pack: SchemaPack;

  constructor(definitions: Iterable<JsonObject>, pack = shippedPack()) {
    this.#pack = pack;
    for (const definition of definitions)
      for (const [key, known] of definedBy(definition)) this.#custom.set(key, known);
  }

  /** Undefined for a kind that is known nowhere. */
  find(apiVersion: string, kind: string): KnownKind | undefined {
    const kinds = Object.hasOwn(this.#pack.kinds, apiVersion) ? this.#pack.kinds[apiVersion] : undefined;
    const own = kinds !== undefined && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
    if (own === undefined) return this.#custom.get(`${apiVersion} ${kind}`);
    return { namespaced: own.namespaced, shape: packedShape(this.#pack.schemas[own.schema], this.#pack) };
  }
}

function packedShape(node: PackedNode | undefined, pack: SchemaPack): Shape | undefined {
  if (node === undefined) return undefined;
  const own: PackedNode = node.ref === undefined ? node : { ...pack.schemas[node.ref], ...node };
  return {
    child(key) {
      const known =
        own.properties !== undefined && Object.hasOwn(own.properties, key) ? own.properties[key] : undefined;
      return packedShape(known ?? own.values, pack);
    },
    item: () => packedShape(own.items, pack),
    mergeKeys: own.keys,
    default: own.default,
  };
}

function* definedBy(definition: JsonObject): Generator<[string, KnownKind]> {
  const spec = isMap(definition['spec']) ? definition['spec'] : {};
  const kind = isMap(spec['names']) ? spec['names']['kind'] : undefined;
  const versions = Array.isArray(spec['versions']) ? spec['versions'] : [];
  for (const version of versions) {
    if (!isMap(version)) continue;
    const schema = isMap(version['schema']) ? version['schema']['openAPIV3Schema'] : undefined;
    yield [
      `${spec['group']}/${version['name']} ${kind}`,
      {
        namespaced: spec['scope'] === 'Namespaced',
        shape: isMap(schema) ? shapeOf(schema, {}) : undefined,
      },
    ];
  }
}
