import { owners } from '../../../../compare/attribution.ts';
import { valueAt } from '../../../../json/value.ts';
import type { ExemptionFacts, Rule } from '../exemptions.ts';
import type { Delivery } from './moved.ts';
import { sameButForTraffic } from './traffic.ts';

/**
 * The names under which the controllers write: those of their programs. The plugin for the Gateway API is a program of its own,
 * whose name is that of the file that it was loaded from.
 */
const managers = {
  Rollout: /^(rollouts-controller|argo-rollouts|gateway-?api[\w.-]*)$/i,
  Canary: /^flagger$/,
} as const;

const rules: readonly Rule[] = [
  {
    name: 'selector set by a Rollout',
    kinds: ['Service'],
    paths: ['/spec/selector/rollouts-pod-template-hash'],
    declaredToo: true,
    when: facts => has(facts, 'selector', each => each.by === 'Rollout' && isHash(facts, each)),
  },
  {
    name: 'subset pointed at its Pods by a Rollout',
    kinds: ['networking.istio.io/DestinationRule'],
    paths: ['/spec/subsets/*/labels/rollouts-pod-template-hash'],
    declaredToo: true,
    when: facts => has(facts, 'routes', each => isHash(facts, each)),
  },
  {
    name: 'selector set by a Canary',
    kinds: ['Service'],
    paths: ['/spec/selector/*'],
    declaredToo: true,
    // an apex Service leads to the primary workload, which has the same label with another value
    when: facts =>
      has(facts, 'selector', each => facts.value === `${each.workload}-primary` && isSet(facts, each)),
  },
  {
    name: 'replicas set by a Rollout or Canary',
    kinds: ['Deployment', 'StatefulSet', 'ReplicaSet'].map(kind => `apps/${kind}`),
    paths: ['/spec/replicas'],
    declaredToo: true,
    when: facts => has(facts, 'replicas', each => isWritten(facts, each)),
  },
  {
    name: 'DaemonSet held back by a Canary',
    kinds: ['apps/DaemonSet'],
    paths: ['/spec/template/spec/nodeSelector/flagger.app~1scale-to-zero'],
    when: facts => has(facts, 'replicas', each => each.by === 'Canary' && isWritten(facts, each)),
  },
  {
    name: 'traffic shared out by a Rollout or Canary',
    kinds: ['networking.istio.io/VirtualService'],
    paths: ['http', 'tls', 'tcp'].map(list => `/spec/${list}/*/route/*/weight`),
    declaredToo: true,
    when: facts => has(facts, 'routes', each => isSet(facts, each)),
  },
  {
    name: 'routes made by a Rollout',
    kinds: ['networking.istio.io/VirtualService'],
    paths: ['/spec/http/**'],
    declaredToo: true,
    when: facts =>
      has(
        facts,
        'routes',
        each =>
          each.routes.size > 0 &&
          isSet({ ...facts, path: ['spec', 'http'] }, each) &&
          sameButForTraffic(
            valueAt(facts.declared, ['spec', 'http']),
            valueAt(facts.live, ['spec', 'http']),
            each.routes,
          ),
      ),
  },
  {
    name: 'traffic shared out by a Rollout or Canary',
    kinds: ['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute'].map(
      kind => `gateway.networking.k8s.io/${kind}`,
    ),
    paths: ['/spec/rules/*/backendRefs/*/weight'],
    declaredToo: true,
    when: facts => has(facts, 'routes', each => isSet(facts, each)),
  },
  {
    name: 'traffic shared out by a Rollout or Canary',
    kinds: ['split.smi-spec.io/TrafficSplit'],
    paths: ['/spec/backends/*/weight'],
    declaredToo: true,
    when: facts => has(facts, 'routes', each => isSet(facts, each)),
  },
  {
    name: 'traffic shared out by a Rollout or Canary',
    kinds: ['traefik.io/TraefikService', 'traefik.containo.us/TraefikService'],
    paths: ['/spec/weighted/services/*/weight'],
    declaredToo: true,
    when: facts => has(facts, 'routes', each => isSet(facts, each)),
  },
  {
    name: 'traffic shared out by a Rollout or Canary',
    kinds: ['networking.k8s.io/Ingress'],
    paths: ['/metadata/annotations/*'],
    declaredToo: true,
    when: facts =>
      /^(alb\.ingress\.kubernetes\.io\/actions\..+|rollouts\.argoproj\.io\/managed-alb-actions)$/.test(
        facts.path[2] ?? '',
      ) && has(facts, 'routes', each => isWritten(facts, each)),
  },
  {
    name: 'marked by a Rollout as its own',
    paths: [
      '/metadata/annotations/argo-rollouts.argoproj.io~1managed-by-rollouts',
      '/metadata/labels/rollouts.argoproj.io~1gatewayapi-canary',
    ],
    when: facts => facts.deliveries?.some(each => each.by === 'Rollout' && isWritten(facts, each)) === true,
  },
  {
    name: 'autoscaler held still by a Canary',
    kinds: ['keda.sh/ScaledObject'],
    paths: ['/metadata/annotations/autoscaling.keda.sh~1paused-replicas'],
    declaredToo: true,
    when: facts => has(facts, 'scaler', each => isWritten(facts, each)),
  },
  {
    kinds: ['argoproj.io/Rollout'],
    paths: ['revision', 'workload-generation'].map(
      name => `/metadata/annotations/rollout.argoproj.io~1${name}`,
    ),
    declaredToo: true,
    when: facts => isWrittenBy(facts, managers.Rollout),
  },
  {
    name: 'rollout restart',
    kinds: ['argoproj.io/Rollout'],
    paths: ['/spec/restartAt'],
    when: ({ value }) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(String(value)),
  },
];

/** The fields that Argo Rollouts and Flagger move while they shift a release: only in what a live Rollout or Canary refers to. */
export const deliveryRules: readonly Rule[] = rules.map(rule => ({ ...rule, rests: true }));

function has(
  { deliveries = [] }: ExemptionFacts,
  moves: Delivery['moves'],
  is: (delivery: Delivery) => boolean,
): boolean {
  return deliveries.some(each => each.moves === moves && is(each));
}

/** Whoever changes a value takes it from all who owned it before: so the controller's own value is there while it is an owner. */
function isWritten(facts: ExemptionFacts, { by }: Delivery): boolean {
  return isWrittenBy(facts, managers[by]);
}

function isWrittenBy({ live, path }: ExemptionFacts, manager: RegExp): boolean {
  return owners(live, path).some(owner => manager.test(owner.manager));
}

/**
 * The same of a part of a whole that is owned as one (a selector, a list of routes): applying another part of it makes it ours
 * alone, with what the controller had set there.
 */
function isSet(facts: ExemptionFacts, delivery: Delivery): boolean {
  const kept = owners(facts.live, facts.path).some(
    ({ manager, operation }) => manager === 'holdfast' && operation === 'Apply',
  );
  return kept || isWritten(facts, delivery);
}

/** Set by the controller, or kept by us as the Rollout itself says it. */
function isHash(facts: ExemptionFacts, delivery: Delivery): boolean {
  return isWritten(facts, delivery) || (isSet(facts, delivery) && delivery.hashes.has(String(facts.value)));
}
