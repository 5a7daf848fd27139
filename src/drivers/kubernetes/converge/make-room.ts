import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, Target } from '../../../cluster/cluster.ts';
import { isNotFound } from '../../../cluster/failures.ts';
import { Failure } from '../../../failure/failure.ts';
import type { JsonObject } from '../../../json/json.ts';
import { liveOf } from './dry-run.ts';
import { listAt, objectAt, textAt } from './json.ts';
import type { Work } from './work.ts';

/** How long a deletion is waited for. */
export interface Waiting {
  patienceMs: number;
  /** Fires when nothing more is to be begun. */
  stop?: AbortSignal | undefined;
  /** Fires when what is in flight is to be ended at once. */
  lost?: AbortSignal | undefined;
}

/**
 * Deletes the object that is to be made anew, with all that it owns, and waits until it is gone. Only the very object that was
 * planned is deleted: one that has another uid by now was made anew already, by an attempt that was cut short. One that is being
 * deleted, by that attempt or by anybody, is waited for. Throws HF1603 when it does not go, or when `stop` fires before it has.
 */
export async function makeRoom(
  cluster: Cluster,
  target: Target,
  { uid }: Pick<Work, 'uid'>,
  { patienceMs, stop, lost }: Waiting,
): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (let pause = 50; ; pause = Math.min(pause * 1.5, 1_000)) {
    const live = await liveOf(cluster, target, lost);
    if (live === undefined || uid === undefined || textAt(objectAt(live, 'metadata'), 'uid') !== uid) return;
    if (objectAt(live, 'metadata')['deletionTimestamp'] === undefined)
      await remove(cluster, target, uid, lost);
    else if (Date.now() > deadline || stop?.aborted === true) throw stuck(live);
    await sleep(pause, undefined, lost === undefined ? {} : { signal: lost });
  }
}

async function remove(cluster: Cluster, target: Target, uid: string, signal?: AbortSignal): Promise<void> {
  try {
    await cluster.delete(target, { dryRun: false, uid, propagation: 'Foreground', signal });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

function stuck(live: JsonObject): Failure {
  const finalizers = listAt(objectAt(live, 'metadata'), 'finalizers').map(String).slice(0, 5).join(', ');
  return new Failure(
    'HF1603',
    `it is being deleted, to be made anew, and waits for ${finalizers || 'its dependents'}`,
  );
}
