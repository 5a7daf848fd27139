import { randomBytes } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import type { Driver } from '../../../src/drivers/driver.ts';
import { mustKubectl } from '../support/kubectl.ts';
import { openDriver, repositoryOf } from './support.ts';

let driver: Driver;

beforeAll(async () => {
  driver = await openDriver();
});

const tag = randomBytes(4).toString('hex');
const [namespace, group] = [`release-${tag}`, `g${tag}.example.com`];
const widgets = 90;

/** A release of more than 200 objects: definitions, custom resources, webhooks, hooks, and workloads that use all of it. */
function release(version: 1 | 2): string {
  const first = version === 1;
  const definition = (kind: string, plural: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: ${plural}.${group}}
spec:
  group: ${group}
  scope: Namespaced
  names: {kind: ${kind}, plural: ${plural}}
  versions:
    - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, x-kubernetes-preserve-unknown-fields: true}}}}}
`;
  const names = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  const webhook = (kind: string) => `apiVersion: admissionregistration.k8s.io/v1
kind: ${kind}
metadata: {name: ${namespace}}
webhooks:
  - name: check.${group}
    clientConfig: {service: {name: web-0, namespace: ${namespace}, path: /check}}
    rules: [{apiGroups: ['${group}'], apiVersions: [v1], operations: [CREATE], resources: [gadgets]}]
    admissionReviewVersions: [v1]
    sideEffects: None
    timeoutSeconds: ${version}
`;
  const job = (name: string, more = '') => `apiVersion: batch/v1
kind: Job
metadata: {name: ${name}, namespace: ${namespace}${more}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: run, image: 'run:${version}'}]}}}
`;
  return [
    webhook('ValidatingWebhookConfiguration'),
    ...names('widget', widgets).map(
      name =>
        `{apiVersion: ${group}/v1, kind: Widget, metadata: {name: ${name}, namespace: ${namespace}}, spec: {version: ${version}}}\n`,
    ),
    // renamed with the second version
    ...names(first ? 'settings' : 'options', 30).map(
      name =>
        `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}, namespace: ${namespace}}, data: {version: '${version}'}}\n`,
    ),
    ...names('web', 20).flatMap(name => [
      `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  replicas: ${name === 'web-0' ? 1 : 0}
  selector: {matchLabels: {app: ${first || name !== 'web-1' ? name : 'moved'}}}
  template:
    metadata: {labels: {app: ${first || name !== 'web-1' ? name : 'moved'}}}
    spec: {serviceAccountName: web, containers: [{name: web, image: 'web:${version}'}]}
`,
      `{apiVersion: v1, kind: Service, metadata: {name: ${name}, namespace: ${namespace}}, spec: {selector: {app: ${name}}, ports: [{port: 80}]}}\n`,
    ]),
    ...names('secret', 35).map(
      name =>
        `{apiVersion: v1, kind: Secret, metadata: {name: ${name}, namespace: ${namespace}}, stringData: {a: '1'}}\n`,
    ),
    `{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: ${namespace}}}\n`,
    `{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: web, namespace: ${namespace}}, rules: [{apiGroups: [''], resources: [configmaps], verbs: [get]}]}\n`,
    `{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: web, namespace: ${namespace}}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ${first ? 'Role' : 'ClusterRole'}, name: ${first ? 'web' : 'view'}}, subjects: [{kind: ServiceAccount, name: web, namespace: ${namespace}}]}\n`,
    job('setup'),
    job('migrate', ', annotations: {holdfast.dev/hook: before}'),
    job('smoke', ', annotations: {holdfast.dev/hook: after}'),
    definition('Widget', 'widgets'),
    definition('Gadget', 'gadgets'),
    `{apiVersion: v1, kind: Namespace, metadata: {name: ${namespace}}}\n`,
  ].join('---\n');
}

it('a release converges from empty, is upgraded with renames, removals and immutable changes, and goes back', async () => {
  const repository = repositoryOf(driver);
  const file = 'manifests/shop/all.yaml';
  const sync = async (version: 1 | 2, run: string) => {
    const { plan, applied } = await repository.sync('shop', { [file]: release(version) }, run, 90_000);
    const counts: Record<string, number> = {};
    for (const { action } of applied) counts[action] = (counts[action] ?? 0) + 1;
    expect([plan.refused, plan.kept]).toEqual([[], undefined]);
    expect(applied.filter(({ result }) => result !== 'applied').map(({ message }) => message)).toEqual([]);
    expect((await repository.plan('shop', { [file]: release(version) })).actions).toEqual([]);
    return counts;
  };
  const bindingOf = () =>
    mustKubectl('get', 'rolebinding', 'web', '-n', namespace, '-o', 'jsonpath={.roleRef.kind}');
  const configs = async () =>
    (await mustKubectl('get', 'configmaps', '-n', namespace, '-o', 'name')).match(/settings|options/g)
      ?.length;

  const created = await sync(1, 'sync-1');
  const upgraded = await sync(2, 'sync-2');
  expect([await bindingOf(), await configs()]).toEqual(['ClusterRole', 30]);
  const reverted = await sync(1, 'sync-3');

  expect(created).toEqual({ create: 203, run: 2 });
  expect(upgraded).toEqual({ change: 90 + 19 + 1, create: 30, recreate: 3, prune: 30, run: 2 });
  expect(reverted).toEqual(upgraded);
  expect([await bindingOf(), await configs()]).toEqual(['Role', 30]);
  await mustKubectl('delete', 'validatingwebhookconfiguration', namespace);
  await mustKubectl('delete', 'namespace', namespace, '--wait=false');
}, 400_000);
