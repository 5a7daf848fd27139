import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, Target } from '../../../../cluster/cluster.ts';
import { isNotFound } from '../../../../cluster/failures.ts';
import { Limit } from '../../../../concurrency/limit.ts';
import { Failure } from '../../../../failure/failure.ts';
import type { ObjectRef } from '../../../../findings/finding.ts';
import type { JsonObject } from '../../../../json/json.ts';
import { type AppliedWorkload, owed } from './companions.ts';
import { healthOf } from './health.ts';
import { podsTrouble } from './pods-trouble.ts';
import { type Health, unhealthy } from './result.ts';
import type { HealthRule } from './rules.ts';

/** An object to wait for, as it was last seen. */
export interface Watched {
  ref: ObjectRef;
  target: Target;
  object: JsonObject;
  /** The workload that it rolls out and that was just applied. */
  after?: AppliedWorkload;
}

/** An object that did not become healthy, and why. */
export interface Sick {
  watched: Watched;
  why: string;
}

const atOnce = 8;
const pauses = { firstMs: 100, mostMs: 2_000, factor: 1.5 };

/**
 * Waits until every object is healthy, one cannot become so any more, the deadline (milliseconds since the epoch) has come,
 * or the signal fires (then nothing is returned). Returns those that are not healthy. While the API server cannot be asked the waiting goes on.
 */
export async function awaitHealth(
  cluster: Cluster,
  watched: readonly Watched[],
  options: { deadline: number; signal: AbortSignal; rules: readonly HealthRule[] },
): Promise<Sick[]> {
  const limit = new Limit(atOnce);
  const lost: { watched: Watched; health: Health }[] = [];
  let waiting = watched.map(item => ({ watched: item, health: judged(item, options.rules) }));
  for (let pause = pauses.firstMs; ; pause = Math.min(pause * pauses.factor, pauses.mostMs)) {
    lost.push(...waiting.filter(({ health }) => health.state === 'unhealthy'));
    waiting = waiting.filter(({ health }) => health.state === 'progressing');
    const left = options.deadline - Date.now();
    if (waiting.length === 0 || left <= 0 || options.signal.aborted) break;
    await sleep(Math.min(pause, left), undefined, { signal: options.signal }).catch(() => undefined);
    waiting = await Promise.all(waiting.map(item => limit.run(() => again(cluster, item, options))));
  }
  if (options.signal.aborted) return [];
  return Promise.all([...lost, ...waiting].map(item => limit.run(() => diagnosed(cluster, item))));
}

interface Waiting {
  watched: Watched;
  health: Health;
}

function judged({ object, after }: Watched, rules: readonly HealthRule[]): Health {
  return (after && owed(object, after, Date.now())) ?? healthOf(object, rules);
}

async function again(
  cluster: Cluster,
  { watched, health }: Waiting,
  { signal, rules }: { signal: AbortSignal; rules: readonly HealthRule[] },
): Promise<Waiting> {
  try {
    const now = { ...watched, object: await cluster.get(watched.target, signal) };
    return { watched: now, health: judged(now, rules) };
  } catch (error) {
    if (isNotFound(error)) return { watched, health: unhealthy('it is not there any more') };
    if (error instanceof Failure || signal.aborted) return { watched, health };
    throw error;
  }
}

async function diagnosed(cluster: Cluster, { watched, health }: Waiting): Promise<Sick> {
  const why = health.state === 'healthy' ? '' : health.message;
  const pods = await podsTrouble(cluster, watched);
  return { watched, why: pods === undefined ? why : `${why}; ${pods}` };
}
