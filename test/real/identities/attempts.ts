import { z } from 'zod';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import type { ApiRequest } from '../../../src/cluster/connection.ts';

/** One request that would change something if it were let through. */
export interface Attempt {
  what: string;
  method: NonNullable<ApiRequest['method']>;
  path: string;
  body?: unknown;
  contentType?: string;
  query?: NonNullable<ApiRequest['query']>;
}

/** A resource or subresource as the server's discovery lists it. */
export interface Served {
  /** `/apis/apps/v1/deployments`. */
  path: string;
  apiVersion: string;
  kind: string;
  plural: string;
  subresource: string | undefined;
  namespaced: boolean;
  verbs: string[];
}

const resources = z.object({
  resources: z.array(
    z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean(), verbs: z.array(z.string()) }),
  ),
});
const groups = z.object({
  groups: z.array(z.object({ versions: z.array(z.object({ groupVersion: z.string() })) })),
});

/** All that the server serves, with subresources. */
export async function served(cluster: Cluster): Promise<Served[]> {
  const listed = groups.parse((await cluster.connection.request({ path: '/apis' })).body);
  const versions = ['v1', ...listed.groups.flatMap(group => group.versions.map(each => each.groupVersion))];
  const found: Served[] = [];
  for (const apiVersion of versions) {
    const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
    const parsed = resources.safeParse((await cluster.connection.request({ path: root })).body);
    for (const { name, kind, namespaced, verbs } of parsed.data?.resources ?? []) {
      const [plural = '', subresource] = name.split('/');
      found.push({ path: `${root}/${plural}`, apiVersion, kind, plural, subresource, namespaced, verbs });
    }
  }
  return found;
}

type Sample = { apiVersion: string; kind: string; metadata: { name: string } } & Record<string, unknown>;

/** One valid object of each kind that matters, so that no request is refused merely for being wrong. */
export function everyKind(app: string): Sample[] {
  const of = (apiVersion: string, kind: string, rest: object = {}, namespaced = true): Sample => ({
    apiVersion,
    kind,
    metadata: namespaced ? { name: 'it', ...{ namespace: app } } : { name: `it-${app}` },
    ...rest,
  });
  const template = {
    metadata: { labels: { app: 'it' } },
    spec: { containers: [{ name: 'it', image: 'it:1' }] },
  };
  const workload = { selector: { matchLabels: { app: 'it' } }, template };
  const job = { ...template, spec: { ...template.spec, restartPolicy: 'Never' } };
  const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }];
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
  const subjects = [{ kind: 'ServiceAccount', name: 'it', namespace: app }];
  const group = `${app}.example.com`;
  return [
    of('v1', 'ConfigMap', { data: { a: '1' } }),
    of('v1', 'Secret', { stringData: { a: '1' } }),
    of('v1', 'ServiceAccount'),
    of('v1', 'Service', { spec: { ports: [{ port: 80 }], selector: { app: 'it' } } }),
    of('v1', 'Pod', { spec: template.spec }),
    of('v1', 'ReplicationController', { spec: { replicas: 0, selector: { app: 'it' }, template } }),
    of('v1', 'PersistentVolumeClaim', {
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    }),
    of('v1', 'LimitRange', { spec: { limits: [] } }),
    of('v1', 'ResourceQuota', { spec: { hard: { pods: '50' } } }),
    of('v1', 'Endpoints', { subsets: [] }),
    of('apps/v1', 'Deployment', { spec: { replicas: 0, ...workload } }),
    of('apps/v1', 'StatefulSet', { spec: { replicas: 0, serviceName: 'it', ...workload } }),
    of('apps/v1', 'DaemonSet', { spec: workload }),
    of('apps/v1', 'ReplicaSet', { spec: { replicas: 0, ...workload } }),
    of('batch/v1', 'Job', { spec: { suspend: true, template: job } }),
    of('batch/v1', 'CronJob', { spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: { template: job } } } }),
    of('autoscaling/v2', 'HorizontalPodAutoscaler', {
      spec: { maxReplicas: 1, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'it' } },
    }),
    of('policy/v1', 'PodDisruptionBudget', { spec: { selector: { matchLabels: { app: 'it' } } } }),
    of('networking.k8s.io/v1', 'NetworkPolicy', { spec: { podSelector: {} } }),
    of('networking.k8s.io/v1', 'Ingress', {
      spec: { defaultBackend: { service: { name: 'it', port: { number: 80 } } } },
    }),
    of('coordination.k8s.io/v1', 'Lease', { spec: {} }),
    of('rbac.authorization.k8s.io/v1', 'Role', { rules }),
    of('rbac.authorization.k8s.io/v1', 'RoleBinding', { roleRef, subjects }),
    of('rbac.authorization.k8s.io/v1', 'ClusterRole', { rules }, false),
    of('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', { roleRef, subjects }, false),
    of('v1', 'Namespace', {}, false),
    of(
      'v1',
      'PersistentVolume',
      { spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/x' } } },
      false,
    ),
    of('storage.k8s.io/v1', 'StorageClass', { provisioner: 'example.com/none' }, false),
    of('scheduling.k8s.io/v1', 'PriorityClass', { value: 1 }, false),
    of('node.k8s.io/v1', 'RuntimeClass', { handler: 'none' }, false),
    of('networking.k8s.io/v1', 'IngressClass', { spec: { controller: 'example.com/none' } }, false),
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `its.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { kind: 'It', plural: 'its' },
        versions: [
          { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } },
        ],
      },
    },
  ];
}

const types = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
};

/** Every way to write each of these objects and each of their subresources, and to write in the namespace as a whole. */
export function attemptsOn(kinds: readonly Served[], samples: readonly Sample[], app: string): Attempt[] {
  return samples.flatMap(sample => {
    const own = kinds.filter(each => each.apiVersion === sample.apiVersion);
    const main = own.find(each => each.kind === sample.kind && each.subresource === undefined);
    if (main === undefined) throw new Error(`the server has no ${sample.kind}`);
    const collection = main.namespaced ? main.path.replace(/\/([^/]+)$/, `/namespaces/${app}/$1`) : main.path;
    const object = `${collection}/${sample.metadata.name}`;
    const subresources = own.filter(each => each.path === main.path && each.subresource !== undefined);
    return [
      ...onObject(sample, collection, object),
      ...subresources.flatMap(each => onSubresource(each, sample, object)),
    ];
  });
}

function onObject(sample: Sample, collection: string, object: string): Attempt[] {
  const { kind } = sample;
  const other = { ...sample, metadata: { ...sample.metadata, name: `${sample.metadata.name}-2` } };
  const created = kind === 'CustomResourceDefinition' ? [] : [other];
  const mark = { metadata: { labels: { by: 'observer' } } };
  const finalizers = [{ op: 'add', path: '/metadata/finalizers', value: ['example.com/by'] }];
  const applied = { fieldManager: 'observer', force: true };
  return [
    ...created.flatMap((body): Attempt[] => [
      { what: `create ${kind}`, method: 'POST', path: collection, body },
      {
        what: `apply new ${kind}`,
        method: 'PATCH',
        path: `${collection}/${body.metadata.name}`,
        body,
        contentType: types.apply,
        query: applied,
      },
    ]),
    {
      what: `replace ${kind}`,
      method: 'PUT',
      path: object,
      body: { ...sample, metadata: { ...sample.metadata, ...mark.metadata } },
    },
    { what: `merge ${kind}`, method: 'PATCH', path: object, body: mark, contentType: types.merge },
    { what: `patch ${kind}`, method: 'PATCH', path: object, body: finalizers, contentType: types.json },
    {
      what: `apply ${kind}`,
      method: 'PATCH',
      path: object,
      body: sample,
      contentType: types.apply,
      query: applied,
    },
    { what: `delete ${kind}`, method: 'DELETE', path: object },
    { what: `delete all ${kind}`, method: 'DELETE', path: collection },
  ];
}

/** `connect` is what a proxy or a shell would be opened by; it is asked for by GET, too. */
function onSubresource({ subresource = '', kind, verbs }: Served, sample: Sample, object: string): Attempt[] {
  const path = `${object}/${subresource}`;
  const what = `${sample.kind}/${subresource}`;
  const body = { ...bodyFor(subresource, sample), kind: subresource === 'status' ? sample.kind : kind };
  const found: Attempt[] = [];
  if (verbs.includes('create')) found.push({ what: `create ${what}`, method: 'POST', path, body });
  if (verbs.includes('update')) found.push({ what: `replace ${what}`, method: 'PUT', path, body });
  if (verbs.includes('patch'))
    found.push({
      what: `merge ${what}`,
      method: 'PATCH',
      path,
      body: { metadata: { labels: { by: 'observer' } } },
      contentType: types.merge,
    });
  if (['exec', 'attach', 'portforward', 'proxy'].includes(subresource))
    found.push({
      what: `get ${what}`,
      method: 'GET',
      path,
      query: { command: 'id', ports: 80, container: 'it' },
    });
  return found;
}

function bodyFor(subresource: string, sample: Sample): object {
  const { apiVersion, metadata } = sample;
  switch (subresource) {
    case 'scale':
      return { apiVersion: 'autoscaling/v1', metadata, spec: { replicas: 3 } };
    case 'eviction':
      return { apiVersion: 'policy/v1', metadata };
    case 'token':
      return { apiVersion: 'authentication.k8s.io/v1', spec: { audiences: [] } };
    case 'binding':
      return { apiVersion: 'v1', metadata, target: { kind: 'Node', name: 'somewhere' } };
    default:
      return { ...sample, apiVersion, metadata };
  }
}
