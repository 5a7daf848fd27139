import { randomBytes } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import type { AppliedResource, Driver } from '../../../src/drivers/driver.ts';
import { readObject, uniqueNamespace } from '../support/kubectl.ts';
import { declaredBy, openDriver, said, shop, unitOf } from './support.ts';

let driver: Driver;

beforeAll(async () => {
  driver = await openDriver();
});

const id = () => randomBytes(4).toString('hex');
const config = (namespace: string, name: string) =>
  `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}, namespace: ${namespace}}}`;
const deployment = (namespace: string, more: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: ${namespace}}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {${more}containers: [{name: web, image: 'web:1'}]}
`;

it('says in the plan what the server would refuse, and applies the rest', async () => {
  const namespace = await uniqueNamespace('failure');
  const bad = `{apiVersion: v1, kind: Service, metadata: {name: bad, namespace: ${namespace}}, spec: {ports: [{port: 99999}]}}`;
  const unit = await shop(driver, [config(namespace, 'good'), bad].join('\n---\n'));

  const plan = await unit.plan();
  const applied = await unit.apply(plan);

  expect(plan.refused).toMatchObject([
    { resource: { name: 'bad' }, message: expect.stringContaining('99999') },
  ]);
  expect(applied.map(said)).toEqual(['create ConfigMap good']);
});

it('reports an object that fails by itself and goes on with the others', async () => {
  const namespace = `failure-${id()}`;
  const all = [
    `{apiVersion: v1, kind: Namespace, metadata: {name: ${namespace}}}`,
    `{apiVersion: v1, kind: Service, metadata: {name: bad, namespace: ${namespace}}, spec: {ports: [{port: 99999}]}}`,
    config(namespace, 'good'),
  ];
  const unit = await shop(driver, all.join('\n---\n'));

  const applied = await unit.converge();

  expect(applied.map(each => `${each.result} ${each.resource.name}`).sort()).toEqual([
    `applied ${namespace}`,
    'applied good',
    'failed bad',
  ]);
  expect(applied.find(({ resource }) => resource.name === 'bad')).toMatchObject({
    code: 'HF1306',
    message: expect.stringContaining('99999'),
  });
});

it('skips what needs a namespace that could not be made, and nothing else', async () => {
  const [namespace, other] = [`failure-${id()}`, await uniqueNamespace('failure')];
  const broken = `{apiVersion: v1, kind: Namespace, metadata: {name: ${namespace}}, spec: {finalizers: [no/such/thing]}}`;
  const declaration = await declaredBy({
    'manifests/shop/all.yaml': [broken, config(namespace, 'inside'), config(other, 'outside')].join(
      '\n---\n',
    ),
  });
  const unit = unitOf(declaration, 'shop');
  const plan = await driver.plan(unit, declaration);
  const refused = plan.refused.map(({ resource }) => resource.name);

  const applied = await driver.apply(unit, declaration, plan, {
    onResource: () => undefined,
    signal: new AbortController().signal,
    healthTimeoutMs: 5_000,
  });

  expect(refused).toContain(namespace);
  expect(applied.find(({ resource }) => resource.name === 'outside')?.result).toBe('applied');
  expect(applied.find(({ resource }) => resource.name === 'inside')?.result).not.toBe('applied');
});

it('names a workload that does not become healthy, and why', async () => {
  const namespace = await uniqueNamespace('failure');
  const unit = await shop(driver, deployment(namespace, 'nodeSelector: {no: where}, '));
  const plan = await unit.plan();

  const applied = await unit.apply(plan, 2_500);

  expect(applied).toMatchObject([
    {
      result: 'failed',
      code: 'HF1603',
      message: expect.stringMatching(/applied, but not healthy: 0 of 1 replicas.*Pod web-.*node/),
    },
  ]);
});

it('does not put webhooks in place while a workload is not healthy', async () => {
  const [namespace, name] = [await uniqueNamespace('failure'), `hook-${id()}`];
  const hook = `{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: ${name}}, webhooks: []}`;
  const unit = await shop(
    driver,
    [hook, deployment(namespace, 'nodeSelector: {no: where}, ')].join('\n---\n'),
  );
  const plan = await unit.plan();

  const applied = await unit.apply(plan, 1_500);

  expect(applied.find(({ resource }) => resource.name === name)).toMatchObject({ result: 'skipped' });
  expect(await readObject('validatingwebhookconfiguration', name)).toBeUndefined();
});

it('finishes what is in flight when it is told to stop, and reports nothing that it did not reach', async () => {
  const namespace = await uniqueNamespace('failure');
  const names = Array.from({ length: 40 }, (_, index) => `c${index}`);
  const declaration = await declaredBy({
    'manifests/shop/all.yaml': names.map(name => config(namespace, name)).join('\n---\n'),
  });
  const unit = unitOf(declaration, 'shop');
  const stop = new AbortController();
  const reported: AppliedResource[] = [];

  await driver.apply(unit, declaration, await driver.plan(unit, declaration), {
    onResource: applied => {
      reported.push(applied);
      if (reported.length === 3) stop.abort();
    },
    signal: stop.signal,
    healthTimeoutMs: 5_000,
  });

  const missing = (await driver.compare(unit, declaration)).findings.map(({ resource }) => resource.name);
  const applied = reported.map(({ resource }) => resource.name);
  expect(reported.length).toBeLessThan(names.length);
  expect([...applied, ...missing].sort()).toEqual([...names].sort());
});
