import { isMap, valueAt } from '../compare/value.ts';
import type { Json, JsonObject } from '../declared/declaration.ts';
import { amountOf } from '../drivers/kubernetes/compare/quantity.ts';

/** Where workloads keep the template of their pods. */
const templates = [
  ['spec', 'template', 'spec'],
  ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  ['spec'],
];

/**
 * The change of a workload in a reviewer's words: `web: cart 1.2 → 1.3`, `2 → 4 replicas`, `+1.5 CPU requested`. Either side may
 * be absent; empty for what is no workload. Texts are from outside: escape them.
 */
export function highlightsOf(base: JsonObject | undefined, head: JsonObject | undefined): string[] {
  return [...imageWords(base, head), ...replicaWords(base, head), ...requestWords(base, head)];
}

interface Container {
  name: string;
  image: string | undefined;
  requests: Json | undefined;
}

function containersOf(object: JsonObject | undefined): Container[] {
  if (object === undefined) return [];
  const pod = templates.map(path => valueAt(object, path)).find(spec => isMap(spec) && 'containers' in spec);
  return ['initContainers', 'containers'].flatMap(list => {
    const items = valueAt(pod, [list]);
    return (Array.isArray(items) ? items : []).filter(isMap).map(item => ({
      name: String(item['name'] ?? ''),
      image: typeof item['image'] === 'string' ? item['image'] : undefined,
      // what init containers ask for is not held
      requests: list === 'containers' ? valueAt(item, ['resources', 'requests']) : undefined,
    }));
  });
}

function imageWords(base: JsonObject | undefined, head: JsonObject | undefined): string[] {
  if (base === undefined || head === undefined) return [];
  const before = new Map(containersOf(base).map(({ name, image }) => [name, image]));
  return containersOf(head).flatMap(({ name, image }) => {
    const was = before.get(name);
    if (was === undefined || image === undefined || was === image) return [];
    const [from, to] = [splitImage(was), splitImage(image)];
    if (from.repository !== to.repository) return [`${name}: ${was} → ${image}`];
    return [`${name}: ${from.tag || 'no tag'} → ${to.tag || 'no tag'}`];
  });
}

/** `registry:5000/shop/cart:1.2@sha256:…` into what is named and which of it; a digest is shortened. */
function splitImage(image: string): { repository: string; tag: string } {
  const [named = '', digest] = image.split('@', 2);
  const colon = named.lastIndexOf(':');
  const tagged = colon > named.lastIndexOf('/');
  const tag = tagged ? named.slice(colon + 1) : '';
  const short = digest === undefined ? '' : `@${digest.slice(0, 19)}`;
  return { repository: tagged ? named.slice(0, colon) : named, tag: `${tag}${short}` };
}

function replicasOf(object: JsonObject | undefined): number | undefined {
  const value = valueAt(object, ['spec', 'replicas']);
  return typeof value === 'number' ? value : undefined;
}

function replicaWords(base: JsonObject | undefined, head: JsonObject | undefined): string[] {
  const [from, to] = [replicasOf(base), replicasOf(head)];
  return from === undefined || to === undefined || from === to ? [] : [`${from} → ${to} replicas`];
}

function requestWords(base: JsonObject | undefined, head: JsonObject | undefined): string[] {
  return (['cpu', 'memory'] as const).flatMap(resource => {
    const more = requested(head, resource) - requested(base, resource);
    if (Math.abs(more) < 1e-9) return [];
    const sign = more > 0 ? '+' : '−';
    const size = Math.abs(more);
    return [
      resource === 'cpu' ? `${sign}${rounded(size)} CPU requested` : `${sign}${bytes(size)} memory requested`,
    ];
  });
}

/** By all replicas together; a workload that does not say how many counts as one. */
function requested(object: JsonObject | undefined, resource: string): number {
  if (object === undefined) return 0;
  const each = containersOf(object).map(({ requests }) => amountOf(valueAt(requests, [resource])) ?? 0);
  return each.reduce((sum, value) => sum + value, 0) * (replicasOf(object) ?? 1);
}

function bytes(size: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, size)) / 10)));
  return `${rounded(size / 1024 ** power)} ${units[power]}`;
}

function rounded(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
