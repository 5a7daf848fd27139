import { z } from 'zod';
import type { Cluster } from '../cluster/cluster.ts';
import { isNotFound } from '../cluster/failures.ts';
import { follow } from '../cluster/follow.ts';
import { objectPath } from '../cluster/kind.ts';
import { aboutOwn, isConflict, sightingKind } from '../converge/resources.ts';
import type { JsonObject } from '../json/json.ts';
import { partName, type SightingPart, sightingSchema } from './sighting.ts';

/** Where sightings are kept. All methods throw a Failure HF13xx when the server does not do it. */
export interface SightingStore {
  /** Writes all parts of what was seen of a unit, by their names, and removes those of an earlier, longer one. */
  write(unit: string, holder: string, parts: ReadonlyMap<string, JsonObject>): Promise<void>;
  /** Removes an object of this observer; what another one has written there by now stays. */
  remove(name: string, holder: string): Promise<void>;
  /** Gives all parts that are there now and after every change, until the signal fires; outages are waited out. */
  watch(listener: (parts: SightingPart[]) => void, signal: AbortSignal): Promise<void>;
}

const storedSchema = z.looseObject({
  metadata: z.looseObject({ resourceVersion: z.string() }),
  spec: z.looseObject({ holder: z.string() }),
});

/** Sightings as custom resources of one namespace. */
export function clusterSightings(cluster: Cluster, namespace: string): SightingStore {
  /** How many parts a unit has, as far as they were written here. */
  const counts = new Map<string, number>();
  const asked = (verb: string, subject: string) => ({ verb, resource: 'sightings.holdfast.dev', subject });
  const patch = (name: string, spec: JsonObject) =>
    cluster.call({
      method: 'PATCH',
      path: objectPath(sightingKind, namespace, name),
      query: { fieldManager: 'holdfast' },
      contentType: 'application/merge-patch+json',
      body: { spec },
      asked: asked('patch', name),
    });
  const create = (name: string, spec: JsonObject) =>
    aboutOwn(() =>
      cluster.create(
        { kind: sightingKind, namespace, name },
        { apiVersion: sightingKind.apiVersion, kind: sightingKind.kind, metadata: { name, namespace }, spec },
        { dryRun: false },
      ),
    );
  const put = async (name: string, spec: JsonObject): Promise<void> => {
    try {
      await patch(name, spec);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      await create(name, spec).catch(async failure => {
        if (!isConflict(failure)) throw failure;
        await patch(name, spec);
      });
    }
  };
  const remove = async (name: string, holder: string): Promise<void> => {
    const target = { kind: sightingKind, namespace, name };
    try {
      const stored = storedSchema.safeParse(await cluster.get(target)).data;
      if (stored?.spec.holder !== holder) return;
      await cluster.delete(target, { dryRun: false, resourceVersion: stored.metadata.resourceVersion });
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  };
  return {
    remove,
    async write(unit, holder, parts) {
      for (const [name, spec] of parts) await put(name, spec);
      const before = counts.get(unit) ?? parts.size;
      counts.set(unit, parts.size);
      for (let part = parts.size + 1; part <= before; part += 1) await remove(partName(unit, part), holder);
    },
    watch: (listener, signal) =>
      follow(
        { cluster, kind: sightingKind, namespace, parse: item => sightingSchema.safeParse(item).data },
        listener,
        signal,
      ),
  };
}
