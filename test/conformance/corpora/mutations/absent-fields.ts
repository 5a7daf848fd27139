import { isMap, pointerOf, valueAt } from '../../../../src/compare/value.ts';
import type { Json, JsonObject } from '../../../../src/declared/declaration.ts';
import type { Kind } from '../../../../src/drivers/kubernetes/cluster/kind.ts';
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
export function absentFields(kind: Kind, live: JsonObject): Mutation[] {
  return (fields[`${kind.group}/${kind.kind}`] ?? []).flatMap(([field, value]) => {
    const path = field.split('/');
    const holder = valueAt(live, path.slice(0, -1));
    if (!isMap(holder) || holder[path.at(-1) ?? ''] !== undefined) return [];
    const first = Array.isArray(value) ? undefined : isMap(value) ? Object.keys(value)[0] : undefined;
    const told = Array.isArray(value)
      ? [...path, firstItem(path, value)]
      : first === undefined
        ? path
        : [...path, first];
    return [
      {
        what: 'add a field',
        patch: [{ op: 'add', path: pointerOf(path), value }],
        paths: [pointerOf(told)],
      },
    ];
  });
}

/** How findings name the one item that is added. */
function firstItem(path: readonly string[], [item]: Json[]): string {
  const field = path.at(-1);
  if (!isMap(item)) return '0';
  if (field === 'hostAliases') return `ip=${item['ip']}`;
  return field === 'imagePullSecrets' || field === 'secrets' ? `name=${item['name']}` : '0';
}
