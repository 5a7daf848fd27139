import { startControlPlane } from '../../../sandbox/control-plane/start.ts';
import { Connection } from '../../../src/cluster/connection.ts';
import { discover, type Kinds } from '../../../src/cluster/discovery.ts';
import { collectionPath, objectPath } from '../../../src/cluster/kind.ts';
import type { JsonObject } from '../../../src/json/json.ts';
import { isMap } from '../../../src/json/value.ts';
import { waitUntil } from '../../real/support/wait-until.ts';

/** What the API server says of an object: taken, refused and why, or of a kind that it does not serve. */
export type Word = { is: 'taken' } | { is: 'refused'; why: string } | { is: 'not-served' };

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** A control plane of its own, asked with strict field validation. Nothing is kept but definitions. */
export class StrictServer {
  readonly #connection: Connection;
  readonly #stop: () => Promise<void>;
  #kinds: Kinds;
  /** The definitions that are on the server, by name. */
  readonly #defined = new Map<string, JsonObject>();

  private constructor(connection: Connection, stop: () => Promise<void>, kinds: Kinds) {
    this.#connection = connection;
    this.#stop = stop;
    this.#kinds = kinds;
  }

  static async start(): Promise<StrictServer> {
    const controlPlane = await startControlPlane({ controllers: false });
    const connection = await Connection.open({ kubeconfig: controlPlane.kubeconfig });
    const stop = async () => {
      connection.close();
      await controlPlane.stop();
    };
    return new StrictServer(connection, stop, await discover(connection));
  }

  close(): Promise<void> {
    return this.#stop();
  }

  /** Creates definitions until their kinds are served, the first of each name that is taken. Returns all that are there. */
  async define(objects: readonly JsonObject[]): Promise<JsonObject[]> {
    for (const object of objects) {
      const name = nameOf(object);
      if (this.#defined.has(name) || object['apiVersion'] !== 'apiextensions.k8s.io/v1') continue;
      const { status } = await this.#connection.request({ method: 'POST', path: definitions, body: object });
      if (status < 300) this.#defined.set(name, object);
    }
    await waitUntil('the definitions to be served', () => this.#areServed(), 60_000);
    return [...this.#defined.values()];
  }

  async #areServed(): Promise<boolean> {
    this.#kinds = await discover(this.#connection);
    const { body } = await this.#connection.request({ path: definitions });
    return (body as { items: JsonObject[] }).items.every(item => {
      const {
        group,
        names: own,
        versions,
      } = item['spec'] as {
        group: string;
        names: { kind: string };
        versions: { name: string; served: boolean }[];
      };
      const { conditions = [] } = (item['status'] ?? {}) as {
        conditions?: { type: string; status: string }[];
      };
      if (conditions.some(({ type, status }) => type === 'NamesAccepted' && status === 'False')) return true;
      return versions.every(({ name, served }) => !served || this.#kinds.find(`${group}/${name}`, own.kind));
    });
  }

  /** Creates an object as a dry run, in a namespace that exists. */
  async create(object: JsonObject): Promise<Word> {
    const kind = this.#kinds.find(String(object['apiVersion']), String(object['kind']));
    if (kind === undefined) return { is: 'not-served' };
    const query = { dryRun: 'All', fieldValidation: 'Strict' };
    const body = placed(object, kind.namespaced);
    return this.#word({ method: 'POST', path: collectionPath(kind, 'default'), query, body });
  }

  /** Applies an object server-side as a dry run: what Holdfast does. */
  async apply(object: JsonObject): Promise<Word> {
    const kind = this.#kinds.find(String(object['apiVersion']), String(object['kind']));
    if (kind === undefined) return { is: 'not-served' };
    const query = { dryRun: 'All', fieldValidation: 'Strict', fieldManager: 'holdfast', force: true };
    const body = placed(object, kind.namespaced);
    const path = objectPath(kind, 'default', nameOf(object));
    return this.#word({ method: 'PATCH', path, query, body, contentType: 'application/apply-patch+yaml' });
  }

  async #word(request: Parameters<Connection['request']>[0]): Promise<Word> {
    const { status, body } = await this.#connection.request(request);
    // what is there already was found to be valid first
    if (status < 300 || status === 409) return { is: 'taken' };
    const { message } = body as { message?: string };
    return { is: 'refused', why: `${status} ${String(message).slice(0, 500)}` };
  }
}

function nameOf(object: JsonObject): string {
  return isMap(object['metadata']) ? String(object['metadata']['name']) : '';
}

function placed(object: JsonObject, namespaced: boolean): JsonObject {
  if (!isMap(object['metadata'])) return object;
  const { namespace: _, ...metadata } = object['metadata'];
  return { ...object, metadata: namespaced ? { ...metadata, namespace: 'default' } : metadata };
}
