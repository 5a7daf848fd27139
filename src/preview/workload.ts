import { amountOf } from '../compare/quantity.ts';
import type { FieldChange } from '../findings/finding.ts';
import type { Json, JsonObject } from '../json/json.ts';
import { isMap, pathOf, valueAt } from '../json/value.ts';

/** What a reviewer wants to know of a workload at a glance. */
export interface Workload {
  replicas: number | undefined;
  /** By the container's name. */
  images: ReadonlyMap<string, string>;
  /** By all replicas together; a workload that does not say how many counts as one. What init containers ask for is not held. */
  requests: Readonly<Record<'cpu' | 'memory', number>>;
}

/** Where workloads keep the template of their pods. */
const templates = ['/spec/template/spec', '/spec/jobTemplate/spec/template/spec', '/spec'];

/** The workload as it is declared; undefined for what is none. */
export function workloadOf(object: JsonObject): Workload | undefined {
  return readWorkload(object, []);
}

/** The workload as it lives: the head with what the comparison found of live put in. */
export function liveWorkload(head: JsonObject, changes: readonly FieldChange[]): Workload | undefined {
  return readWorkload(head, changes);
}

function readWorkload(object: JsonObject, changes: readonly FieldChange[]): Workload | undefined {
  const template = templates.find(path => Array.isArray(valueAt(object, [...pathOf(path), 'containers'])));
  const at = (path: string, declared: Json | undefined) => liveAt(changes, path, declared);
  const replicas = at('/spec/replicas', valueAt(object, ['spec', 'replicas']));
  if (template === undefined && typeof replicas !== 'number') return undefined;
  const images = new Map<string, string>();
  const requests = { cpu: 0, memory: 0 };
  for (const list of ['initContainers', 'containers'] as const) {
    for (const container of containersIn(object, template, list, changes)) {
      const path = `${template}/${list}/name=${escaped(container.name)}`;
      const image = at(`${path}/image`, container.value['image']);
      if (typeof image === 'string') images.set(container.name, image);
      if (list === 'initContainers') continue;
      for (const resource of ['cpu', 'memory'] as const) {
        const declared = valueAt(container.value, ['resources', 'requests', resource]);
        requests[resource] += amountOf(at(`${path}/resources/requests/${resource}`, declared)) ?? 0;
      }
    }
  }
  const each = typeof replicas === 'number' ? replicas : 1;
  return {
    replicas: typeof replicas === 'number' ? replicas : undefined,
    images,
    requests: { cpu: requests.cpu * each, memory: requests.memory * each },
  };
}

/** The declared containers, and those that live has beside them. */
function containersIn(
  object: JsonObject,
  template: string | undefined,
  list: string,
  changes: readonly FieldChange[],
): { name: string; value: JsonObject }[] {
  if (template === undefined) return [];
  const declared = valueAt(object, [...pathOf(template), list]);
  const beside = changes.flatMap(({ path, op, live }) => {
    const value = live as Json | undefined;
    const whole = isMap(value) && 'image' in value;
    return op === 'added' && whole && path.startsWith(`${template}/${list}/name=`) ? [value] : [];
  });
  return [...(Array.isArray(declared) ? declared : []), ...beside]
    .filter(isMap)
    .map(value => ({ name: String(value['name'] ?? ''), value }));
}

/** What live has at a path: of the change there, or of one that is about a whole around it; else what is declared. */
function liveAt(changes: readonly FieldChange[], path: string, declared: Json | undefined): unknown {
  for (const { path: changed, live, redacted } of changes) {
    if (redacted === true || (path !== changed && !path.startsWith(`${changed}/`))) continue;
    return path === changed ? live : valueAt(live as Json | undefined, pathOf(path.slice(changed.length)));
  }
  return declared;
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
