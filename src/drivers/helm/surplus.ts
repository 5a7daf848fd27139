import type { Cluster, Target } from '../../cluster/cluster.ts';
import { refOf, targetOf } from '../../cluster/target.ts';
import { attribute } from '../../compare/attribution.ts';
import type { DeclaredUnit } from '../../declared/declaration.ts';
import type { DeclaredRelease } from '../../declared/helm/release.ts';
import type { Finding } from '../../findings/finding.ts';
import { isMap } from '../../json/value.ts';
import { isFailure, readOne } from '../kubernetes/live/read.ts';
import type { ReleaseHistory } from './history.ts';
import type { Settled } from './settle.ts';

/** So many are looked at; a release that has more than this beyond its declaration is told by its other findings. */
const mostLooked = 100;

/** Objects that only the record of a release has and that live: `helm upgrade` will delete them. */
export async function surplusFindings(
  cluster: Cluster,
  unit: DeclaredUnit,
  release: DeclaredRelease,
  { surplus }: Settled,
  { base }: ReleaseHistory,
  signal?: AbortSignal,
): Promise<Finding[]> {
  if (surplus.length === 0 || base === undefined) return [];
  const kinds = await cluster.kinds();
  const found = await Promise.all(
    surplus.slice(0, mostLooked).map(async ({ identity, object }): Promise<Finding[]> => {
      const target = targetOf(kinds, unit, { ref: identity, object });
      const live = target === undefined ? undefined : await readOne(cluster, target, signal);
      if (target === undefined || live === undefined || isFailure(live)) return [];
      const metadata = isMap(live['metadata']) ? live['metadata'] : {};
      const annotations = isMap(metadata['annotations']) ? metadata['annotations'] : {};
      if (annotations['helm.sh/resource-policy'] === 'keep' || metadata['deletionTimestamp'] !== undefined)
        return [];
      if (annotations['meta.helm.sh/release-name'] !== release.name) return [];
      const by = attribute(live, ['metadata', 'annotations', 'meta.helm.sh/release-name']);
      return [
        {
          unit: unit.definition.name,
          type: 'undeclared',
          resource: refOf(target),
          source: release.source,
          changes: [
            {
              path: '/metadata/creationTimestamp',
              op: 'added',
              live: metadata['creationTimestamp'],
              ...(by !== undefined && { by }),
            },
          ],
          message: `only the release (revision ${base.revision}) has it; the next upgrade deletes it`,
        },
      ];
    }),
  );
  return found.flat();
}

/** Whether a live object carries the mark of the release, that of another one (its name), or none. */
export async function markOf(
  cluster: Cluster,
  target: Target,
  signal?: AbortSignal,
): Promise<{ release: string | undefined; managers: string[] } | undefined> {
  const live = await readOne(cluster, target, signal);
  if (live === undefined || isFailure(live)) return undefined;
  const metadata = isMap(live['metadata']) ? live['metadata'] : {};
  const annotations = isMap(metadata['annotations']) ? metadata['annotations'] : {};
  const name = annotations['meta.helm.sh/release-name'];
  const fields = Array.isArray(metadata['managedFields']) ? metadata['managedFields'] : [];
  const managers = fields.flatMap(field =>
    isMap(field) && typeof field['manager'] === 'string' && field['subresource'] === undefined
      ? [field['manager']]
      : [],
  );
  return {
    release: typeof name === 'string' ? name : undefined,
    managers: [...new Set(managers)].slice(0, 3),
  };
}
