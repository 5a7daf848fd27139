import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../json/json.ts';
import type { Cluster } from './cluster.ts';
import { collectionPath, type Kind } from './kind.ts';
import { listSchema, watchEventSchema } from './schema.ts';

const pauses = { firstMs: 200, mostMs: 10_000 };
const watchSeconds = 240;
/** The server ends a watch by itself; one that lasts longer has a dead connection, on which nothing would ever come. */
const watchTimeoutMs = (watchSeconds + 30) * 1000;

export interface Followed<T> {
  cluster: Cluster;
  kind: Kind;
  namespace: string;
  /** Undefined where it is none: such objects are left out. */
  parse(item: JsonObject): T | undefined;
}

/**
 * Lists the objects of a kind in a namespace and follows them: the listener gets all of them at first and after every change. Every break (an
 * outage, 410, the end of a watch) leads to a new list, so that none is missed.
 */
export async function follow<T extends { metadata: { name: string } }>(
  followed: Followed<T>,
  listener: (objects: T[]) => void,
  signal: AbortSignal,
): Promise<void> {
  let pause = pauses.firstMs;
  while (!signal.aborted) {
    const began = Date.now();
    try {
      await once(followed, listener, signal);
    } catch {
      // the requests of whoever works on these objects meet the same outage and say so
    }
    if (signal.aborted) return;
    pause = Date.now() - began > pauses.mostMs ? pauses.firstMs : Math.min(pause * 2, pauses.mostMs);
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
}

async function once<T extends { metadata: { name: string } }>(
  { cluster, kind, namespace, parse }: Followed<T>,
  listener: (objects: T[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const path = collectionPath(kind, namespace);
  const asked = { verb: 'list', resource: `${kind.plural}.${kind.group}` };
  const list = listSchema.parse((await cluster.call({ path, signal, asked })).body);
  const objects = new Map<string, T>();
  for (const item of list.items ?? []) {
    const object = parse(item);
    if (object !== undefined) objects.set(object.metadata.name, object);
  }
  listener([...objects.values()]);
  const stop = new AbortController();
  await cluster.connection.lines(
    {
      path,
      query: { watch: true, resourceVersion: list.metadata.resourceVersion, timeoutSeconds: watchSeconds },
      signal: AbortSignal.any([signal, stop.signal]),
      timeoutMs: watchTimeoutMs,
    },
    line => {
      if (take(line, objects, parse)) listener([...objects.values()]);
      else stop.abort();
    },
  );
}

/** Brings one line of a watch into the map; false when the watch is of no use any more. */
function take<T extends { metadata: { name: string } }>(
  line: string,
  objects: Map<string, T>,
  parse: (item: JsonObject) => T | undefined,
): boolean {
  const event = watchEventSchema.safeParse(jsonOf(line));
  if (!event.success || event.data.type === 'ERROR') return false;
  const object = parse(event.data.object);
  if (object === undefined) return true;
  if (event.data.type === 'DELETED') objects.delete(object.metadata.name);
  else objects.set(object.metadata.name, object);
  return true;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
