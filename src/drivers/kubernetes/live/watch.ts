import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../../../cluster/cluster.ts';
import { apiFailure } from '../../../cluster/failures.ts';
import { collectionPath, type Kind, resourceName } from '../../../cluster/kind.ts';
import { statusSchema, watchEventSchema } from '../../../cluster/schema.ts';
import { type Failure, toFailure } from '../../../failure/failure.ts';
import type { JsonObject } from '../../../json/json.ts';
import { list, liveName, metadataOnly } from './list.ts';

/** What a watch tells. Calls come one at a time and in the order in which things happened. */
export interface WatchListener {
  /** A list begins. */
  onListing?(): void;
  /** An object as it is now, listed or changed. */
  onObject(name: string, object: JsonObject): void;
  onDeleted(name: string): void;
  /** A list is complete: what is not among these names is not there. */
  onListed(names: ReadonlySet<string>): void;
  /** The watch stands, after a list or after an outage. */
  onUp(): void;
  /** It does not stand; it is tried again until the signal fires. HF1301 for an outage, HF1303 for a missing right. */
  onDown(failure: Failure): void;
}

/** A watch that has begun. */
export interface Watch {
  /** Lists anew at once, for example as the schema changed: objects may read otherwise without having been written. */
  relist(): void;
  close(): void;
}

/** Nothing at all for so long, not even a bookmark (they come each minute), means that the connection is dead. */
const silence = 150_000;
/** A watch that is not even answered in this time has no connection at all. */
const unanswered = 30_000;
const longestPause = 2_000;

/**
 * Lists a kind and then follows it: goes on from bookmarks, lists again when the server no longer knows the place (410) and after
 * an outage that lasted, since the server may have been restored to an earlier state. `only` asks for metadata alone, `labels`
 * (a `labelSelector`) for objects that carry them.
 */
export function watch(
  cluster: Cluster,
  kind: Kind,
  namespace: string | undefined,
  listener: WatchListener,
  only?: 'metadata',
  labels?: string,
): Watch {
  const closing = new AbortController();
  let relisting = new AbortController();
  void follow();
  return {
    relist: () => relisting.abort(),
    close: () => closing.abort(),
  };

  async function follow(): Promise<void> {
    const state: { version: string | undefined; failures: number } = { version: undefined, failures: 0 };
    while (!closing.signal.aborted) {
      if (relisting.signal.aborted) {
        relisting = new AbortController();
        state.version = undefined;
      }
      try {
        state.version ??= await listed();
        state.version = await watched(state.version, () => {
          state.failures = 0;
          listener.onUp();
        });
      } catch (error) {
        if (!closing.signal.aborted && !relisting.signal.aborted) await failed(error, state);
      }
    }
  }

  async function failed(
    error: unknown,
    state: { version: string | undefined; failures: number },
  ): Promise<void> {
    const failure = toFailure(error, 'HF1308');
    const outage = failure.code === 'HF1301';
    // a connection that broke is tried again before anybody is told
    if (state.failures > 0 || !outage) listener.onDown(failure);
    // a server that answers, or comes back, is asked for a list again: it may be another one, or its store an older one, and
    // a watch from a place that it has not reached yet passes over all that happens until then without a word
    if (!outage || state.failures > 0) state.version = undefined;
    state.failures += 1;
    await pause(Math.min(50 * 2 ** state.failures, longestPause));
  }

  async function listed(): Promise<string> {
    let names = new Set<string>();
    listener.onListing?.();
    const version = await list(
      cluster,
      kind,
      namespace,
      object => {
        const name = liveName(object);
        names.add(name);
        listener.onObject(name, object);
      },
      {
        signal: closing.signal,
        onRestart: () => (names = new Set()),
        accept: only && metadataOnly.list,
        labels,
      },
    );
    listener.onListed(names);
    return version;
  }

  /** Follows until the server ends the watch. Returns the place from which to go on, or undefined when a list is due. */
  async function watched(version: string, up: () => void): Promise<string | undefined> {
    let place: string | undefined = version;
    const quiet = new AbortController();
    let timer = setTimeout(() => quiet.abort(), unanswered);
    const refused: string[] = [];
    try {
      const status = await cluster.connection.lines(
        {
          path: collectionPath(kind, namespace),
          ...(only && { accept: metadataOnly.watch }),
          query: {
            watch: true,
            labelSelector: labels,
            resourceVersion: version,
            allowWatchBookmarks: true,
            timeoutSeconds: 240 + Math.floor(Math.random() * 60),
          },
          signal: AbortSignal.any([closing.signal, relisting.signal, quiet.signal]),
        },
        line => {
          timer.refresh();
          if (place !== undefined) place = heard(line, place, refused);
        },
        () => {
          clearTimeout(timer);
          timer = setTimeout(() => quiet.abort(), silence);
          up();
        },
      );
      if (status === 410) return undefined;
      if (status !== 200) throw refusal(status, refused.join('\n'));
      return relisting.signal.aborted ? undefined : place;
    } finally {
      clearTimeout(timer);
    }
  }

  /** One line of the watch; returns the new place, or undefined when the server lost it. */
  function heard(line: string, place: string, refused: string[]): string | undefined {
    const event = watchEventSchema.safeParse(parsed(line));
    if (!event.success) {
      refused.push(line);
      return place;
    }
    const { type, object } = event.data;
    if (type === 'ERROR') return undefined;
    const metadata = object['metadata'];
    const next = typeof metadata === 'object' && metadata !== null && 'resourceVersion' in metadata;
    if (type === 'DELETED') listener.onDeleted(liveName(object));
    else if (type !== 'BOOKMARK') listener.onObject(liveName(object), object);
    return next ? String(metadata['resourceVersion']) : place;
  }

  function refusal(status: number, text: string): Failure {
    const body = statusSchema.safeParse(parsed(text));
    return apiFailure(
      { status, headers: {}, body: body.success ? body.data : text },
      { verb: 'watch', resource: resourceName(kind) },
    );
  }

  async function pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: closing.signal }).catch(() => undefined);
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
