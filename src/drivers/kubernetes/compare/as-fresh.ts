import { createHash } from 'node:crypto';
import type { Cluster } from '../../../cluster/cluster.ts';
import { ApiFailure } from '../../../cluster/failures.ts';
import type { Json, JsonObject } from '../../../json/json.ts';
import { isMap } from '../../../json/value.ts';
import type { Subject } from './subject.ts';

/** What the server would make of the declaration alone. */
export interface Fresh {
  object: JsonObject;
  /** Under its own name (PUT), else under another one (POST): then names and what is derived from them differ. */
  ownName: boolean;
}

/** Kinds of which nearly nothing may be replaced: they are asked for under another name at once. */
const immutable = new Set(['/Pod', 'batch/Job']);

/**
 * Dry runs as if the object were fresh: what live has beyond the answer is neither declared nor a default. It writes nothing.
 * One instance remembers which kinds insist on a resourceVersion.
 */
export class FreshRuns {
  readonly #cluster: Cluster;
  readonly #versioned = new Set<string>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Throws the ApiFailure of the PUT (or the POST where there is no PUT) when the server refuses; 409 when live has moved on. */
  async of(subject: Subject, live: JsonObject, signal?: AbortSignal): Promise<Fresh> {
    const { kind } = subject.target;
    if (immutable.has(`${kind.group}/${kind.kind}`) || !kind.verbs.includes('update')) {
      return { object: await this.#underAnotherName(subject, signal), ownName: false };
    }
    try {
      return { object: await this.#replaced(subject, live, signal), ownName: true };
    } catch (error) {
      if (!(error instanceof ApiFailure) || error.status !== 422) throw error;
      try {
        return { object: await this.#underAnotherName(subject, signal), ownName: false };
      } catch (second) {
        if (second instanceof ApiFailure && second.code !== 'HF1308') throw error;
        throw second;
      }
    }
  }

  async #replaced(subject: Subject, live: JsonObject, signal?: AbortSignal): Promise<JsonObject> {
    const { target, body } = subject;
    const key = `${target.kind.apiVersion}/${target.kind.kind}`;
    const options = { dryRun: true, signal } as const;
    if (!this.#versioned.has(key)) {
      try {
        return await this.#cluster.replace(target, body, options);
      } catch (error) {
        const wanted =
          error instanceof ApiFailure &&
          error.causes.some(({ field }) => field === 'metadata.resourceVersion');
        if (!wanted) throw error;
        this.#versioned.add(key);
      }
    }
    return this.#versionedReplace(subject, versionOf(live), options);
  }

  /** Status may move on all the time: only the version of what was read is taken anew. */
  async #versionedReplace(
    { target, body }: Subject,
    first: Json,
    options: { dryRun: true; signal: AbortSignal | undefined },
  ): Promise<JsonObject> {
    const metadata = isMap(body['metadata']) ? body['metadata'] : {};
    let resourceVersion = first;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#cluster.replace(
          target,
          { ...body, metadata: { ...metadata, resourceVersion } },
          options,
        );
      } catch (error) {
        if (!(error instanceof ApiFailure) || error.reason !== 'Conflict' || attempt >= 4) throw error;
        resourceVersion = versionOf(await this.#cluster.get(target, options.signal));
      }
    }
  }

  async #underAnotherName({ target, body }: Subject, signal?: AbortSignal): Promise<JsonObject> {
    const name = `holdfast-${createHash('sha256').update(target.name).digest('hex').slice(0, 10)}`;
    const metadata = isMap(body['metadata']) ? body['metadata'] : {};
    const renamed = { ...body, metadata: { ...metadata, name } };
    const sent = target.kind.group === 'batch' ? withJobName(renamed, target.name, name) : renamed;
    const answer = await this.#cluster.create({ ...target, name }, sent, { dryRun: true, signal });
    return renamedBack(answer, name, target.name);
  }
}

/** Labels that a Job writes into its template; the server refuses those of another Job. */
const jobNames = ['job-name', 'batch.kubernetes.io/job-name'];

function withJobName(body: JsonObject, from: string, to: string): JsonObject {
  const spec = isMap(body['spec']) ? body['spec'] : {};
  const template = isMap(spec['template']) ? spec['template'] : {};
  const metadata = isMap(template['metadata']) ? template['metadata'] : {};
  const labels = metadata['labels'];
  if (!isMap(labels) || !jobNames.some(label => labels[label] === from)) return body;
  const own = Object.entries(labels).map(([label, value]) =>
    jobNames.includes(label) && value === from ? [label, to] : [label, value],
  );
  const changed = { ...template, metadata: { ...metadata, labels: Object.fromEntries(own) } };
  return { ...body, spec: { ...spec, template: changed } };
}

/** What the server derived from the other name reads as under its own: no declaration has that name in it. */
function renamedBack<T extends Json>(value: T, from: string, to: string): T {
  if (value === from) return to as T;
  if (Array.isArray(value)) return value.map(item => renamedBack(item, from, to)) as T;
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, renamedBack(child, from, to)]),
  ) as T;
}

function versionOf(live: JsonObject): Json {
  return (isMap(live['metadata']) ? live['metadata']['resourceVersion'] : undefined) ?? null;
}
