import { z } from 'zod';
import type { Cluster } from '../../cluster/cluster.ts';
import { ApiFailure, isNotFound } from '../../cluster/failures.ts';
import type { Kind } from '../../cluster/kind.ts';
import { attribute } from '../../compare/attribution.ts';
import type { DeclaredRelease } from '../../declared/helm/release.ts';
import { Failure, toFailure } from '../../failure/failure.ts';
import type { JsonObject } from '../../json/json.ts';
import { metadataOnly } from '../kubernetes/live/list.ts';
import { type ReleaseRecord, readRecord } from './record.ts';

/** What the cluster has of a release. */
export interface ReleaseHistory {
  /** The newest revision, whatever became of it; undefined where there is none. */
  newest: ReleaseRecord | undefined;
  /** The one to compare with: the newest that was deployed, else the newest. */
  base: ReleaseRecord | undefined;
  /** Whether the newest, if it is pending, is an operation of Holdfast itself. */
  ownOperation: boolean;
  /** Changes when any revision is written. */
  version: string;
}

export const noHistory: ReleaseHistory = {
  newest: undefined,
  base: undefined,
  ownOperation: false,
  version: '',
};

/** The kind in which Helm keeps its records. */
export const secretKind: Kind = {
  apiVersion: 'v1',
  kind: 'Secret',
  group: '',
  version: 'v1',
  plural: 'secrets',
  namespaced: true,
  verbs: ['get', 'list', 'watch', 'update'],
};

/** The label that Holdfast gives the revision which it makes; a later one inherits it, and then it does not fit any more. */
export const operationLabel = 'holdfast.dev/helm-revision';

/** What the revision of that number was made from: `content` of its rendering, as far as a label holds it. */
export const contentLabel = 'holdfast.dev/helm-content';

export function contentMark(content: string): string {
  return content.slice(0, 60);
}

/** Selects the records of a release. */
export function recordSelector({ name }: Pick<DeclaredRelease, 'name'>): string {
  return `owner=helm,name=${name}`;
}

const itemSchema = z.object({
  metadata: z.looseObject({
    name: z.string(),
    resourceVersion: z.string().default(''),
    labels: z.record(z.string(), z.string()).default({}),
  }),
});
const listSchema = z.object({ items: z.array(itemSchema).nullable().default([]) });

interface Row {
  name: string;
  revision: number;
  status: string;
  own: boolean;
  content: string | undefined;
  resourceVersion: string;
}

/**
 * Reads the newest revision of a release, and the last that was deployed. Lists metadata alone first: a record may be large.
 * Throws HF1808 where a record cannot be read, and HF13xx where the cluster does not answer.
 */
export async function readHistory(
  cluster: Cluster,
  release: Pick<DeclaredRelease, 'name' | 'namespace'>,
  signal?: AbortSignal,
): Promise<ReleaseHistory> {
  const rows = await rowsOf(cluster, release, signal);
  const [newest] = rows;
  if (newest === undefined) return noHistory;
  const deployed = rows.find(({ status }) => status === 'deployed') ?? newest;
  const first = await recordAt(cluster, release, newest, signal);
  const base = deployed === newest ? first : await recordAt(cluster, release, deployed, signal);
  const version = rows.map(({ name, resourceVersion }) => `${name}@${resourceVersion}`).join(' ');
  return { newest: first, base, ownOperation: newest.own, version };
}

async function rowsOf(
  cluster: Cluster,
  { name, namespace }: Pick<DeclaredRelease, 'name' | 'namespace'>,
  signal: AbortSignal | undefined,
): Promise<Row[]> {
  const { body } = await asked(name, () =>
    cluster.call({
      path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets`,
      query: { labelSelector: recordSelector({ name }) },
      accept: metadataOnly.list,
      signal,
      asked: { verb: 'list', resource: 'secrets' },
    }),
  );
  const list = listSchema.safeParse(body);
  if (!list.success) throw new Failure('HF1808', `the list of the records of ${name} is none`);
  const rows = (list.data.items ?? []).flatMap(({ metadata }): Row[] => {
    const { labels, name: secret, resourceVersion } = metadata;
    const revision = Number(labels['version']);
    if (!Number.isInteger(revision) || secret !== `sh.helm.release.v1.${name}.v${revision}`) return [];
    const own = labels[operationLabel] === String(revision);
    const content = own ? labels[contentLabel] : undefined;
    return [{ name: secret, revision, status: labels['status'] ?? '', own, content, resourceVersion }];
  });
  return rows.sort((a, b) => b.revision - a.revision);
}

async function recordAt(
  cluster: Cluster,
  { name, namespace }: Pick<DeclaredRelease, 'name' | 'namespace'>,
  row: Row,
  signal: AbortSignal | undefined,
): Promise<ReleaseRecord> {
  const secret = await asked(name, () =>
    cluster.get({ kind: secretKind, namespace, name: row.name }, signal),
  );
  const by = attribute(secret, ['data', 'release']);
  try {
    return readRecord(secret, by, row.content);
  } catch (error) {
    const { message } = toFailure(error, 'HF1808');
    throw new Failure(
      'HF1808',
      `the record of ${name}, revision ${row.revision}, cannot be read: ${message}`,
    );
  }
}

/** The Secret of a revision as it is, for writing it anew. */
export function recordSecret(
  cluster: Cluster,
  { name, namespace }: Pick<DeclaredRelease, 'name' | 'namespace'>,
  revision: number,
): Promise<JsonObject> {
  return cluster.get({ kind: secretKind, namespace, name: `sh.helm.release.v1.${name}.v${revision}` });
}

/** What only concerns the records is HF1808; an outage of the cluster stays what it is. */
async function asked<T>(release: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const known = error instanceof ApiFailure && (error.code === 'HF1303' || isNotFound(error));
    if (!known) throw error;
    throw new Failure('HF1808', `the records of ${release} cannot be read: ${error.message}`, {
      cause: error,
    });
  }
}
