import type { Finding, ObjectRef } from '../../src/findings/finding.ts';
import { previewHtml } from '../../src/preview/html.ts';
import type { LiveSource } from '../../src/preview/live.ts';
import { configMap, deployment, headRevision, previewed, secret } from '../preview/sample.ts';
import { comparison } from '../report/sample.ts';
import { fourWays, type Scene } from './scene.ts';

const role = `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reader, namespace: shop }
rules: [{ apiGroups: [''], resources: [pods], verbs: [get, list] }]
`;
const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop }
spec: { podSelector: { matchLabels: { app: cart } }, policyTypes: [Ingress] }
`;

/** A pull request that changes a workload which somebody also changed by hand, removes a policy and adds rights. */
export async function previewScenes(): Promise<Scene[]> {
  const before = [deployment(), policy, configMap('settings'), secret('one')].join('---\n');
  const after = [
    deployment({ image: 'cart:1.3', replicas: 4, cpu: '500m' }),
    configMap('settings', 'c'),
    secret('two'),
    role,
  ].join('---\n');
  const found = await previewed(
    { 'manifests/shop/shop.yaml': before },
    { 'manifests/shop/shop.yaml': after },
    live(),
  );
  return fourWays('preview', previewHtml({ ...found, environment: 'production' }));
}

function live(): LiveSource {
  const ref = (apiVersion: string, kind: string, name: string): ObjectRef => ({
    apiVersion,
    kind,
    namespace: 'shop',
    name,
  });
  const by = { manager: 'kubectl-edit', operation: 'Update', time: '2026-08-03T13:58:09Z' };
  const container = '/spec/template/spec/containers/name=web';
  const findings: Finding[] = [
    {
      unit: 'shop',
      type: 'changed',
      resource: ref('apps/v1', 'Deployment', 'cart'),
      changes: [
        { path: '/spec/replicas', op: 'changed', declared: 4, live: 7, by },
        { path: `${container}/image`, op: 'changed', declared: 'cart:1.3', live: 'cart:1.2' },
        { path: `${container}/resources/requests/cpu`, op: 'changed', declared: '500m', live: '250m' },
        { path: `${container}/env/name=DEBUG`, op: 'added', live: { name: 'DEBUG', value: '1' }, by },
      ],
    },
    {
      unit: 'shop',
      type: 'changed',
      resource: ref('v1', 'Secret', 'token'),
      changes: [{ path: '/data/password', op: 'changed', redacted: true }],
    },
    {
      unit: 'shop',
      type: 'changed',
      resource: ref('v1', 'ConfigMap', 'settings'),
      changes: [{ path: '/data/a', op: 'changed', declared: 'c', live: 'b' }],
    },
    { unit: 'shop', type: 'missing', resource: ref('rbac.authorization.k8s.io/v1', 'Role', 'reader') },
  ];
  const policyRef = ref('networking.k8s.io/v1', 'NetworkPolicy', 'cart');
  return {
    from: 'cluster',
    view: async () => ({
      head: comparison(findings),
      removed: comparison([]),
      plan: {
        unit: 'shop',
        revision: headRevision,
        digest: '',
        actions: [{ action: 'prune', resource: policyRef }],
        refused: [],
      },
    }),
  };
}
