import type { Cluster, Target } from '../../../../cluster/cluster.ts';
import type { JsonObject } from '../../../../json/json.ts';
import { list } from '../../live/list.ts';
import { type Delivery, movedBy, movedKinds, placeKey } from './moved.ts';

/** So long an answer counts: many objects of a namespace are judged in a row. In milliseconds. */
const fresh = 5_000;

const controllers = [
  { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' },
  { apiVersion: 'flagger.app/v1beta1', kind: 'Canary' },
] as const;

/** Which Rollouts and Canaries move fields of an object, as live says; asked only where the server knows these kinds. */
export class Deliveries {
  readonly #cluster: Cluster;
  readonly #known = new Map<string, { at: number; moved: Promise<ReadonlyMap<string, Delivery[]>> }>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Empty also where the account may not list them: then nothing is excused. */
  async of(target: Target, signal?: AbortSignal): Promise<readonly Delivery[]> {
    const { kind, namespace, name } = target;
    if (namespace === undefined || !movedKinds.has(`${kind.group}/${kind.kind}`)) return [];
    const now = performance.now();
    let known = this.#known.get(namespace);
    if (known === undefined || now - known.at > fresh) {
      known = { at: now, moved: this.#movedIn(namespace, signal).catch(() => new Map()) };
      this.#known.set(namespace, known);
    }
    return (await known.moved).get(placeKey(kind.group, kind.kind, name)) ?? [];
  }

  async #movedIn(
    namespace: string,
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<string, Delivery[]>> {
    const kinds = await this.#cluster.kinds();
    const moved = new Map<string, Delivery[]>();
    const add = (object: JsonObject) => {
      for (const { place, ...delivery } of movedBy(object))
        moved.set(place, [...(moved.get(place) ?? []), delivery]);
    };
    for (const { apiVersion, kind } of controllers) {
      const served = kinds.find(apiVersion, kind);
      if (served !== undefined) await list(this.#cluster, served, namespace, add, { signal });
    }
    return moved;
  }
}
