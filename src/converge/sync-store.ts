import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../cluster/cluster.ts';
import { isNotFound } from '../cluster/failures.ts';
import { follow } from '../cluster/follow.ts';
import { collectionPath, objectPath } from '../cluster/kind.ts';
import { jsonObjectSchema } from '../cluster/schema.ts';
import { Failure } from '../failure/failure.ts';
import { aboutOwn, isConflict, itemsOf, syncKind } from './resources.ts';
import { parseSync, type Sync, type SyncSpec, type SyncStatus } from './sync.ts';

/** Parts of a status to set; null removes one. */
export type StatusPatch = { [Key in keyof SyncStatus]?: SyncStatus[Key] | null };

/** Where Syncs are kept. All methods throw a Failure HF13xx when the server does not do it. */
export interface SyncStore {
  /** Asks for a sync. The name tells unit and revision: `<unit>-<8 of the revision>-<random>`. */
  create(spec: SyncSpec): Promise<Sync>;
  list(): Promise<Sync[]>;
  get(name: string): Promise<Sync | undefined>;
  /** Sets parts of the status; `moved` and nothing set when the Sync has changed since it was read, or is gone. */
  patchStatus(sync: Sync, patch: StatusPatch): Promise<Sync | 'moved'>;
  /** Gives all Syncs now and after every change, until the signal fires; outages are waited out. */
  watch(listener: (syncs: Sync[]) => void, signal: AbortSignal): Promise<void>;
}

/** Syncs as custom resources of one namespace. */
export function clusterSyncs(cluster: Cluster, namespace: string): SyncStore {
  const asked = (verb: string, subject?: string) => ({
    verb,
    resource: 'syncs.holdfast.dev',
    ...(subject === undefined ? {} : { subject }),
  });
  const get = async (name: string): Promise<Sync | undefined> => {
    try {
      return parsed(await aboutOwn(() => cluster.get({ kind: syncKind, namespace, name })));
    } catch (error) {
      if (isNotFound(error) && !(error instanceof Failure && error.code === 'HF1309')) return undefined;
      throw error;
    }
  };
  return {
    get,
    async create(spec) {
      const name = syncName(spec);
      const object = jsonObjectSchema.parse({
        apiVersion: syncKind.apiVersion,
        kind: syncKind.kind,
        metadata: { name, namespace, labels: { 'holdfast.dev/unit': spec.unit } },
        spec,
      });
      const target = { kind: syncKind, namespace, name };
      return createOnce(
        async () => parsed(await aboutOwn(() => cluster.create(target, object, { dryRun: false }))),
        () => get(name),
      );
    },
    async list() {
      const answer = await aboutOwn(() =>
        cluster.call({ path: collectionPath(syncKind, namespace), asked: asked('list') }),
      );
      return itemsOf(answer, syncKind).flatMap(item => parseSync(item) ?? []);
    },
    async patchStatus(sync, patch) {
      const { name, resourceVersion, uid } = sync.metadata;
      try {
        const { body } = await cluster.call({
          method: 'PATCH',
          path: `${objectPath(syncKind, namespace, name)}/status`,
          contentType: 'application/merge-patch+json',
          body: { metadata: { resourceVersion, uid }, status: patch },
          asked: asked('patch', name),
        });
        return parsed(body);
      } catch (error) {
        if (isConflict(error) || isNotFound(error)) return 'moved';
        throw error;
      }
    },
    watch: (listener, signal) =>
      follow({ cluster, kind: syncKind, namespace, parse: parseSync }, listener, signal),
  };
}

/** The random part lets the same revision be asked for twice. */
export function syncName({ unit, revision }: SyncSpec): string {
  return `${unit}-${revision.slice(0, 8)}-${randomBytes(4).toString('hex')}`;
}

/** A lost answer is asked for again under the same name, so that one request makes one Sync. */
async function createOnce(create: () => Promise<Sync>, get: () => Promise<Sync | undefined>): Promise<Sync> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await create();
    } catch (error) {
      const mine = attempt > 1 && isConflict(error) ? await get() : undefined;
      if (mine !== undefined) return mine;
      if (attempt >= 4 || !(error instanceof Failure) || error.code !== 'HF1301') throw error;
      await sleep(100 * 2 ** attempt);
    }
  }
}

function parsed(body: unknown): Sync {
  const sync = parseSync(body);
  if (sync !== undefined) return sync;
  throw new Failure('HF1308', 'the API server answered with something that is no Sync');
}
