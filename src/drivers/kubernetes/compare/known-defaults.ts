import type { Json, JsonObject } from '../../../json/json.ts';
import { equal, isMap, valueAt } from '../../../json/value.ts';

/** Whether a live-only value is the default; `holder` is the live map that holds it, `live` the whole object. */
type Test = (value: Json, holder: JsonObject, live: JsonObject) => boolean;
type Table = Readonly<Record<string, Json | Test>>;

const empty: JsonObject = {};

/** An image without a tag, or tagged latest, is always pulled; one with a digest or another tag is not. */
const pullPolicy: Test = (value, holder) => {
  const image = String(holder['image'] ?? '');
  const tag = /:([^/@:]+)(?:@|$)/.exec(image)?.[1];
  const latest = image.includes('@') ? tag === 'latest' : tag === undefined || tag === 'latest';
  return value === (latest ? 'Always' : 'IfNotPresent');
};

const sameAs =
  (key: string): Test =>
  (value, holder) =>
    value === holder[key];

const probe = (name: string): Table => ({
  [`${name}/timeoutSeconds`]: 1,
  [`${name}/periodSeconds`]: 10,
  [`${name}/successThreshold`]: 1,
  [`${name}/failureThreshold`]: 3,
  [`${name}/httpGet/scheme`]: 'HTTP',
  [`${name}/httpGet/path`]: '/',
  [`${name}/grpc/service`]: '',
});

const container: Table = {
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  imagePullPolicy: pullPolicy,
  resources: empty,
  'ports/*/protocol': 'TCP',
  'env/*/valueFrom/fieldRef/apiVersion': 'v1',
  'lifecycle/postStart/httpGet/scheme': 'HTTP',
  'lifecycle/preStop/httpGet/scheme': 'HTTP',
  ...probe('livenessProbe'),
  ...probe('readinessProbe'),
  ...probe('startupProbe'),
};

const podSpec: Table = {
  restartPolicy: 'Always',
  dnsPolicy: 'ClusterFirst',
  schedulerName: 'default-scheduler',
  terminationGracePeriodSeconds: 30,
  securityContext: empty,
  serviceAccount: sameAs('serviceAccountName'),
  'volumes/*/configMap/defaultMode': 420,
  'volumes/*/secret/defaultMode': 420,
  'volumes/*/projected/defaultMode': 420,
  'volumes/*/downwardAPI/defaultMode': 420,
  'volumes/*/downwardAPI/items/*/fieldRef/apiVersion': 'v1',
  'volumes/*/projected/sources/*/downwardAPI/items/*/fieldRef/apiVersion': 'v1',
  'volumes/*/projected/sources/*/serviceAccountToken/expirationSeconds': 3600,
  'volumes/*/hostPath/type': '',
  ...under('containers/*', container),
  ...under('initContainers/*', container),
};

/** What admission gives each Pod, so that it outlives a node that is away for a while. */
const isDefaultToleration: Test = (_value, holder) =>
  ['not-ready', 'unreachable'].some(trouble =>
    equal(holder, {
      key: `node.kubernetes.io/${trouble}`,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: 300,
    }),
  );

const rollingUpdate: Test = (_value, _holder, live) => {
  const strategy = valueAt(live, ['spec', 'strategy', 'type']);
  return strategy === 'RollingUpdate';
};

const jobSpec: Table = {
  parallelism: 1,
  completions: (value, holder) => value === 1 && holder['parallelism'] === 1,
  backoffLimit: 6,
  completionMode: 'NonIndexed',
  suspend: false,
  manualSelector: false,
  podReplacementPolicy: 'TerminatingOrFailed',
};

const claim: Table = { 'spec/volumeMode': 'Filesystem' };

const webhooks: Table = {
  'webhooks/*/failurePolicy': 'Fail',
  'webhooks/*/matchPolicy': 'Equivalent',
  'webhooks/*/namespaceSelector': empty,
  'webhooks/*/objectSelector': empty,
  'webhooks/*/timeoutSeconds': 10,
  'webhooks/*/rules/*/scope': '*',
  'webhooks/*/clientConfig/service/port': 443,
};

const rbacGroup = 'rbac.authorization.k8s.io';
const binding: Table = {
  'roleRef/apiGroup': rbacGroup,
  'subjects/*/apiGroup': (value, holder) => value === (holder['kind'] === 'ServiceAccount' ? '' : rbacGroup),
};

const exposed: Test = (_value, holder) => holder['type'] === 'NodePort' || holder['type'] === 'LoadBalancer';

/** The list as a whole: without its Egress an egress policy allows everything. */
const policyTypes: Test = (_value, _holder, live) => {
  const egress = valueAt(live, ['spec', 'egress']);
  const wanted = Array.isArray(egress) && egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  return equal(valueAt(live, ['spec', 'policyTypes']), wanted);
};

/**
 * What Kubernetes documents as the default of a field, per kind; the defaults of a served v1 may not change. A value that equals
 * it is no drift, whoever set it. What is not here is asked of the server.
 */
const tables: Readonly<Record<string, Table>> = {
  Pod: {
    ...under('spec', podSpec),
    'spec/enableServiceLinks': true,
    'spec/serviceAccountName': 'default',
    'spec/priority': (value, holder) => value === 0 && holder['priorityClassName'] === undefined,
    'spec/preemptionPolicy': (value, holder) =>
      value === 'PreemptLowerPriority' && holder['priorityClassName'] === undefined,
    'spec/tolerations/*/key': isDefaultToleration,
    'spec/tolerations/*/operator': isDefaultToleration,
    'spec/tolerations/*/effect': isDefaultToleration,
    'spec/tolerations/*/tolerationSeconds': isDefaultToleration,
  },
  'apps/Deployment': {
    'spec/replicas': 1,
    'spec/progressDeadlineSeconds': 600,
    'spec/revisionHistoryLimit': 10,
    'spec/strategy/type': 'RollingUpdate',
    'spec/strategy/rollingUpdate/maxSurge': (value, holder, live) =>
      value === '25%' && rollingUpdate(value, holder, live),
    'spec/strategy/rollingUpdate/maxUnavailable': (value, holder, live) =>
      value === '25%' && rollingUpdate(value, holder, live),
    ...under('spec/template/spec', podSpec),
  },
  'apps/ReplicaSet': { 'spec/replicas': 1, ...under('spec/template/spec', podSpec) },
  'apps/StatefulSet': {
    'spec/replicas': 1,
    'spec/podManagementPolicy': 'OrderedReady',
    'spec/revisionHistoryLimit': 10,
    'spec/updateStrategy/type': 'RollingUpdate',
    'spec/updateStrategy/rollingUpdate/partition': 0,
    'spec/persistentVolumeClaimRetentionPolicy/whenDeleted': 'Retain',
    'spec/persistentVolumeClaimRetentionPolicy/whenScaled': 'Retain',
    'spec/volumeClaimTemplates/*/apiVersion': 'v1',
    'spec/volumeClaimTemplates/*/kind': 'PersistentVolumeClaim',
    'spec/volumeClaimTemplates/*/status/phase': 'Pending',
    ...under('spec/volumeClaimTemplates/*', claim),
    ...under('spec/template/spec', podSpec),
  },
  'apps/DaemonSet': {
    'spec/revisionHistoryLimit': 10,
    'spec/updateStrategy/type': 'RollingUpdate',
    'spec/updateStrategy/rollingUpdate/maxSurge': 0,
    'spec/updateStrategy/rollingUpdate/maxUnavailable': 1,
    ...under('spec/template/spec', podSpec),
  },
  ReplicationController: { 'spec/replicas': 1, ...under('spec/template/spec', podSpec) },
  'batch/Job': { ...under('spec', jobSpec), ...under('spec/template/spec', podSpec) },
  'batch/CronJob': {
    'spec/concurrencyPolicy': 'Allow',
    'spec/suspend': false,
    'spec/successfulJobsHistoryLimit': 3,
    'spec/failedJobsHistoryLimit': 1,
    'spec/jobTemplate/metadata': empty,
    'spec/jobTemplate/spec/template/metadata': empty,
    ...under('spec/jobTemplate/spec/template/spec', podSpec),
  },
  Service: {
    'spec/type': 'ClusterIP',
    'spec/sessionAffinity': 'None',
    'spec/internalTrafficPolicy': 'Cluster',
    'spec/ipFamilyPolicy': 'SingleStack',
    'spec/externalTrafficPolicy': (value, holder, live) =>
      value === 'Cluster' && exposed(value, holder, live),
    'spec/allocateLoadBalancerNodePorts': (value, holder) =>
      value === true && holder['type'] === 'LoadBalancer',
    'spec/ports/*/protocol': 'TCP',
    'spec/ports/*/targetPort': sameAs('port'),
  },
  Secret: { type: 'Opaque' },
  Namespace: {},
  PersistentVolumeClaim: claim,
  PersistentVolume: { 'spec/persistentVolumeReclaimPolicy': 'Retain', 'spec/volumeMode': 'Filesystem' },
  Endpoints: { 'subsets/*/ports/*/protocol': 'TCP' },
  'rbac.authorization.k8s.io/RoleBinding': binding,
  'rbac.authorization.k8s.io/ClusterRoleBinding': binding,
  'networking.k8s.io/NetworkPolicy': {
    'spec/policyTypes/*': policyTypes,
    'spec/ingress/*/ports/*/protocol': 'TCP',
    'spec/egress/*/ports/*/protocol': 'TCP',
  },
  'autoscaling/HorizontalPodAutoscaler': { 'spec/minReplicas': 1 },
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': webhooks,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': {
    ...webhooks,
    'webhooks/*/reinvocationPolicy': 'Never',
  },
  'apiextensions.k8s.io/CustomResourceDefinition': {
    'spec/conversion/strategy': 'None',
    'spec/names/singular': (value, holder) => value === String(holder['kind']).toLowerCase(),
    'spec/names/listKind': (value, holder) => value === `${holder['kind']}List`,
  },
  'apiregistration.k8s.io/APIService': { 'spec/service/port': 443 },
  'scheduling.k8s.io/PriorityClass': { preemptionPolicy: 'PreemptLowerPriority' },
  'storage.k8s.io/StorageClass': { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' },
};

/** As maps: names of kinds and fields come from outside, and may be those that objects have of themselves. */
const known = new Map(Object.entries(tables).map(([kind, table]) => [kind, new Map(Object.entries(table))]));

function under(prefix: string, table: Table): Table {
  return Object.fromEntries(Object.entries(table).map(([path, test]) => [`${prefix}/${path}`, test]));
}

/** Whether the live-only leaf at `path` has the value that the API documents as the default of a built-in kind. */
export function isKnownDefault(
  kind: { group: string; kind: string },
  live: JsonObject,
  path: readonly string[],
  value: Json,
): boolean {
  const table = known.get(kind.group === '' ? kind.kind : `${kind.group}/${kind.kind}`);
  const wanted = table?.get(generalised(path, live));
  if (wanted === undefined) return false;
  if (typeof wanted !== 'function')
    return isMap(wanted) ? isMap(value) && Object.keys(value).length === 0 : wanted === value;
  const holder = valueAt(live, path.slice(0, -1));
  return wanted(value, isMap(holder) ? holder : {}, live);
}

/** The path with `*` for every list position. */
export function generalised(path: readonly string[], live: Json): string {
  let at: Json | undefined = live;
  let text = '';
  for (const key of path) {
    const list = Array.isArray(at);
    text += text === '' ? (list ? '*' : key) : list ? '/*' : `/${key}`;
    if (Array.isArray(at)) at = at[Number(key)];
    else at = isMap(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return text;
}
