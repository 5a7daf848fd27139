import type { Kind } from '../../../../src/cluster/kind.ts';
import { itemName, type Shape } from '../../../../src/compare/keyed.ts';
import type { Json, JsonObject } from '../../../../src/json/json.ts';
import { isMap, pointerOf, valueAt } from '../../../../src/json/value.ts';
import type { Mutation } from './mutation.ts';

const podSpec: [string, Json][] = [
  ['hostNetwork', true],
  ['automountServiceAccountToken', false],
  ['nodeSelector', { 'by-hand': 'yes' }],
  ['priorityClassName', 'system-node-critical'],
  ['activeDeadlineSeconds', 4000],
  ['hostAliases', [{ ip: '10.1.2.3', hostnames: ['by-hand.example.com'] }]],
  ['tolerations', [{ key: 'by-hand', operator: 'Exists' }]],
  ['runtimeClassName', 'by-hand'],
];

/** Fields that declarations often lack and people set, by `group/Kind`. */
const fields: Readonly<Record<string, [string, Json][]>> = {
  'apps/Deployment': [
    ['spec/paused', true],
    ['spec/minReadySeconds', 7],
    ...podSpec.map(([field, value]): [string, Json] => [`spec/template/spec/${field}`, value]),
  ],
  'apps/StatefulSet': podSpec.map(([field, value]): [string, Json] => [`spec/template/spec/${field}`, value]),
  'apps/DaemonSet': podSpec.map(([field, value]): [string, Json] => [`spec/template/spec/${field}`, value]),
  '/ReplicationController': podSpec.map(([field, value]): [string, Json] => [
    `spec/template/spec/${field}`,
    value,
  ]),
  'batch/CronJob': [
    ['spec/timeZone', 'Europe/Zurich'],
    ['spec/startingDeadlineSeconds', 100],
    ['spec/jobTemplate/spec/ttlSecondsAfterFinished', 100],
  ],
  'batch/Job': [
    ['spec/ttlSecondsAfterFinished', 100_000],
    ['spec/activeDeadlineSeconds', 100_000],
  ],
  '/Pod': [['spec/activeDeadlineSeconds', 100_000]],
  '/Service': [
    ['spec/publishNotReadyAddresses', true],
    ['spec/externalIPs', ['10.9.8.7']],
    ['spec/loadBalancerSourceRanges', ['10.0.0.0/8']],
  ],
  '/ServiceAccount': [
    ['automountServiceAccountToken', false],
    ['imagePullSecrets', [{ name: 'by-hand' }]],
    ['secrets', [{ name: 'by-hand' }]],
  ],
  '/ConfigMap': [['binaryData', { 'by-hand.bin': 'aGFuZA==' }]],
  '/Endpoints': [['subsets', [{ addresses: [{ ip: '10.3.2.1' }], ports: [{ port: 80 }] }]]],
  '/PersistentVolume': [['spec/mountOptions', ['ro']]],
  'networking.k8s.io/Ingress': [
    ['spec/ingressClassName', 'by-hand'],
    ['spec/tls', [{ hosts: ['by-hand.example.com'], secretName: 'by-hand' }]],
    ['spec/defaultBackend', { service: { name: 'by-hand', port: { number: 80 } } }],
  ],
  'networking.k8s.io/NetworkPolicy': [['spec/ingress', [{}]]],
  'autoscaling/HorizontalPodAutoscaler': [
    ['spec/behavior', { scaleDown: { stabilizationWindowSeconds: 11 } }],
  ],
  'policy/PodDisruptionBudget': [['spec/unhealthyPodEvictionPolicy', 'AlwaysAllow']],
  'storage.k8s.io/StorageClass': [['allowVolumeExpansion', true]],
  'rbac.authorization.k8s.io/ClusterRole': [
    ['rules', [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]],
  ],
  'rbac.authorization.k8s.io/Role': [['rules', [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]]],
  'rbac.authorization.k8s.io/ClusterRoleBinding': [
    ['subjects', [{ kind: 'User', name: 'by-hand', apiGroup: 'rbac.authorization.k8s.io' }]],
  ],
};

/** Sets a field that live does not have; where its holder is missing too, nothing. */
export function absentFields(kind: Kind, live: JsonObject, shape: Shape | undefined): Mutation[] {
  return (fields[`${kind.group}/${kind.kind}`] ?? []).flatMap(([field, value]) => {
    const path = field.split('/');
    const holder = valueAt(live, path.slice(0, -1));
    if (!isMap(holder) || holder[path.at(-1) ?? ''] !== undefined) return [];
    const told = [...path, ...firstOf(value, shapeAt(shape, path))];
    return [
      { what: 'add a field', patch: [{ op: 'add', path: pointerOf(path), value }], paths: [pointerOf(told)] },
    ];
  });
}

function shapeAt(shape: Shape | undefined, path: readonly string[]): Shape | undefined {
  let at = shape;
  for (const key of path) at = at?.child(key);
  return at;
}

/** How findings name the first item or key of what is added. */
function firstOf(value: Json, shape: Shape | undefined): string[] {
  if (isMap(value)) {
    const [key, child] = Object.entries(value)[0] ?? ['', null];
    return [key, ...firstOf(child, shape?.child(key))];
  }
  if (!Array.isArray(value)) return [];
  const keys = shape?.mergeKeys;
  return [(keys && itemName(value[0] ?? null, [...keys].sort())) ?? '0'];
}
