import { randomBytes } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import type { Driver } from '../../../src/drivers/driver.ts';
import { mustKubectl, readObject, uniqueNamespace } from '../support/kubectl.ts';
import { declaredBy, openDriver, said, shop, unitOf } from './support.ts';

let driver: Driver;

beforeAll(async () => {
  driver = await openDriver();
});

const id = () => randomBytes(4).toString('hex');
const definition = (group: string) => `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.${group}}
spec:
  group: ${group}
  scope: Namespaced
  names: {kind: Widget, plural: widgets}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`;
const everything = (name: string, group: string) => `
apiVersion: ${group}/v1
kind: Widget
metadata: {name: first, namespace: ${name}}
spec: {size: 3}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: ${name}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: 'web:1'}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: ${name}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: ServiceAccount, name: web, namespace: ${name}}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: ${name}}
rules: [{apiGroups: [''], resources: [configmaps], verbs: [get]}]
---
${definition(group)}
---
apiVersion: v1
kind: Secret
metadata: {name: token, namespace: ${name}}
stringData: {password: hunter2}
---
apiVersion: v1
kind: Namespace
metadata: {name: ${name}}
`;

it('creates a unit from nothing: namespace and definition first, the custom resource after it, workloads rolled out', async () => {
  const [name, group] = [`create-${id()}`, `g${id()}.example.com`];
  const unit = await shop(driver, everything(name, group));

  const plan = await unit.plan();
  const applied = await unit.apply(plan);

  expect(plan.refused).toEqual([]);
  expect(plan.actions.map(said)).toEqual([
    `create CustomResourceDefinition widgets.${group}`,
    `create Namespace ${name}`,
    'create Role reader',
    'create Secret token',
    'create RoleBinding reader',
    'create Deployment web',
    'create Widget first',
  ]);
  expect(applied.filter(({ result }) => result !== 'applied')).toEqual([]);
  expect(await unit.findings()).toEqual([]);
  const web = await readObject('deployment', 'web', name);
  expect(web).toMatchObject({ status: { availableReplicas: 2 } });
  expect(JSON.stringify(plan.actions)).not.toContain('hunter2');
});

it('plans nothing when everything is as declared', async () => {
  const [name, group] = [`idle-${id()}`, `g${id()}.example.com`];
  const unit = await shop(driver, everything(name, group));
  await unit.converge();

  const plan = await unit.plan();

  expect(plan).toMatchObject({ actions: [], refused: [] });
});

it('gives the same digest for the same live, whatever its status, and another one when live has moved', async () => {
  const name = await uniqueNamespace('digest');
  const manifest = `{apiVersion: v1, kind: Service, metadata: {name: s, namespace: ${name}}, spec: {type: LoadBalancer, ports: [{port: 80}], selector: {a: b}}}`;
  const unit = await shop(driver, manifest);
  await unit.converge();
  await mustKubectl('label', 'service', 's', '-n', name, 'by=hand');

  const first = await unit.plan();
  const status = JSON.stringify({ status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } });
  await mustKubectl(
    'patch',
    'service',
    's',
    '-n',
    name,
    '--subresource=status',
    '--type=merge',
    '-p',
    status,
  );
  const second = await unit.plan();
  await mustKubectl('label', 'service', 's', '-n', name, 'by=somebody', '--overwrite');
  const third = await unit.plan();

  expect(first.actions.map(said)).toEqual(['change Service s']);
  expect(second.digest).toBe(first.digest);
  expect(third.digest).not.toBe(first.digest);
});

it('refuses to carry out a recorded plan when live has moved since', async () => {
  const name = await uniqueNamespace('moved');
  const unit = await shop(
    driver,
    `{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: ${name}}, data: {a: '1'}}`,
  );
  const { unit: planned, revision, digest, actions, refused } = await unit.plan();
  await mustKubectl('create', 'configmap', 'c', '-n', name, '--from-literal=a=2');

  const applying = unit.apply({ unit: planned, revision, digest, actions, refused });

  await expect(applying).rejects.toMatchObject({ code: 'HF1602' });
});

it('waits for the unit that declares the namespace', async () => {
  const name = `elsewhere-${id()}`;
  const declaration = await declaredBy({
    'manifests/base/namespace.yaml': `{apiVersion: v1, kind: Namespace, metadata: {name: ${name}}}`,
    'manifests/app/config.yaml': `{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: ${name}}}`,
  });

  const plan = await driver.plan(unitOf(declaration, 'app'), declaration);

  expect(plan).toMatchObject({ actions: [], refused: [], waitsFor: ['base'] });
});
