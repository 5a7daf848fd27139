import { attribute } from '../../../compare/attribution.ts';
import type { Attribution, FieldChange } from '../../../findings/finding.ts';
import type { Json, JsonObject } from '../../../json/json.ts';
import { isMap, pathOf, valueAt } from '../../../json/value.ts';
import type { Delivery } from './delivery/moved.ts';
import { deliveryRules } from './delivery/rules.ts';
import { hands, isTouch } from './hands.ts';
import { extendsRules } from './webhook-rules.ts';

/** What a shipped rule judges by. */
export interface ExemptionFacts {
  kind: { group: string; kind: string };
  /** Map keys, list positions or item names. */
  path: readonly string[];
  op: FieldChange['op'];
  value: Json | undefined;
  live: JsonObject;
  /** The declaration, without identity and status. */
  declared: JsonObject;
  by: () => Attribution | undefined;
  /** A HorizontalPodAutoscaler scales the object. */
  autoscaled?: boolean;
  /** Rollouts and Canaries that move fields of the object. */
  deliveries?: readonly Delivery[];
}

/** A shipped rule: on what kinds, at what places, under what conditions a field is somebody else's. */
export interface Rule {
  /** Told in the report under this name. Housekeeping of the server itself has none and is not told. */
  name?: string;
  /** `Kind` or `group/Kind`; any kind where it is left out. */
  kinds?: readonly string[];
  /** Pointers with `*` for one key and `**` for the rest. */
  paths: readonly string[];
  /** Whether a declared value that differs is exempt as well; else only what live has more. */
  declaredToo?: true;
  when?: (facts: ExemptionFacts) => boolean;
  /** It holds because of another object. */
  rests?: true;
}

const controller = ({ by }: ExemptionFacts): boolean => {
  const manager = by()?.manager;
  return manager !== undefined && manager !== '' && !hands.test(manager);
};

const webhookKinds = [
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
];
const annotation = (name: string) => `/metadata/annotations/${name.replaceAll('/', '~1')}`;
const label = (name: string) => `/metadata/labels/${name.replaceAll('/', '~1')}`;

/** The shipped rules on who may legitimately hold a field that Git does not declare, or declares otherwise. */
const rules: readonly Rule[] = [
  {
    paths: [annotation('kubectl.kubernetes.io/last-applied-configuration')],
    declaredToo: true,
  },
  { paths: [annotation('kubernetes.io/change-cause')] },
  {
    name: 'rollout restart',
    paths: [`/spec/template${annotation('kubectl.kubernetes.io/restartedAt')}`],
    // dashboards restart by the same annotation; whoever did it, it only says when
    when: ({ value }) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(String(value)),
  },
  {
    kinds: ['apps/Deployment', 'apps/ReplicaSet'],
    paths: ['revision', 'revision-history', 'desired-replicas', 'max-replicas'].map(name =>
      annotation(`deployment.kubernetes.io/${name}`),
    ),
    declaredToo: true,
  },
  {
    kinds: ['apps/DaemonSet'],
    paths: [annotation('deprecated.daemonset.template.generation')],
    declaredToo: true,
  },
  {
    name: 'replicas set through the scale subresource by a controller',
    paths: ['/spec/replicas'],
    declaredToo: true,
    when: facts => facts.by()?.subresource === 'scale' && controller(facts),
  },
  {
    // scaling a workload whose replicas nobody owned leaves no entry in managedFields
    name: 'replicas set by a HorizontalPodAutoscaler',
    paths: ['/spec/replicas'],
    when: facts => facts.autoscaled === true && facts.by() === undefined,
    rests: true,
  },
  {
    name: 'caBundle injected by a controller',
    paths: [
      '/webhooks/*/clientConfig/caBundle',
      '/spec/caBundle',
      '/spec/conversion/webhook/clientConfig/caBundle',
    ],
    kinds: [
      ...webhookKinds,
      'apiregistration.k8s.io/APIService',
      'apiextensions.k8s.io/CustomResourceDefinition',
    ],
    declaredToo: true,
    when: controller,
  },
  {
    name: 'webhook extended by its controller',
    kinds: webhookKinds,
    paths: ['/webhooks/*/rules/**'],
    declaredToo: true,
    // by whom the list as a whole is held: a removal from it names nobody
    when: facts => {
      const at = facts.path.slice(0, 3);
      const by = () => attribute(facts.live, at);
      return controller({ ...facts, by }) && extendsRules(itemAt(facts.declared, at), itemAt(facts.live, at));
    },
  },
  {
    name: 'webhook extended by its controller',
    kinds: webhookKinds,
    paths: ['/webhooks/*/namespaceSelector/**', '/webhooks/*/objectSelector/**'],
    when: controller,
  },
  {
    name: 'rules of an aggregated ClusterRole',
    kinds: ['rbac.authorization.k8s.io/ClusterRole'],
    paths: ['/rules', '/rules/**'],
    declaredToo: true,
    // the controller writes the list as a whole, and writes it again when somebody else did
    when: ({ live }) =>
      isMap(live['aggregationRule']) &&
      Object.keys(live['aggregationRule']).length > 0 &&
      !isTouch(attribute(live, ['rules'])),
  },
  {
    name: 'bookkeeping of Helm',
    paths: [annotation('meta.helm.sh/release-name'), annotation('meta.helm.sh/release-namespace')],
    when: controller,
  },
  {
    name: 'bookkeeping of Helm',
    paths: [label('app.kubernetes.io/managed-by')],
    when: facts => facts.value === 'Helm' && controller(facts),
  },
  {
    kinds: ['Namespace'],
    paths: [label('kubernetes.io/metadata.name')],
    when: ({ live, value }) => value === valueAt(live, ['metadata', 'name']),
  },
  { kinds: ['Namespace'], paths: ['/spec/finalizers/*'], when: ({ value }) => value === 'kubernetes' },
  {
    kinds: ['Service'],
    paths: ['/spec/clusterIP', '/spec/clusterIPs/*', '/spec/ipFamilies/*'],
  },
  {
    // what the server allocates is nobody's; a number that somebody chose is theirs
    kinds: ['Service'],
    paths: ['/spec/healthCheckNodePort', '/spec/ports/*/nodePort'],
    when: ({ by }) => !hands.test(by()?.manager ?? ''),
  },
  {
    // also where Git holds a name that has been replaced by that of a CSI driver
    kinds: ['PersistentVolumeClaim'],
    paths: [
      annotation('volume.beta.kubernetes.io/storage-provisioner'),
      annotation('volume.kubernetes.io/storage-provisioner'),
    ],
    declaredToo: true,
    when: controller,
  },
  {
    kinds: ['PersistentVolumeClaim'],
    paths: [
      '/spec/volumeName',
      '/spec/storageClassName',
      ...['bind-completed', 'bound-by-controller', 'migrated-to'].map(name =>
        annotation(`pv.kubernetes.io/${name}`),
      ),
      annotation('volume.beta.kubernetes.io/storage-provisioner'),
      annotation('volume.kubernetes.io/storage-provisioner'),
      annotation('volume.kubernetes.io/selected-node'),
      annotation('volume.kubernetes.io/storage-resizer'),
    ],
  },
  { kinds: ['PersistentVolume'], paths: ['/spec/claimRef/**'], when: controller },
  {
    kinds: ['PersistentVolume'],
    paths: ['bound-by-controller', 'provisioned-by', 'migrated-to'].map(name =>
      annotation(`pv.kubernetes.io/${name}`),
    ),
  },
  {
    name: 'what a node and its controllers say of it',
    kinds: ['Node'],
    paths: [
      '/metadata/labels/*',
      '/metadata/annotations/*',
      '/spec/taints/**',
      '/spec/podCIDR',
      '/spec/podCIDRs/*',
      '/spec/providerID',
    ],
    when: controller,
  },
  {
    name: 'adopted by a controller',
    paths: ['/metadata/ownerReferences/**'],
    when: facts => {
      const item = itemAt(facts.live, facts.path.slice(0, 3));
      return isMap(item) && item['controller'] === true && controller(facts);
    },
  },
  { kinds: ['Pod'], paths: ['/spec/nodeName'] },
  { kinds: ['Pod'], paths: [annotation('kubernetes.io/limit-ranger')] },
  {
    // given once, when the Pod was made: the LimitRange may be another one by now
    name: 'resources that a LimitRange gave',
    kinds: ['Pod'],
    paths: ['containers', 'initContainers'].flatMap(list =>
      ['requests', 'limits'].map(sort => `/spec/${list}/*/resources/${sort}/*`),
    ),
    when: ({ path, live }) => isFromLimitRange(path, live),
  },
  { kinds: ['Pod'], paths: ['/spec/**'], when: ({ path, live }) => isTokenVolume(path, live) },
  {
    kinds: ['batch/Job'],
    paths: [
      'controller-uid',
      'batch.kubernetes.io~1controller-uid',
      'job-name',
      'batch.kubernetes.io~1job-name',
    ].flatMap(name => [
      `/metadata/labels/${name}`,
      `/spec/template/metadata/labels/${name}`,
      `/spec/selector/matchLabels/${name}`,
    ]),
  },
  {
    kinds: ['ServiceAccount'],
    paths: ['/secrets/**', '/imagePullSecrets/**'],
    when: ({ path, live, by }) => {
      if (isTouch(by())) return false;
      const item = itemAt(live, path.slice(0, 2));
      const name = String(valueAt(live, ['metadata', 'name']));
      const text = isMap(item) ? String(item['name']) : '';
      return text.startsWith(`${name}-token-`) || text.startsWith(`${name}-dockercfg-`);
    },
  },
  {
    kinds: ['Secret'],
    paths: [
      '/data/token',
      '/data/ca.crt',
      '/data/namespace',
      annotation('kubernetes.io/service-account.uid'),
    ],
    when: ({ live }) => live['type'] === 'kubernetes.io/service-account-token',
  },
  { paths: [annotation('prometheus-operator-validated')], kinds: ['monitoring.coreos.com/PrometheusRule'] },
  {
    paths: ['/metadata/finalizers/*'],
    when: ({ value, by }) =>
      /^(foregroundDeletion|orphan|([a-z0-9.-]+\.)?(kubernetes|k8s)\.io\/.+)$/.test(String(value)) &&
      !isTouch(by()),
  },
  { name: 'finalizer of a controller', paths: ['/metadata/finalizers/*'], when: controller },
  ...deliveryRules,
];

/** How a rule exempts a field. */
export interface FieldExemption {
  /** Undefined for plain housekeeping, which is not told. */
  name: string | undefined;
  /** What the rule is about: the field, or the whole that it is in. */
  path: readonly string[];
  rests?: true;
}

/** Which shipped rule exempts the field. Undefined: none does. */
export function exemption(facts: ExemptionFacts): FieldExemption | undefined {
  const kind = facts.kind.group === '' ? facts.kind.kind : `${facts.kind.group}/${facts.kind.kind}`;
  for (const rule of rulesFor(kind)) {
    if (facts.op !== 'added' && rule.declaredToo !== true) continue;
    const pattern = rule.patterns.find(each => fits(each, facts.path));
    if (pattern === undefined || rule.when?.(facts) === false) continue;
    const open = pattern.at(-1) === '**';
    return {
      name: rule.name,
      path: open ? facts.path.slice(0, pattern.length - 1) : facts.path,
      ...(rule.rests && { rests: true }),
    };
  }
  return undefined;
}

const compiled = rules.map(rule => ({ ...rule, patterns: rule.paths.map(pathOf) }));
const byKind = new Map<string, typeof compiled>();

/** The rules that can be about a kind; of custom kinds there are as many as people have. */
function rulesFor(kind: string): typeof compiled {
  let own = byKind.get(kind);
  if (own === undefined) {
    own = compiled.filter(({ kinds }) => kinds === undefined || kinds.includes(kind));
    if (byKind.size < 1_000) byKind.set(kind, own);
  }
  return own;
}

function fits(pattern: readonly string[], path: readonly string[]): boolean {
  const open = pattern.at(-1) === '**';
  const fixed = open ? pattern.length - 1 : pattern.length;
  if (open ? path.length <= fixed : path.length !== fixed) return false;
  for (let index = 0; index < fixed; index += 1) {
    const key = pattern[index];
    if (key !== '*' && key !== path[index]) return false;
  }
  return true;
}

/** The annotation lists what was given: `LimitRanger plugin set: cpu, memory request for container web; cpu limit for init container db`. */
function isFromLimitRange(path: readonly string[], live: JsonObject): boolean {
  const given = valueAt(live, ['metadata', 'annotations', 'kubernetes.io/limit-ranger']);
  const container = itemAt(live, path.slice(0, 3));
  if (typeof given !== 'string' || !isMap(container)) return false;
  const sort = path[4] === 'requests' ? 'request' : 'limit';
  const where = `${path[1] === 'initContainers' ? 'init ' : ''}container ${container['name']}`;
  const parts = given.replace(/^[^:]*: /, '').split('; ');
  const part = parts.find(each => each.endsWith(` ${sort} for ${where}`)) ?? '';
  const resources = part.slice(0, part.length - ` ${sort} for ${where}`.length).split(', ');
  return resources.includes(path[5] ?? '');
}

/** The volume of a Pod's service account token has a random name. */
function isTokenVolume(path: readonly string[], live: JsonObject): boolean {
  const depth = path[1] === 'volumes' ? 3 : 5;
  if (path[1] !== 'volumes' && path[3] !== 'volumeMounts') return false;
  const item = itemAt(live, path.slice(0, depth));
  return isMap(item) && /^kube-api-access-[a-z0-9]{5}$/.test(String(item['name']));
}

/** The list item at a path, whose items are given by position or by name (`name=web`, `mountPath=~1data`). */
function itemAt(live: Json, path: readonly string[]): Json | undefined {
  let at: Json | undefined = live;
  for (const key of path) {
    if (!Array.isArray(at) || /^\d+$/.test(key)) at = valueAt(at, [key]);
    else {
      const [name, value] = [key.slice(0, key.indexOf('=')), key.slice(key.indexOf('=') + 1)];
      at = at.find(item => isMap(item) && String(item[name]) === value);
    }
  }
  return at;
}
