import type { Cluster, Target } from '../../../cluster/cluster.ts';
import { splitApiVersion } from '../../../cluster/kind.ts';
import type { JsonObject } from '../../../json/json.ts';
import { isMap } from '../../../json/value.ts';
import { list } from '../live/list.ts';

const kind = 'HorizontalPodAutoscaler';
/** So long an answer counts: many workloads of a namespace are judged in a row. In milliseconds. */
const fresh = 5_000;

/** Which workloads a HorizontalPodAutoscaler scales, as live says; asked only where nothing else tells. */
export class Autoscalers {
  readonly #cluster: Cluster;
  readonly #known = new Map<string, { at: number; scaled: Promise<ReadonlySet<string>> }>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** False also where the account may not list them: then nothing is excused. */
  async scales(target: Target, signal?: AbortSignal): Promise<boolean> {
    const namespace = target.namespace ?? '';
    const now = performance.now();
    let known = this.#known.get(namespace);
    if (known === undefined || now - known.at > fresh) {
      known = { at: now, scaled: this.#scaledIn(namespace, signal).catch(() => new Set<string>()) };
      this.#known.set(namespace, known);
    }
    return (await known.scaled).has(keyOf(target.kind.group, target.kind.kind, target.name));
  }

  async #scaledIn(namespace: string, signal: AbortSignal | undefined): Promise<ReadonlySet<string>> {
    const kinds = await this.#cluster.kinds();
    const served = kinds.find('autoscaling/v2', kind) ?? kinds.find('autoscaling/v1', kind);
    const scaled = new Set<string>();
    if (served === undefined) return scaled;
    const add = (autoscaler: JsonObject) => {
      const spec = isMap(autoscaler['spec']) ? autoscaler['spec'] : {};
      const ref = isMap(spec['scaleTargetRef']) ? spec['scaleTargetRef'] : {};
      const { group } = splitApiVersion(String(ref['apiVersion'] ?? ''));
      scaled.add(keyOf(group, String(ref['kind']), String(ref['name'])));
    };
    await list(this.#cluster, served, namespace, add, { signal });
    return scaled;
  }
}

function keyOf(group: string, name: string, object: string): string {
  return JSON.stringify([group, name, object]);
}
