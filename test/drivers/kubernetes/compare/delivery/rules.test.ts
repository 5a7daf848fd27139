import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../../../../src/drivers/kubernetes/compare/delivery/moved.ts';
import { exemption } from '../../../../../src/drivers/kubernetes/compare/exemptions.ts';
import type { Json, JsonObject } from '../../../../../src/json/json.ts';

const none: ReadonlySet<string> = new Set();
const rollout = (moves: Delivery['moves'], more: Partial<Delivery> = {}): Delivery => ({
  by: 'Rollout',
  name: 'cart',
  moves,
  hashes: new Set(['5d8']),
  routes: none,
  ...more,
});
const canary = (moves: Delivery['moves']): Delivery => ({
  by: 'Canary',
  name: 'cart',
  moves,
  hashes: none,
  routes: none,
  workload: 'cart',
});

interface Asked {
  kind: string;
  path: readonly string[];
  op?: 'added' | 'changed' | 'removed';
  value?: Json;
  live?: JsonObject;
  declared?: JsonObject;
  deliveries?: Delivery[];
}

function ruleFor({
  kind,
  path,
  op = 'changed',
  value = 0,
  live = {},
  declared = {},
  deliveries = [],
}: Asked) {
  const slash = kind.indexOf('/');
  const served = { group: kind.slice(0, Math.max(slash, 0)), kind: kind.slice(slash + 1) };
  return exemption({ kind: served, path, op, value, live, declared, deliveries, by: () => undefined })?.name;
}

/** A live object of which one place is owned by these managers. */
function owned(fieldsV1: JsonObject, ...managers: string[]): JsonObject {
  const managedFields = managers.map(manager => ({
    manager,
    operation: manager === 'holdfast' ? 'Apply' : 'Update',
    fieldsV1,
  }));
  return { metadata: { managedFields } };
}

const replicas = { 'f:spec': { 'f:replicas': {} } };
const selector = { 'f:spec': { 'f:selector': {} } };
const http = { 'f:spec': { 'f:http': {} } };

const scaled = { kind: 'apps/Deployment', path: ['spec', 'replicas'] };
const hash = {
  kind: 'Service',
  path: ['spec', 'selector', 'rollouts-pod-template-hash'],
  op: 'added',
} as const;
const apex = { kind: 'Service', path: ['spec', 'selector', 'app'], value: 'cart-primary' };
const weight = {
  kind: 'networking.istio.io/VirtualService',
  path: ['spec', 'http', '0', 'route', '1', 'weight'],
};

describe('fields that a release in progress moves', () => {
  it.each<[string, Asked]>([
    [
      'replicas that a Rollout scales down',
      { ...scaled, live: owned(replicas, 'rollouts-controller'), deliveries: [rollout('replicas')] },
    ],
    [
      'replicas that Flagger scales, kept by an apply since',
      { ...scaled, live: owned(replicas, 'flagger', 'holdfast'), deliveries: [canary('replicas')] },
    ],
    [
      'the hash in a selector',
      {
        ...hash,
        value: 'abc',
        live: owned(selector, 'rollouts-controller'),
        deliveries: [rollout('selector')],
      },
    ],
    [
      'the hash that is the Rollout’s own, kept by an apply since',
      { ...hash, value: '5d8', live: owned(selector, 'holdfast'), deliveries: [rollout('selector')] },
    ],
    [
      'the selector of an apex Service',
      { ...apex, live: owned(selector, 'flagger'), deliveries: [canary('selector')] },
    ],
    ['weights', { ...weight, live: owned(http, 'rollouts-controller'), deliveries: [rollout('routes')] }],
    [
      'weights, kept by an apply since',
      { ...weight, live: owned(http, 'holdfast'), deliveries: [canary('routes')] },
    ],
  ])('%s', (_what, asked) => {
    expect(ruleFor(asked)).toBeDefined();
  });

  it.each<[string, Asked]>([
    [
      'replicas that a hand set',
      { ...scaled, live: owned(replicas, 'kubectl-edit'), deliveries: [rollout('replicas')] },
    ],
    ['replicas of a workload that no Canary refers to', { ...scaled, live: owned(replicas, 'flagger') }],
    [
      'replicas under a Rollout that moves its Services alone',
      { ...scaled, live: owned(replicas, 'rollouts-controller'), deliveries: [rollout('selector')] },
    ],
    [
      'replicas that the other controller set',
      { ...scaled, live: owned(replicas, 'flagger'), deliveries: [rollout('replicas')] },
    ],
    [
      'a hash that a hand set',
      { ...hash, value: '5d8', live: owned(selector, 'kubectl-patch'), deliveries: [rollout('selector')] },
    ],
    [
      'a hash of no Pods of the Rollout, kept by an apply',
      { ...hash, value: 'abc', live: owned(selector, 'holdfast'), deliveries: [rollout('selector')] },
    ],
    [
      'a selector that leads elsewhere',
      { ...apex, value: 'evil', live: owned(selector, 'flagger'), deliveries: [canary('selector')] },
    ],
    [
      'another field of a route',
      {
        ...weight,
        path: ['spec', 'http', '0', 'route', '0', 'destination', 'host'],
        live: owned(http, 'rollouts-controller'),
        deliveries: [rollout('routes')],
      },
    ],
    [
      'weights that a hand set',
      { ...weight, live: owned(http, 'kubectl-edit'), deliveries: [rollout('routes')] },
    ],
  ])('are not: %s', (_what, asked) => {
    expect(ruleFor(asked)).toBeUndefined();
  });
});

describe('routes that a Rollout makes', () => {
  const route = (host: string, weight: number): JsonObject => ({ destination: { host }, weight });
  const declared: JsonObject = {
    spec: { http: [{ name: 'main', route: [route('stable', 100), route('canary', 0)] }] },
  };
  const made: JsonObject = { name: 'header', match: [], route: [route('canary', 100)] };
  const live = (main: Json, manager = 'rollouts-controller'): JsonObject => ({
    ...owned(http, manager),
    spec: { http: [made, main] },
  });
  const deliveries = [rollout('routes', { routes: new Set(['header']) })];
  const asked = (seen: JsonObject): Asked => ({
    kind: 'networking.istio.io/VirtualService',
    path: ['spec', 'http', '0', 'name'],
    declared,
    live: seen,
    deliveries,
  });

  it('leave the others as they are declared, but for their weights', () => {
    const moved = { name: 'main', route: [route('stable', 80), route('canary', 20)] };

    expect(ruleFor(asked(live(moved)))).toBe('routes made by a Rollout');
  });

  it('excuse no other change beside them', () => {
    const moved = { name: 'main', route: [route('elsewhere', 80), route('canary', 20)] };

    expect(ruleFor(asked(live(moved)))).toBeUndefined();
  });

  it('excuse nothing that a hand wrote', () => {
    const moved = { name: 'main', route: [route('stable', 80), route('canary', 20)] };

    expect(ruleFor(asked(live(moved, 'kubectl-edit')))).toBeUndefined();
  });
});
