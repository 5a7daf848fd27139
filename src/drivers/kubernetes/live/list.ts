import type { Cluster } from '../../../cluster/cluster.ts';
import { ApiFailure } from '../../../cluster/failures.ts';
import { collectionPath, type Kind, resourceName } from '../../../cluster/kind.ts';
import { listSchema } from '../../../cluster/schema.ts';
import { Failure } from '../../../failure/failure.ts';
import type { JsonObject } from '../../../json/json.ts';
import { isMap } from '../../../json/value.ts';

const pageSize = 500;

/** How a list or a watch is asked for metadata alone; a server of custom APIs that cannot do so sends whole objects. */
export const metadataOnly = {
  list: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json',
  watch: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json',
} as const;

export interface ListOptions {
  signal?: AbortSignal | undefined;
  onRestart?: () => void;
  accept?: string | undefined;
  /** As `labelSelector` of a request: only such objects. */
  labels?: string | undefined;
}

/**
 * Lists a kind page by page and gives each object to `onObject`, so that never more than a page is held. Returns the
 * resourceVersion from which a watch goes on. A page token that has expired starts the list anew: `onRestart` tells that objects
 * come again. Throws an ApiFailure, HF1303 when the account may not list.
 */
export async function list(
  cluster: Cluster,
  kind: Kind,
  namespace: string | undefined,
  onObject: (object: JsonObject) => void,
  options: ListOptions = {},
): Promise<string> {
  let next: string | undefined;
  let restarts = 0;
  for (;;) {
    try {
      const page = await onePage(cluster, kind, namespace, next, options);
      for (const object of page.items ?? []) onObject(object);
      next = page.metadata.continue || undefined;
      if (next === undefined) return page.metadata.resourceVersion;
    } catch (error) {
      const expired = error instanceof ApiFailure && error.status === 410;
      if (!expired || next === undefined || restarts >= 3) throw error;
      restarts += 1;
      next = undefined;
      options.onRestart?.();
    }
  }
}

async function onePage(
  cluster: Cluster,
  kind: Kind,
  namespace: string | undefined,
  next: string | undefined,
  { signal, accept, labels }: ListOptions,
) {
  const { body } = await cluster.call({
    path: collectionPath(kind, namespace),
    query: { limit: pageSize, continue: next, labelSelector: labels },
    signal,
    ...(accept !== undefined && { accept }),
    asked: { verb: 'list', resource: resourceName(kind) },
  });
  const page = listSchema.safeParse(body);
  if (!page.success) throw new Failure('HF1308', `the server's list of ${resourceName(kind)} is no list`);
  return page.data;
}

/** Where a live object is: `namespace/name`, as scopes know their members. */
export function liveName(object: JsonObject): string {
  const metadata = isMap(object['metadata']) ? object['metadata'] : {};
  return `${metadata['namespace'] ?? ''}/${metadata['name'] ?? ''}`;
}
