import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../cluster/cluster.ts';
import { collectionPath } from '../cluster/kind.ts';
import { listSchema, watchEventSchema } from '../cluster/schema.ts';
import { syncKind } from './resources.ts';
import { parseSync, type Sync } from './sync.ts';

const pauses = { firstMs: 200, mostMs: 10_000 };
const watchSeconds = 240;
/** The server ends a watch by itself; one that lasts longer has a dead connection, on which nothing would ever come. */
const watchTimeoutMs = (watchSeconds + 30) * 1000;

/**
 * Lists Syncs and follows them. Every break (an outage, 410, the end of a watch) leads to a new list, so that none is
 * missed; objects that are no Syncs are left out.
 */
export async function watchSyncs(
  cluster: Cluster,
  namespace: string,
  listener: (syncs: Sync[]) => void,
  signal: AbortSignal,
): Promise<void> {
  let pause = pauses.firstMs;
  while (!signal.aborted) {
    const began = Date.now();
    try {
      await follow(cluster, namespace, listener, signal);
    } catch {
      // the requests of whoever works on a Sync meet the same outage and say so in the record
    }
    if (signal.aborted) return;
    pause = Date.now() - began > pauses.mostMs ? pauses.firstMs : Math.min(pause * 2, pauses.mostMs);
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
}

async function follow(
  cluster: Cluster,
  namespace: string,
  listener: (syncs: Sync[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const path = collectionPath(syncKind, namespace);
  const { body } = await cluster.call({
    path,
    signal,
    asked: { verb: 'list', resource: 'syncs.holdfast.dev' },
  });
  const list = listSchema.parse(body);
  const syncs = new Map<string, Sync>();
  for (const item of list.items ?? []) {
    const sync = parseSync(item);
    if (sync !== undefined) syncs.set(sync.metadata.name, sync);
  }
  listener([...syncs.values()]);
  const stop = new AbortController();
  await cluster.connection.lines(
    {
      path,
      query: { watch: true, resourceVersion: list.metadata.resourceVersion, timeoutSeconds: watchSeconds },
      signal: AbortSignal.any([signal, stop.signal]),
      timeoutMs: watchTimeoutMs,
    },
    line => {
      if (take(line, syncs)) listener([...syncs.values()]);
      else stop.abort();
    },
  );
}

/** Brings one line of a watch into the map; false when the watch is of no use any more. */
function take(line: string, syncs: Map<string, Sync>): boolean {
  const event = watchEventSchema.safeParse(jsonOf(line));
  if (!event.success || event.data.type === 'ERROR') return false;
  const sync = parseSync(event.data.object);
  if (sync === undefined) return true;
  if (event.data.type === 'DELETED') syncs.delete(sync.metadata.name);
  else syncs.set(sync.metadata.name, sync);
  return true;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
