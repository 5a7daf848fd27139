import { setTimeout as sleep } from 'node:timers/promises';
import { Limit } from '../concurrency/limit.ts';
import { Failure } from '../failure/failure.ts';
import type { JsonObject } from '../json/json.ts';
import type { ApiRequest, ApiResponse, Connection } from './connection.ts';
import { discover, type Kinds } from './discovery.ts';
import { ApiFailure, type Asked, apiFailure } from './failures.ts';
import { collectionPath, type Kind, objectPath, resourceName } from './kind.ts';
import { liveObjectSchema } from './schema.ts';

/** The name under which Holdfast applies and dry-runs. */
export const fieldManager = 'holdfast';

export interface WriteOptions {
  /** True: the server only says what it would do. There is no default, so that no caller writes by accident. */
  dryRun: boolean;
  signal?: AbortSignal | undefined;
}

/** Which object is meant. `namespace` counts only for a namespaced kind. */
export interface Target {
  kind: Kind;
  namespace?: string | undefined;
  name: string;
}

interface Call extends ApiRequest {
  asked: Asked;
}

/**
 * Requests for single objects, with the server's refusals as ApiFailure. Requests in flight are bounded; 429 and 5xx are
 * tried again a few times, as the server's Retry-After asks, before they become HF1308.
 */
export class Cluster {
  readonly connection: Connection;
  readonly #limit: Limit;
  #kinds: Promise<Kinds> | undefined;

  constructor(connection: Connection, options: { inFlight?: number } = {}) {
    this.connection = connection;
    this.#limit = new Limit(options.inFlight ?? 32);
  }

  /** What the server serves; asked once, and again after `forgetKinds`. */
  kinds(): Promise<Kinds> {
    if (this.#kinds === undefined) {
      const asked = discover(this.connection);
      this.#kinds = asked;
      asked.catch(() => {
        if (this.#kinds === asked) this.#kinds = undefined;
      });
    }
    return this.#kinds;
  }

  /** Whether `kinds()` would answer without asking the server. */
  get kindsAreKnown(): boolean {
    return this.#kinds !== undefined;
  }

  /** The next `kinds()` asks the server again: a CustomResourceDefinition came, changed or went. */
  forgetKinds(): void {
    this.#kinds = undefined;
  }

  /** The live object. Throws an ApiFailure with status 404 when it is not there. */
  get(target: Target, signal?: AbortSignal): Promise<JsonObject> {
    return this.#object({ path: pathOf(target), signal, asked: asking('get', target) });
  }

  /** Server-side apply as field manager `holdfast`, taking over conflicting fields. Returns the object as it is, or would be, afterwards. */
  apply(target: Target, object: JsonObject, options: WriteOptions): Promise<JsonObject> {
    return this.#object({
      method: 'PATCH',
      path: pathOf(target),
      query: { fieldManager, force: true, ...dry(options) },
      contentType: 'application/apply-patch+yaml',
      body: object,
      signal: options.signal,
      asked: asking('patch', target),
    });
  }

  /** Replaces the object as a whole (PUT). */
  replace(target: Target, object: JsonObject, options: WriteOptions): Promise<JsonObject> {
    return this.#object({
      method: 'PUT',
      path: pathOf(target),
      query: { fieldManager, ...dry(options) },
      body: object,
      signal: options.signal,
      asked: asking('update', target),
    });
  }

  /** Creates the object (POST to its collection). */
  create(target: Target, object: JsonObject, options: WriteOptions): Promise<JsonObject> {
    return this.#object({
      method: 'POST',
      path: collectionPath(target.kind, target.namespace),
      query: { fieldManager, ...dry(options) },
      body: object,
      signal: options.signal,
      asked: asking('create', target),
    });
  }

  /** Deletes the object; `uid` and `resourceVersion` make sure that it is still the one that was looked at. */
  async delete(
    target: Target,
    options: WriteOptions & {
      uid?: string;
      resourceVersion?: string;
      propagation?: 'Foreground' | 'Background';
    },
  ): Promise<void> {
    const { uid, resourceVersion, propagation } = options;
    await this.call({
      method: 'DELETE',
      path: pathOf(target),
      query: dry(options),
      body: {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: propagation ?? 'Background',
        ...(uid === undefined && resourceVersion === undefined
          ? {}
          : { preconditions: { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) } }),
      },
      signal: options.signal,
      asked: asking('delete', target),
    });
  }

  /**
   * Any request; throws an ApiFailure for every status of 300 or more. A request that may not be sent twice is not. The signal
   * ends it at once, wherever it is: one that waits for its turn is never sent, and none is sent again.
   */
  async call(call: Call): Promise<ApiResponse> {
    return this.#limit.run(async () => {
      for (let attempt = 0; ; attempt += 1) {
        try {
          const response = await this.connection.request(call);
          if (response.status < 300) return response;
          throw apiFailure(response, call.asked);
        } catch (error) {
          const wait = pause(error, attempt, call);
          if (wait === undefined) throw error;
          await sleep(wait, undefined, call.signal === undefined ? {} : { signal: call.signal }).catch(() => {
            throw error;
          });
        }
      }
    });
  }

  async #object(call: Call): Promise<JsonObject> {
    const { body } = await this.call(call);
    const object = liveObjectSchema.safeParse(body);
    if (object.success) return object.data;
    throw new Failure(
      'HF1307',
      `the server's answer about ${call.asked.resource} ${call.asked.subject} is no object`,
    );
  }
}

const attempts = 4;

/** How long to wait before the next attempt, or undefined when there is to be none. */
function pause(error: unknown, attempt: number, call: Call): number | undefined {
  if (attempt + 1 >= attempts || call.signal?.aborted === true) return undefined;
  if (error instanceof ApiFailure && error.code === 'HF1308') {
    // 429 was refused before it did anything; 5xx of a real create or delete may have done it
    if (error.status !== 429 && !repeatable(call)) return undefined;
    return error.retryAfterMs ?? 100 * 4 ** attempt;
  }
  // a kept-alive connection that the server closed in the same moment
  if (error instanceof Failure && error.code === 'HF1301' && attempt === 0 && repeatable(call)) {
    const code = (error.cause as NodeJS.ErrnoException | undefined)?.code;
    return code === 'ECONNRESET' || code === 'EPIPE' ? 0 : undefined;
  }
  return undefined;
}

function repeatable(call: Call): boolean {
  return (call.method !== 'POST' && call.method !== 'DELETE') || call.query?.['dryRun'] === 'All';
}

function dry(options: WriteOptions): { dryRun?: 'All' } {
  return options.dryRun ? { dryRun: 'All' } : {};
}

function pathOf(target: Target): string {
  return objectPath(target.kind, target.namespace, target.name);
}

function asking(verb: string, target: Target): Asked {
  const subject =
    target.kind.namespaced && target.namespace !== undefined
      ? `${target.namespace}/${target.name}`
      : target.name;
  const secret = target.kind.group === '' && target.kind.kind === 'Secret';
  return { verb, resource: resourceName(target.kind), subject, secret };
}
