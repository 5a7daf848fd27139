import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, Target } from '../../../../cluster/cluster.ts';
import type { Kinds } from '../../../../cluster/discovery.ts';
import { collectionPath } from '../../../../cluster/kind.ts';
import { listSchema } from '../../../../cluster/schema.ts';
import { bodyOf, refOf, targetOf } from '../../../../cluster/target.ts';
import type { DeclaredUnit } from '../../../../declared/declaration.ts';
import { Failure } from '../../../../failure/failure.ts';
import { isOutage } from '../../../../failure/outage.ts';
import type { ObjectRef } from '../../../../findings/finding.ts';
import type { JsonObject } from '../../../../json/json.ts';
import { liveOf } from '../dry-run.ts';
import { healthOf } from '../health/health.ts';
import { podsTrouble } from '../health/pods-trouble.ts';
import { objectAt, textAt } from '../json.ts';
import { type HookWork, hookLabel, hookLabels, jobOf } from './hook.ts';

export interface HookRun {
  cluster: Cluster;
  kinds: Kinds;
  unit: DeclaredUnit;
  /** The name of the sync. */
  run: string;
  /** Milliseconds since the epoch. */
  deadline: number;
  signal: AbortSignal;
  lost?: AbortSignal | undefined;
}

/**
 * Runs a hook to its end, once for each sync: a Job of this sync that is there already is waited for, not made again. Jobs of
 * earlier syncs are deleted first; the last one stays, for its log. Returns the Job, and why it failed if it did; undefined when
 * the signal fires first. Throws what the server refuses, and outages.
 */
export async function runHook(
  hook: HookWork,
  options: HookRun,
): Promise<{ ref: ObjectRef; failed?: string } | undefined> {
  const { cluster, kinds, unit, run, lost } = options;
  const { name, object } = jobOf(hook, unit.definition.name, run);
  const place = targetOf(kinds, unit, hook.declared);
  if (place === undefined) throw new Failure('HF1305', 'the server has no kind Job in batch/v1');
  const target = { ...place, name };
  let live = await liveOf(cluster, target, lost);
  if (live === undefined) {
    await removeEarlier(options, hook, target);
    live = await cluster.apply(target, bodyOf(target, object), { dryRun: false, signal: lost });
  }
  return ended(options, target, live);
}

async function ended(
  { cluster, deadline, signal }: HookRun,
  target: Target,
  first: JsonObject,
): Promise<{ ref: ObjectRef; failed?: string } | undefined> {
  const ref = refOf(target);
  let live: JsonObject | undefined = first;
  for (let pause = 100; !signal.aborted; pause = Math.min(pause * 1.5, 2_000)) {
    if (live === undefined) return { ref, failed: 'somebody deleted it while it ran' };
    const health = healthOf(live);
    if (health.state === 'healthy') return { ref };
    const late = Date.now() >= deadline;
    if (health.state === 'unhealthy' || late) {
      const trouble = await podsTrouble(cluster, { ref, target, object: live });
      const words = [late ? `it did not end in time: ${health.message}` : health.message, trouble];
      return { ref, failed: words.filter(Boolean).join('; ') };
    }
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    live = await seen(cluster, target, live, signal);
  }
  return undefined;
}

/** While the server cannot be asked the waiting goes on with what was seen last. */
async function seen(
  cluster: Cluster,
  target: Target,
  before: JsonObject,
  signal: AbortSignal,
): Promise<JsonObject | undefined> {
  try {
    return await liveOf(cluster, target, signal);
  } catch (error) {
    if (error instanceof Failure && (isOutage(error.code) || signal.aborted)) return before;
    throw error;
  }
}

async function removeEarlier(
  { cluster, unit, lost }: HookRun,
  hook: HookWork,
  target: Target,
): Promise<void> {
  const selector = [
    `${hookLabels.hook}=${hookLabel(hook.declared.ref.name)}`,
    `${hookLabels.unit}=${unit.definition.name}`,
  ].join(',');
  const { body } = await cluster.call({
    path: collectionPath(target.kind, target.namespace),
    query: { labelSelector: selector },
    signal: lost,
    asked: { verb: 'list', resource: 'jobs.batch', ...(target.namespace && { subject: target.namespace }) },
  });
  for (const job of listSchema.parse(body).items ?? []) {
    const metadata = objectAt(job, 'metadata');
    const [name, uid] = [textAt(metadata, 'name'), textAt(metadata, 'uid')];
    if (name === undefined || uid === undefined) continue;
    await cluster.delete({ ...target, name }, { dryRun: false, uid, signal: lost }).catch(error => {
      if (!(error instanceof Failure) || isOutage(error.code)) throw error;
    });
  }
}
