import { describe, expect, it } from 'vitest';
import { movedBy } from '../../../../../src/drivers/kubernetes/compare/delivery/moved.ts';
import type { JsonObject } from '../../../../../src/json/json.ts';

function rollout(spec: JsonObject): JsonObject {
  return { kind: 'Rollout', metadata: { name: 'cart' }, spec };
}

function canary(spec: JsonObject): JsonObject {
  return { kind: 'Canary', metadata: { name: 'cart' }, spec };
}

/** `selector /Service cart-stable`, as a short text. */
function told(object: JsonObject): string[] {
  return movedBy(object).map(({ moves, place }) => {
    const [group, kind, name] = JSON.parse(place) as string[];
    return `${moves} ${group}/${kind} ${name}`;
  });
}

const traffic = (trafficRouting: JsonObject) => rollout({ strategy: { canary: { trafficRouting } } });

describe('what a Rollout moves', () => {
  it.each<[string, JsonObject, string[]]>([
    [
      'the Services of a canary',
      rollout({ strategy: { canary: { stableService: 'stable', canaryService: 'canary' } } }),
      ['selector /Service stable', 'selector /Service canary'],
    ],
    [
      'the Services of a blue-green release',
      rollout({ strategy: { blueGreen: { activeService: 'active', previewService: 'preview' } } }),
      ['selector /Service active', 'selector /Service preview'],
    ],
    [
      'the workload that it was told to scale down',
      rollout({
        workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart', scaleDown: 'onsuccess' },
      }),
      ['replicas apps/Deployment cart'],
    ],
    [
      'no workload that it leaves as it is',
      rollout({ workloadRef: { kind: 'Deployment', name: 'cart' } }),
      [],
    ],
    [
      'the objects of Istio',
      traffic({
        istio: {
          virtualService: { name: 'a' },
          virtualServices: [{ name: 'b' }],
          destinationRule: { name: 'c' },
        },
      }),
      [
        'routes networking.istio.io/VirtualService a',
        'routes networking.istio.io/VirtualService b',
        'routes networking.istio.io/DestinationRule c',
      ],
    ],
    [
      'routes of the Gateway API, by its plugin',
      traffic({ plugins: { 'argoproj-labs/gatewayAPI': { httpRoute: 'a', grpcRoutes: [{ name: 'b' }] } } }),
      ['routes gateway.networking.k8s.io/HTTPRoute a', 'routes gateway.networking.k8s.io/GRPCRoute b'],
    ],
    [
      'the Ingress of a load balancer',
      traffic({ alb: { ingress: 'web' } }),
      ['routes networking.k8s.io/Ingress web'],
    ],
    ['nothing where it is no more than a name', { kind: 'Rollout', spec: 'x' }, []],
  ])('%s', (_what, object, expected) => {
    expect(told(object)).toEqual(expected);
  });

  it('knows the Pods that it runs and the routes that it makes', () => {
    const [moved] = movedBy({
      ...rollout({
        strategy: { canary: { stableService: 'a', trafficRouting: { managedRoutes: [{ name: 'header' }] } } },
      }),
      status: { stableRS: '5d8', currentPodHash: '7c4' },
    });

    expect(moved).toMatchObject({ hashes: new Set(['5d8', '7c4']), routes: new Set(['header']) });
  });
});

describe('what a Canary moves', () => {
  it('is its workload, and what has the name of the workload', () => {
    expect(told(canary({ targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart' } }))).toEqual(
      expect.arrayContaining([
        'replicas apps/Deployment cart',
        'selector /Service cart',
        'routes networking.istio.io/VirtualService cart',
        'routes gateway.networking.k8s.io/HTTPRoute cart',
      ]),
    );
  });

  it('is under the name of its Service where it says one', () => {
    const object = canary({ targetRef: { kind: 'Deployment', name: 'cart' }, service: { name: 'shop' } });

    expect(told(object)).toContain('selector /Service shop');
    expect(told(object)).not.toContain('selector /Service cart');
  });

  it('is the autoscaler of KEDA that it refers to', () => {
    const object = canary({
      targetRef: { kind: 'Deployment', name: 'cart' },
      autoscalerRef: { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', name: 'cart' },
    });

    expect(told(object)).toContain('scaler keda.sh/ScaledObject cart');
  });

  it('is nothing where it names no workload', () => {
    expect(movedBy(canary({}))).toEqual([]);
  });
});
