import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../../../../cluster/cluster.ts';
import { ApiFailure, isNotFound } from '../../../../cluster/failures.ts';
import { Failure } from '../../../../failure/failure.ts';
import type { JsonObject } from '../../../../json/json.ts';
import { liveOf } from '../dry-run.ts';
import { listAt, objectAt, textAt } from '../json.ts';
import { notOurs } from './ownership.ts';
import type { Prune } from './plan-prunes.ts';

const attempts = 5;

/**
 * Deletes one object, if it is still the one that was planned and still ours at this moment: the server refuses to delete it
 * when it has changed since it was looked at. Returns false when it was gone already. Throws HF1602 when it is not ours any more.
 */
export async function prune(
  cluster: Cluster,
  { target, item, uid }: Prune,
  lost?: AbortSignal,
): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    const live = await liveOf(cluster, target, lost);
    if (live === undefined || uidOf(live) !== uid) return false;
    const metadata = objectAt(live, 'metadata');
    if (metadata['deletionTimestamp'] !== undefined) return true;
    const why = notOurs(item, live);
    if (why !== undefined) throw new Failure('HF1602', `it is not deleted: ${why}`);
    try {
      const resourceVersion = textAt(metadata, 'resourceVersion') ?? '';
      await cluster.delete(target, { dryRun: false, uid, resourceVersion, signal: lost });
      return true;
    } catch (error) {
      if (isNotFound(error)) return true;
      if (attempt >= attempts || lost?.aborted === true || !isPassing(error)) throw error;
      await sleep(50 * 2 ** attempt);
    }
  }
}

/** It has changed since it was looked at, or nobody answered. */
function isPassing(thrown: unknown): boolean {
  if (thrown instanceof ApiFailure) return thrown.status === 409;
  return thrown instanceof Failure && thrown.code === 'HF1301';
}

/**
 * Waits until objects are gone, the deadline (milliseconds since the epoch) has come or the signal fires. Returns those that are
 * still there, with what they wait for.
 */
export async function awaitGone(
  cluster: Cluster,
  prunes: readonly Prune[],
  { deadline, signal }: { deadline: number; signal: AbortSignal },
): Promise<{ prune: Prune; why: string }[]> {
  let left = prunes.map(each => ({ prune: each, why: 'it is being deleted' }));
  for (let pause = 50; ; pause = Math.min(pause * 1.5, 2_000)) {
    const looked = await Promise.all(left.map(each => stillThere(cluster, each.prune, signal)));
    left = looked.flatMap((why, index) => {
      const one = left[index];
      return why === undefined || one === undefined ? [] : [{ prune: one.prune, why }];
    });
    if (left.length === 0 || signal.aborted || Date.now() >= deadline) return left;
    await sleep(Math.min(pause, deadline - Date.now()), undefined, { signal }).catch(() => undefined);
  }
}

async function stillThere(
  cluster: Cluster,
  { target, uid }: Prune,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const live = await liveOf(cluster, target, signal);
    if (live === undefined || uidOf(live) !== uid) return undefined;
    const finalizers = listAt(objectAt(live, 'metadata'), 'finalizers').map(String);
    return finalizers.length === 0
      ? 'it is being deleted'
      : `it is being deleted and waits for its finalizers ${finalizers.slice(0, 5).join(', ')}`;
  } catch (error) {
    // a kind that is served no more has no objects either
    if (error instanceof Failure) return error.code === 'HF1305' ? undefined : 'the server cannot be asked';
    throw error;
  }
}

function uidOf(live: JsonObject): string | undefined {
  return textAt(objectAt(live, 'metadata'), 'uid');
}
