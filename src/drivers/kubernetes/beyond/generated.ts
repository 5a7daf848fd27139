/** What of its metadata tells where a live object comes from. */
export interface Marks {
  /** `ConfigMap`, `apps/Deployment`. */
  kind: string;
  namespace: string;
  name: string;
  /** The kinds of its owners. */
  owners: readonly string[];
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
}

/** Where a live object comes from, if not from its owners. */
export type Origin =
  | /** The cluster makes it by itself. */ { from: 'cluster' }
  /** It belongs to an object of the same namespace; of several names the one that exists. */
  | { from: 'object'; kind: string; names: readonly string[] }
  /** A Helm release holds it, or it is the record of one. */
  | { from: 'release'; release: string; namespace: string };

interface Rule {
  /** Told under this name in the report. */
  rule: string;
  kinds: readonly string[];
  origin(marks: Marks): Origin | undefined;
}

const byCluster = (is: boolean): Origin | undefined => (is ? { from: 'cluster' } : undefined);
const of = (kind: string, name: string | undefined): Origin | undefined =>
  name === undefined || name === '' ? undefined : { from: 'object', kind, names: [name] };

/**
 * Objects that the cluster, or a controller that many clusters run, makes without an owner. They are not `unmanaged`: those
 * of the cluster never, those of an object as long as that object lives. The first rule that fits counts.
 */
const rules: readonly Rule[] = [
  {
    rule: 'default ServiceAccount of a namespace',
    kinds: ['ServiceAccount'],
    origin: ({ name }) => byCluster(name === 'default'),
  },
  {
    rule: 'CA certificate that is published to each namespace',
    kinds: ['ConfigMap'],
    origin: ({ name, labels }) =>
      byCluster(
        name === 'kube-root-ca.crt' ||
          name === 'openshift-service-ca.crt' ||
          (name === 'istio-ca-root-cert' && labels['istio.io/config'] === 'true'),
      ),
  },
  {
    rule: 'token of a ServiceAccount',
    kinds: ['Secret'],
    origin: ({ name, annotations }) => {
      const account = annotations['kubernetes.io/service-account.name'];
      // one that a person asked for has a name of its own
      const made = account !== undefined && /^-token-[a-z0-9]{5}$/.test(name.slice(account.length));
      return made && name.startsWith(account) ? of('ServiceAccount', account) : undefined;
    },
  },
  {
    rule: 'token with which nodes join',
    kinds: ['Secret'],
    origin: ({ name, namespace }) =>
      byCluster(namespace === 'kube-system' && /^bootstrap-token-[a-z0-9]{6}$/.test(name)),
  },
  {
    rule: 'access to the API server itself',
    kinds: ['Service', 'Endpoints', 'discovery.k8s.io/EndpointSlice'],
    origin: ({ name, namespace }) => byCluster(namespace === 'default' && name === 'kubernetes'),
  },
  {
    rule: 'bootstrapped by the API server',
    kinds: ['rbac.authorization.k8s.io/Role', 'rbac.authorization.k8s.io/RoleBinding'],
    origin: ({ labels, namespace }) =>
      byCluster(
        ['kube-system', 'kube-public'].includes(namespace) &&
          labels['kubernetes.io/bootstrapping'] === 'rbac-defaults',
      ),
  },
  {
    rule: 'settings that the API server publishes',
    kinds: ['ConfigMap'],
    origin: ({ name, namespace }) =>
      byCluster(
        namespace === 'kube-system' &&
          (name === 'extension-apiserver-authentication' ||
            name === 'kube-apiserver-legacy-service-account-token-tracking'),
      ),
  },
  {
    rule: 'static Pod of a node',
    kinds: ['Pod'],
    origin: ({ annotations, owners }) =>
      byCluster(annotations['kubernetes.io/config.mirror'] !== undefined && owners.includes('Node')),
  },
  {
    rule: 'Endpoints of a Service',
    kinds: ['Endpoints'],
    origin: ({ name }) => of('Service', name),
  },
  {
    rule: 'volume claim from the template of a StatefulSet',
    kinds: ['PersistentVolumeClaim'],
    origin: ({ name }) => {
      const parts = /^(.+)-\d+$/.exec(name)?.[1]?.split('-') ?? [];
      const names = parts.slice(1).map((_, index) => parts.slice(index + 1).join('-'));
      return names.length === 0 ? undefined : { from: 'object', kind: 'apps/StatefulSet', names };
    },
  },
  {
    rule: 'Secret of a cert-manager Certificate',
    kinds: ['Secret'],
    origin: ({ annotations }) =>
      of('cert-manager.io/Certificate', annotations['cert-manager.io/certificate-name']),
  },
  {
    rule: 'record of a declared Helm release',
    kinds: ['Secret', 'ConfigMap'],
    origin: ({ name, namespace, labels }) => {
      const release = labels['name'];
      const record = labels['owner'] === 'helm' && name.startsWith(`sh.helm.release.v1.${release}.v`);
      return record && release !== undefined ? { from: 'release', release, namespace } : undefined;
    },
  },
];

/** Where an object comes from, as far as the table tells, and by which rule. */
export function originOf(marks: Marks): { rule: string; origin: Origin } | undefined {
  for (const { rule, kinds, origin } of rules) {
    const found = kinds.includes(marks.kind) ? origin(marks) : undefined;
    if (found !== undefined) return { rule, origin: found };
  }
  const release = marks.annotations['meta.helm.sh/release-name'];
  if (release === undefined) return undefined;
  const namespace = marks.annotations['meta.helm.sh/release-namespace'] ?? marks.namespace;
  return { rule: 'object of a declared Helm release', origin: { from: 'release', release, namespace } };
}
