import { describe, expect, it } from 'vitest';
import { exemption } from '../../../../src/drivers/kubernetes/compare/exemptions.ts';
import type { Attribution, FieldChange } from '../../../../src/findings/finding.ts';
import type { Json, JsonObject } from '../../../../src/json/json.ts';

interface Asked {
  kind: string;
  path: string[];
  op?: FieldChange['op'];
  value?: Json;
  live?: JsonObject;
  declared?: JsonObject;
  by?: Attribution;
}

function asked({ kind, path, op = 'added', value, live = {}, declared = {}, by }: Asked) {
  const slash = kind.indexOf('/');
  const served = { group: kind.slice(0, Math.max(slash, 0)), kind: kind.slice(slash + 1) };
  return exemption({ kind: served, path, op, value, live, declared, by: () => by });
}

const annotation = (name: string) => ['metadata', 'annotations', name];
const webhook = 'admissionregistration.k8s.io/ValidatingWebhookConfiguration';
const caBundle = ['webhooks', 'name=a', 'clientConfig', 'caBundle'];
const pods: JsonObject = {
  apiGroups: [''],
  apiVersions: ['v1'],
  operations: ['CREATE'],
  resources: ['pods'],
};
const services: JsonObject = { ...pods, resources: ['services'] };

function hooks(...rules: JsonObject[]): JsonObject {
  return { webhooks: [{ name: 'a', rules }] };
}

function withOwner(object: JsonObject, manager: string): JsonObject {
  const fieldsV1 = { 'f:webhooks': { 'k:{"name":"a"}': { 'f:rules': {} } } };
  return { ...object, metadata: { managedFields: [{ manager, fieldsV1 }] } };
}

const extended = { live: withOwner(hooks(services, pods), 'webhook'), declared: hooks(pods) };
const pod: JsonObject = { spec: { volumes: [{ name: 'kube-api-access-x7k2p' }, { name: 'mine' }] } };

const limited: JsonObject = {
  metadata: {
    annotations: {
      'kubernetes.io/limit-ranger':
        'LimitRanger plugin set: cpu, memory request for container a; cpu limit for container ab',
    },
  },
  spec: { containers: [{ name: 'a' }, { name: 'b' }] },
};

describe('what may be so', () => {
  it.each<[string, Asked]>([
    [
      'the number of a node port that the server chose',
      { kind: 'Service', path: ['spec', 'ports', 'port=80,protocol=TCP', 'nodePort'], value: 30080 },
    ],
    [
      'the owner of a Pod that a controller adopted',
      {
        kind: 'Pod',
        path: ['metadata', 'ownerReferences', 'uid=1'],
        live: { metadata: { ownerReferences: [{ uid: '1', controller: true }] } },
        by: { manager: 'kube-controller-manager' },
      },
    ],
    [
      'the resources that a LimitRange gave a Pod',
      { kind: 'Pod', path: ['spec', 'containers', 'name=a', 'resources', 'requests', 'cpu'], live: limited },
    ],
    [
      'a volume that the binder bound',
      { kind: 'PersistentVolume', path: annotation('pv.kubernetes.io/bound-by-controller'), value: 'yes' },
    ],
    [
      'the driver of a claim under its later name',
      {
        kind: 'PersistentVolumeClaim',
        path: annotation('volume.beta.kubernetes.io/storage-provisioner'),
        op: 'changed',
        by: { manager: 'kube-controller-manager' },
      },
    ],
    [
      'a label that the node controller keeps',
      {
        kind: 'Node',
        path: ['metadata', 'labels', 'beta.kubernetes.io/os'],
        by: { manager: 'kube-controller-manager' },
      },
    ],
    [
      'the copy that kubectl keeps',
      { kind: 'ConfigMap', path: annotation('kubectl.kubernetes.io/last-applied-configuration') },
    ],
    [
      'the revision of a Deployment',
      { kind: 'apps/Deployment', path: annotation('deployment.kubernetes.io/revision') },
    ],
    [
      'a restart of a rollout',
      {
        kind: 'apps/Deployment',
        path: ['spec', 'template', ...annotation('kubectl.kubernetes.io/restartedAt')],
        value: '2026-08-01T14:02:09+02:00',
      },
    ],
    [
      'declared replicas that a controller scaled',
      {
        kind: 'apps/Deployment',
        path: ['spec', 'replicas'],
        op: 'changed',
        by: { manager: 'kube-controller-manager', subresource: 'scale' },
      },
    ],
    ['a caBundle of cainjector', { kind: webhook, path: caBundle, by: { manager: 'cainjector' } }],
    [
      'a declared caBundle that a controller replaced',
      { kind: webhook, path: caBundle, op: 'changed', by: { manager: 'webhook-controller' } },
    ],
    [
      'rules that a webhook’s controller adds',
      { kind: webhook, path: ['webhooks', 'name=a', 'rules', '1'], ...extended },
    ],
    [
      'rules of an aggregated role',
      {
        kind: 'rbac.authorization.k8s.io/ClusterRole',
        path: ['rules', '0'],
        live: { aggregationRule: { clusterRoleSelectors: [] } },
      },
    ],
    ['the address of a Service', { kind: 'Service', path: ['spec', 'clusterIPs', '0'] }],
    ['the volume of a token', { kind: 'Pod', path: ['spec', 'volumes', '0', 'name'], live: pod }],
    [
      'the volume of a token by name',
      { kind: 'Pod', path: ['spec', 'volumes', 'name=kube-api-access-x7k2p'], live: pod },
    ],
    [
      'the token of a ServiceAccount',
      {
        kind: 'ServiceAccount',
        path: ['secrets', '0', 'name'],
        live: { metadata: { name: 'a' }, secrets: [{ name: 'a-token-x' }] },
      },
    ],
    [
      'a finalizer of Kubernetes',
      {
        kind: 'PersistentVolumeClaim',
        path: ['metadata', 'finalizers', '0'],
        value: 'kubernetes.io/pvc-protection',
      },
    ],
    [
      'a finalizer of a controller',
      {
        kind: 'example.com/Widget',
        path: ['metadata', 'finalizers', '0'],
        value: 'example.com/f',
        by: { manager: 'widget-operator' },
      },
    ],
  ])('%s', (_what, facts) => {
    expect(asked(facts)).toBeDefined();
  });
});

describe('what may not', () => {
  it.each<[string, Asked]>([
    [
      'replicas that a hand scaled',
      {
        kind: 'apps/Deployment',
        path: ['spec', 'replicas'],
        op: 'changed',
        by: { manager: 'kubectl', subresource: 'scale' },
      },
    ],
    [
      'replicas that a controller set otherwise than by scale',
      {
        kind: 'apps/Deployment',
        path: ['spec', 'replicas'],
        op: 'changed',
        by: { manager: 'kube-controller-manager' },
      },
    ],
    [
      'replicas that nobody is known to have set',
      { kind: 'apps/Deployment', path: ['spec', 'replicas'], op: 'changed' },
    ],
    [
      'the number of a node port that a hand chose',
      {
        kind: 'Service',
        path: ['spec', 'ports', 'port=80,protocol=TCP', 'nodePort'],
        value: 30080,
        by: { manager: 'kubectl-edit' },
      },
    ],
    [
      'other resources than those that a LimitRange gave a Pod',
      { kind: 'Pod', path: ['spec', 'containers', 'name=a', 'resources', 'limits', 'cpu'], live: limited },
    ],
    [
      'the resources of another container than the one that a LimitRange gave them to',
      { kind: 'Pod', path: ['spec', 'containers', 'name=b', 'resources', 'requests', 'cpu'], live: limited },
    ],
    [
      'an owner that a hand set',
      {
        kind: 'Pod',
        path: ['metadata', 'ownerReferences', 'uid=1'],
        live: { metadata: { ownerReferences: [{ uid: '1', controller: true }] } },
        by: { manager: 'kubectl-edit' },
      },
    ],
    [
      'an owner that is no controller of it',
      {
        kind: 'Pod',
        path: ['metadata', 'ownerReferences', 'uid=1'],
        live: { metadata: { ownerReferences: [{ uid: '1' }] } },
        by: { manager: 'kube-controller-manager' },
      },
    ],
    ['a caBundle that a hand set', { kind: webhook, path: caBundle, by: { manager: 'kubectl-edit' } }],
    ['a caBundle that nobody is known to have set', { kind: webhook, path: caBundle }],
    [
      'the URL beside it',
      { kind: webhook, path: ['webhooks', 'name=a', 'clientConfig', 'url'], by: { manager: 'cainjector' } },
    ],
    [
      'rules of a webhook of which its controller took away',
      {
        kind: webhook,
        path: ['webhooks', 'name=a', 'rules', '0'],
        op: 'changed',
        ...extended,
        declared: hooks(pods, { ...pods, operations: ['DELETE'] }),
      },
    ],
    [
      'rules that a hand added to a webhook',
      {
        kind: webhook,
        path: ['webhooks', 'name=a', 'rules', '1'],
        live: withOwner(hooks(pods, { ...pods, resources: ['pods', 'secrets'] }), 'kubectl-edit'),
        declared: hooks(pods),
      },
    ],
    [
      'a restart that is none',
      {
        kind: 'apps/Deployment',
        path: ['spec', 'template', ...annotation('kubectl.kubernetes.io/restartedAt')],
        value: 'now and then',
      },
    ],
    [
      'rules of a role that aggregates nothing',
      { kind: 'rbac.authorization.k8s.io/ClusterRole', path: ['rules', '0'] },
    ],
    ['the type of a Service', { kind: 'Service', path: ['spec', 'type'] }],
    ['another volume of a Pod', { kind: 'Pod', path: ['spec', 'volumes', '1', 'name'], live: pod }],
    ['the host network of a Pod', { kind: 'Pod', path: ['spec', 'hostNetwork'], live: pod }],
    [
      'another Secret of a ServiceAccount',
      {
        kind: 'ServiceAccount',
        path: ['secrets', '0', 'name'],
        live: { metadata: { name: 'a' }, secrets: [{ name: 'b' }] },
      },
    ],
    [
      'a Secret that a hand gave a ServiceAccount, whatever it is called',
      {
        kind: 'ServiceAccount',
        path: ['secrets', '0', 'name'],
        live: { metadata: { name: 'a' }, secrets: [{ name: 'a-token-x' }] },
        by: { manager: 'kubectl-patch', operation: 'Update' },
      },
    ],
    [
      'a finalizer of Kubernetes that a hand set',
      {
        kind: 'Service',
        path: ['metadata', 'finalizers', '0'],
        value: 'service.kubernetes.io/load-balancer-cleanup',
        by: { manager: 'kubectl-edit', operation: 'Update' },
      },
    ],
    [
      'a finalizer that a hand set',
      {
        kind: 'ConfigMap',
        path: ['metadata', 'finalizers', '0'],
        value: 'example.com/f',
        by: { manager: 'kubectl-patch' },
      },
    ],
    [
      'a revision in another kind',
      { kind: 'ConfigMap', path: annotation('deployment.kubernetes.io/revision') },
    ],
  ])('%s', (_what, facts) => {
    expect(asked(facts)).toBeUndefined();
  });
});

it('is told by name where people should know, and not where it is housekeeping', () => {
  const scaled = asked({
    kind: 'apps/Deployment',
    path: ['spec', 'replicas'],
    op: 'changed',
    by: { manager: 'x', subresource: 'scale' },
  });

  expect(scaled?.name).toMatch(/scale subresource/);
  expect(asked({ kind: 'Service', path: ['spec', 'clusterIP'] })).toMatchObject({ name: undefined });
});

it('names the whole where a rule is about all of it', () => {
  const found = asked({
    kind: 'rbac.authorization.k8s.io/ClusterRole',
    path: ['rules', '3', 'verbs', '0'],
    live: { aggregationRule: { clusterRoleSelectors: [] } },
  });

  expect(found?.path).toEqual(['rules']);
});
