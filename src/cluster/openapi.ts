import { z } from 'zod';
import type { Shape } from '../compare/keyed.ts';
import type { Json, JsonObject } from '../json/json.ts';
import { isMap } from '../json/value.ts';
import type { Cluster } from './cluster.ts';
import { ApiFailure } from './failures.ts';
import { splitApiVersion } from './kind.ts';
import { jsonObjectSchema } from './schema.ts';

const indexSchema = z.object({ paths: z.record(z.string(), z.object({ serverRelativeURL: z.string() })) });
const documentSchema = z.object({
  components: z.object({ schemas: z.record(z.string(), jsonObjectSchema).default({}) }).prefault({}),
});

/** The schema of one kind. */
export interface KindSchema {
  shape: Shape;
  /** A custom resource: its declared defaults are what the server fills in. Those of built-in kinds often are not. */
  custom: boolean;
}

/**
 * The server's OpenAPI v3: one small index with a hash per group and version, and documents that are loaded only when a kind
 * of theirs is asked for. A document that cannot be had means that nothing is known of its kinds.
 */
export class Schemas {
  readonly #cluster: Cluster;
  readonly #documents = new Map<string, Promise<Map<string, KindSchema>>>();
  readonly #listeners = new Set<(changed: ReadonlySet<string>) => void>();
  #paths = new Map<string, string>();
  #begun: Promise<void> | undefined;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Tells of the apiVersions whose schema is new, changed or gone, whoever asked for the refresh. Returns how to stop. */
  onChange(listener: (changed: ReadonlySet<string>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Begins to read the index; the first `refresh` waits for that one, and tells what went wrong with it. */
  begin(): void {
    this.#begun = this.#refresh();
    this.#begun.catch(() => undefined);
  }

  /** Reads the index anew. A server that does not give it, or not to us, leaves what was known. Throws HF1301 and HF1302. */
  async refresh(signal?: AbortSignal): Promise<void> {
    const begun = this.#begun;
    this.#begun = undefined;
    await (begun ?? this.#refresh(signal));
  }

  async #refresh(signal?: AbortSignal): Promise<void> {
    const body = await this.#readIndex(signal);
    if (body === undefined) return;
    const index = indexSchema.safeParse(body);
    const paths = new Map<string, string>();
    for (const [path, { serverRelativeURL }] of Object.entries(index.success ? index.data.paths : {})) {
      const apiVersion = path.replace(/^(api|apis)\//, '');
      if (serverRelativeURL.startsWith('/openapi/v3/')) paths.set(apiVersion, serverRelativeURL);
    }
    const changed = new Set(
      [...paths.keys(), ...this.#paths.keys()].filter(
        apiVersion => paths.get(apiVersion) !== this.#paths.get(apiVersion),
      ),
    );
    for (const apiVersion of changed) this.#documents.delete(apiVersion);
    const first = this.#paths.size === 0;
    this.#paths = paths;
    if (changed.size === 0) return;
    if (!first) this.#cluster.forgetKinds();
    for (const listener of this.#listeners) listener(changed);
  }

  async #readIndex(signal: AbortSignal | undefined): Promise<unknown> {
    try {
      const asked = { verb: 'get', resource: 'the OpenAPI index' };
      return (await this.#cluster.call({ path: '/openapi/v3', signal, asked })).body;
    } catch (error) {
      if (error instanceof ApiFailure) return undefined;
      throw error;
    }
  }

  /** Whether the index was never read. */
  get isEmpty(): boolean {
    return this.#paths.size === 0;
  }

  /** Differs when the schema of a group and version differs. Empty where the server does not tell. */
  hash(apiVersion: string): string {
    return this.#paths.get(apiVersion) ?? '';
  }

  async of(apiVersion: string, kind: string): Promise<KindSchema | undefined> {
    let document = this.#documents.get(apiVersion);
    if (document === undefined) {
      document = this.#load(apiVersion);
      this.#documents.set(apiVersion, document);
    }
    return (await document).get(kind);
  }

  async #load(apiVersion: string): Promise<Map<string, KindSchema>> {
    const location = this.#paths.get(apiVersion);
    if (location === undefined) return new Map();
    const url = new URL(location, 'http://server');
    try {
      const response = await this.#cluster.call({
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        asked: { verb: 'get', resource: `the schema of ${apiVersion}` },
      });
      return kindsOf(documentSchema.parse(response.body).components.schemas, apiVersion);
    } catch {
      // without a schema everything goes to the server and list items are addressed by index
      this.#documents.delete(apiVersion);
      return new Map();
    }
  }
}

const builtIn = /^io\.k8s\.(api|kube-aggregator|apiextensions-apiserver|apimachinery)\./;

/** The kinds of one OpenAPI document; exported for tests. */
export function kindsOf(
  schemas: Readonly<Record<string, JsonObject>>,
  apiVersion: string,
): Map<string, KindSchema> {
  const { group, version } = splitApiVersion(apiVersion);
  const found = new Map<string, KindSchema>();
  for (const [name, schema] of Object.entries(schemas)) {
    const kinds = schema['x-kubernetes-group-version-kind'];
    if (!Array.isArray(kinds)) continue;
    for (const each of kinds) {
      if (!isMap(each) || each['group'] !== group || each['version'] !== version) continue;
      found.set(String(each['kind']), { shape: shapeOf(schema, schemas), custom: !builtIn.test(name) });
    }
  }
  return found;
}

/** What an OpenAPI schema says of merge keys and defaults; `schemas` are those that it may refer to. */
export function shapeOf(schema: JsonObject, schemas: Readonly<Record<string, JsonObject>>): Shape {
  const own = resolved(schema, schemas);
  const at = (node: Json | undefined) => (isMap(node) ? shapeOf(node, schemas) : undefined);
  const keys = own['x-kubernetes-list-map-keys'];
  return {
    child(key) {
      const properties = own['properties'];
      const known = isMap(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined;
      return at(known ?? own['additionalProperties']);
    },
    item: () => at(own['items']),
    mergeKeys: own['x-kubernetes-list-type'] === 'map' && Array.isArray(keys) ? keys.map(String) : undefined,
    set: own['x-kubernetes-list-type'] === 'set',
    default: own['default'],
  };
}

/** A schema with what it refers to: `{default, allOf: [{$ref}]}` as built-in kinds have it. */
function resolved(schema: JsonObject, schemas: Readonly<Record<string, JsonObject>>): JsonObject {
  const all = schema['allOf'];
  const refs = [schema, ...(Array.isArray(all) ? all.filter(isMap) : [])];
  const parts = refs.flatMap(({ $ref }) => {
    const name = typeof $ref === 'string' ? $ref.replace('#/components/schemas/', '') : undefined;
    const found = name === undefined ? undefined : schemas[name];
    return found === undefined ? [] : [found];
  });
  return parts.length === 0 ? schema : Object.assign({}, ...parts, schema);
}
