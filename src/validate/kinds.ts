import type { Json, JsonObject } from '../json/json.ts';
import { isMap } from '../json/value.ts';
import type { CustomSchema } from './custom/check.ts';
import { customNode } from './custom/node.ts';
import type { SchemaPack } from './pack/pack.ts';

/** How objects of a kind are checked. */
export type Known =
  | { by: 'pack'; schema: string }
  /** By any of several definitions; an undefined one says nothing of its objects. */
  | { by: 'definitions'; schemas: readonly (CustomSchema | undefined)[] };

interface Version {
  apiVersion: string;
  kind: string;
  served: boolean;
  schema: () => CustomSchema | undefined;
}

/** The kinds that can be checked without a cluster: those of the pack and those that CustomResourceDefinitions declare. */
export class KnownKinds {
  readonly #pack: SchemaPack;
  readonly #versions = new Map<string, Version[]>();
  readonly #known = new Map<string, Known | undefined>();

  /** `definitions` are declared objects of any kind; those that define nothing are passed over. */
  constructor(pack: SchemaPack, definitions: Iterable<JsonObject>) {
    this.#pack = pack;
    for (const object of definitions) {
      for (const version of versionsOf(object)) {
        const key = `${version.apiVersion} ${version.kind}`;
        this.#versions.set(key, [...(this.#versions.get(key) ?? []), version]);
      }
    }
  }

  find(apiVersion: string, kind: string): Known | undefined {
    const key = `${apiVersion} ${kind}`;
    if (!this.#known.has(key)) this.#known.set(key, this.#look(apiVersion, kind));
    return this.#known.get(key);
  }

  #look(apiVersion: string, kind: string): Known | undefined {
    const kinds = Object.hasOwn(this.#pack.kinds, apiVersion) ? this.#pack.kinds[apiVersion] : undefined;
    const own = kinds !== undefined && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
    if (own !== undefined) return { by: 'pack', schema: own.schema };
    const versions = (this.#versions.get(`${apiVersion} ${kind}`) ?? []).filter(({ served }) => served);
    return versions.length === 0
      ? undefined
      : { by: 'definitions', schemas: versions.map(({ schema }) => schema()) };
  }

  /** Where else a kind of this name is known, for messages: apiVersions, sorted. */
  elsewhere(kind: string): string[] {
    const built = Object.entries(this.#pack.kinds).flatMap(([apiVersion, kinds]) =>
      Object.hasOwn(kinds, kind) ? [apiVersion] : [],
    );
    const custom = [...this.#versions.values()].flatMap(versions =>
      versions.flatMap(version => (version.served && version.kind === kind ? [version.apiVersion] : [])),
    );
    return [...new Set([...built, ...custom])].sort();
  }
}

/** Whether an object defines custom resources. */
export function isDefinition(object: JsonObject): boolean {
  return (
    object['kind'] === 'CustomResourceDefinition' &&
    /^apiextensions\.k8s\.io\//.test(String(object['apiVersion']))
  );
}

function versionsOf(object: JsonObject): Version[] {
  if (!isDefinition(object)) return [];
  const spec = mapOf(object['spec']);
  const group = spec['group'];
  const kind = mapOf(spec['names'])['kind'];
  if (typeof group !== 'string' || typeof kind !== 'string') return [];
  // what no server since 1.22 takes still says which kinds there are
  const current = object['apiVersion'] === 'apiextensions.k8s.io/v1';
  const listed = Array.isArray(spec['versions']) ? spec['versions'].map(mapOf) : [];
  const versions =
    listed.length === 0 && !current ? [{ name: spec['version'] ?? null, served: true }] : listed;
  return versions.flatMap(version => {
    const { name, served } = version;
    if (typeof name !== 'string') return [];
    return [
      {
        apiVersion: `${group}/${name}`,
        kind,
        served: served === true,
        schema: () => (current ? schemaOf(version) : undefined),
      },
    ];
  });
}

function schemaOf(version: JsonObject): CustomSchema | undefined {
  const schema = mapOf(version['schema'])['openAPIV3Schema'];
  if (!isMap(schema)) return undefined;
  return { root: customNode(schema), statusIsSubresource: isMap(mapOf(version['subresources'])['status']) };
}

function mapOf(value: Json | undefined): JsonObject {
  return isMap(value) ? value : {};
}
