import { splitApiVersion } from '../../../../cluster/kind.ts';
import type { Json, JsonObject } from '../../../../json/json.ts';
import { isMap, valueAt } from '../../../../json/value.ts';

/** What a Rollout or a Canary moves of another object of its namespace. */
export interface Delivery {
  by: 'Rollout' | 'Canary';
  /** Its name. */
  name: string;
  /**
   * `replicas`: it scales the workload. `selector`: it points the Service at its Pods. `routes`: it shares out traffic there.
   * `scaler`: it holds the autoscaler of its workload still.
   */
  moves: 'replicas' | 'selector' | 'routes' | 'scaler';
  /** Of a Rollout: the hashes of the Pods that it runs. */
  hashes: ReadonlySet<string>;
  /** Of a Rollout: names of the routes that it makes and removes itself. */
  routes: ReadonlySet<string>;
  /** Of a Canary: the name of its workload. */
  workload?: string;
}

type Moved = Delivery & { place: string };

/** Kinds of which fields are moved, `group/Kind`; any other is not looked up. */
export const movedKinds: ReadonlySet<string> = new Set([
  '/Service',
  'apps/Deployment',
  'apps/DaemonSet',
  'apps/StatefulSet',
  'apps/ReplicaSet',
  'networking.k8s.io/Ingress',
  'networking.istio.io/VirtualService',
  'networking.istio.io/DestinationRule',
  'gateway.networking.k8s.io/HTTPRoute',
  'gateway.networking.k8s.io/GRPCRoute',
  'gateway.networking.k8s.io/TCPRoute',
  'gateway.networking.k8s.io/TLSRoute',
  'split.smi-spec.io/TrafficSplit',
  'traefik.io/TraefikService',
  'traefik.containo.us/TraefikService',
  'keda.sh/ScaledObject',
]);

export function placeKey(group: string, kind: string, name: string): string {
  return JSON.stringify([group, kind, name]);
}

/** What one live Rollout (argoproj.io) or Canary (flagger.app) moves. */
export function movedBy(object: JsonObject): Moved[] {
  return object['kind'] === 'Canary' ? movedByCanary(object) : movedByRollout(object);
}

function movedByRollout(rollout: JsonObject): Moved[] {
  const at = (...path: string[]) => valueAt(rollout, ['spec', ...path]);
  const common = {
    by: 'Rollout' as const,
    name: text(valueAt(rollout, ['metadata', 'name'])),
    hashes: hashesOf(rollout),
    routes: new Set(items(at('strategy', 'canary', 'trafficRouting', 'managedRoutes')).map(nameIn)),
  };
  const moved: Moved[] = [];
  const add = (moves: Delivery['moves'], group: string, kind: string, name: Json | undefined) => {
    if (typeof name === 'string' && name !== '')
      moved.push({ ...common, moves, place: placeKey(group, kind, name) });
  };
  const workload = at('workloadRef');
  const scales = valueAt(workload, ['scaleDown']);
  // without it the workload is left as it is
  if (scales === 'onsuccess' || scales === 'progressively')
    add('replicas', groupOf(workload), text(valueAt(workload, ['kind'])), valueAt(workload, ['name']));
  for (const path of servicesOfRollout) add('selector', '', 'Service', at('strategy', ...path));
  const traffic = at('strategy', 'canary', 'trafficRouting');
  const istio = valueAt(traffic, ['istio']);
  const services = [valueAt(istio, ['virtualService']), ...items(valueAt(istio, ['virtualServices']))];
  for (const service of services)
    add('routes', 'networking.istio.io', 'VirtualService', valueAt(service, ['name']));
  add('routes', 'networking.istio.io', 'DestinationRule', valueAt(istio, ['destinationRule', 'name']));
  for (const controller of ['nginx', 'alb']) {
    const ingress = valueAt(traffic, [controller]);
    add('routes', 'networking.k8s.io', 'Ingress', valueAt(ingress, ['stableIngress']));
    add('routes', 'networking.k8s.io', 'Ingress', valueAt(ingress, ['ingress']));
    for (const name of items(valueAt(ingress, ['stableIngresses'])))
      add('routes', 'networking.k8s.io', 'Ingress', name);
  }
  add('routes', 'split.smi-spec.io', 'TrafficSplit', valueAt(traffic, ['smi', 'trafficSplitName']));
  for (const group of ['traefik.io', 'traefik.containo.us'])
    add('routes', group, 'TraefikService', valueAt(traffic, ['traefik', 'weightedTraefikServiceName']));
  const gateway = valueAt(traffic, ['plugins', 'argoproj-labs/gatewayAPI']);
  for (const [kind, one, several] of gatewayRoutes) {
    add('routes', 'gateway.networking.k8s.io', kind, valueAt(gateway, [one]));
    for (const route of items(valueAt(gateway, [several])))
      add('routes', 'gateway.networking.k8s.io', kind, valueAt(route, ['name']));
  }
  return moved;
}

const servicesOfRollout = [
  ['canary', 'stableService'],
  ['canary', 'canaryService'],
  ['canary', 'pingPong', 'pingService'],
  ['canary', 'pingPong', 'pongService'],
  ['blueGreen', 'activeService'],
  ['blueGreen', 'previewService'],
] as const;

const gatewayRoutes = [
  ['HTTPRoute', 'httpRoute', 'httpRoutes'],
  ['GRPCRoute', 'grpcRoute', 'grpcRoutes'],
  ['TCPRoute', 'tcpRoute', 'tcpRoutes'],
  ['TLSRoute', 'tlsRoute', 'tlsRoutes'],
] as const;

function hashesOf(rollout: JsonObject): Set<string> {
  const at = (...path: string[]) => valueAt(rollout, ['status', ...path]);
  const said = [
    at('stableRS'),
    at('currentPodHash'),
    at('blueGreen', 'activeSelector'),
    at('blueGreen', 'previewSelector'),
  ];
  return new Set(said.map(text).filter(Boolean));
}

/** The apex has the name of the Service that the Canary says, else that of its workload. */
function movedByCanary(canary: JsonObject): Moved[] {
  const target = valueAt(canary, ['spec', 'targetRef']);
  const workload = text(valueAt(target, ['name']));
  if (workload === '') return [];
  const apex = text(valueAt(canary, ['spec', 'service', 'name'])) || workload;
  const common = {
    by: 'Canary' as const,
    name: text(valueAt(canary, ['metadata', 'name'])),
    workload,
    hashes: new Set<string>(),
    routes: new Set<string>(),
  };
  const moved = (moves: Delivery['moves'], group: string, kind: string, name: string): Moved => ({
    ...common,
    moves,
    place: placeKey(group, kind, name),
  });
  const scaler = valueAt(canary, ['spec', 'autoscalerRef']);
  return [
    moved('replicas', groupOf(target), text(valueAt(target, ['kind'])), workload),
    moved('selector', '', 'Service', apex),
    moved('routes', 'networking.istio.io', 'VirtualService', apex),
    ...gatewayRoutes.map(([kind]) => moved('routes', 'gateway.networking.k8s.io', kind, apex)),
    moved('routes', 'split.smi-spec.io', 'TrafficSplit', apex),
    ...['traefik.io', 'traefik.containo.us'].map(group => moved('routes', group, 'TraefikService', apex)),
    ...(valueAt(scaler, ['kind']) === 'ScaledObject'
      ? [moved('scaler', 'keda.sh', 'ScaledObject', text(valueAt(scaler, ['name'])))]
      : []),
  ];
}

function groupOf(reference: Json | undefined): string {
  return splitApiVersion(text(valueAt(reference, ['apiVersion'])) || 'apps/v1').group;
}

function items(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function nameIn(item: Json): string {
  return isMap(item) ? text(item['name']) : '';
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
