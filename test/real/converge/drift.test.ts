import { beforeAll, describe, expect, it } from 'vitest';
import type { Driver } from '../../../src/drivers/driver.ts';
import { kubectlWith, mustKubectl, readObject, uniqueNamespace } from '../support/kubectl.ts';
import { openDriver, shop } from './support.ts';

let driver: Driver;

beforeAll(async () => {
  driver = await openDriver();
});

const manifests = (namespace: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: ${namespace}, labels: {team: a}}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: web:1
          env: [{name: A, value: '1'}, {name: B, value: '2'}]
          resources: {limits: {memory: 64Mi}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: ${namespace}}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80}, {name: admin, port: 8080}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: ${namespace}}
data: {a: '1', b: '2'}
---
apiVersion: v1
kind: Secret
metadata: {name: token, namespace: ${namespace}}
stringData: {password: hunter2}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly, namespace: ${namespace}}
spec:
  schedule: '0 3 * * *'
  jobTemplate:
    spec:
      template:
        spec: {restartPolicy: Never, containers: [{name: job, image: job:1}]}
`;

const json = (patch: unknown) => ['--type=json', '-p', JSON.stringify(patch)];
const merge = (patch: unknown) => ['--type=merge', '-p', JSON.stringify(patch)];

describe('a hand edit is put right', () => {
  it.each<[string, string[]]>([
    ['a changed value', ['set', 'image', 'deployment/web', 'web=web:2']],
    ['an added label', ['label', 'deployment', 'web', 'by=hand']],
    ['a changed label', ['label', 'deployment', 'web', 'team=b', '--overwrite']],
    ['an added variable', ['set', 'env', 'deployment/web', 'C=3']],
    ['a changed and an added variable', ['set', 'env', 'deployment/web', 'A=9', 'C=3']],
    [
      'a removed field',
      [
        'patch',
        'deployment',
        'web',
        ...json([{ op: 'remove', path: '/spec/template/spec/containers/0/resources/limits' }]),
      ],
    ],
    ['a removed variable', ['set', 'env', 'deployment/web', 'B-']],
    [
      'variables in another order',
      [
        'patch',
        'deployment',
        'web',
        ...json([
          {
            op: 'replace',
            path: '/spec/template/spec/containers/0/env',
            value: [
              { name: 'B', value: '2' },
              { name: 'A', value: '1' },
            ],
          },
        ]),
      ],
    ],
    [
      'an added container',
      [
        'patch',
        'deployment',
        'web',
        '-p',
        JSON.stringify({ spec: { template: { spec: { containers: [{ name: 'side', image: 'side:1' }] } } } }),
      ],
    ],
    [
      'an added node selector',
      [
        'patch',
        'deployment',
        'web',
        ...merge({ spec: { template: { spec: { nodeSelector: { disk: 'ssd' } } } } }),
      ],
    ],
    [
      'the number of a Service port',
      ['patch', 'service', 'web', ...json([{ op: 'replace', path: '/spec/ports/0/port', value: 81 }])],
    ],
    [
      'an added Service port',
      [
        'patch',
        'service',
        'web',
        ...json([{ op: 'add', path: '/spec/ports/-', value: { name: 'more', port: 9000 } }]),
      ],
    ],
    [
      'an added selector of a Service',
      ['patch', 'service', 'web', ...merge({ spec: { selector: { extra: 'x' } } })],
    ],
    [
      'a changed and an added key of a ConfigMap',
      ['patch', 'configmap', 'settings', ...merge({ data: { a: '9', c: '3' } })],
    ],
    ['a removed key of a ConfigMap', ['patch', 'configmap', 'settings', ...merge({ data: { b: null } })]],
    [
      'a changed and an added key of a Secret',
      ['patch', 'secret', 'token', ...merge({ stringData: { password: 'other', more: 'x' } })],
    ],
    ['a default that was changed', ['patch', 'cronjob', 'nightly', ...merge({ spec: { suspend: true } })]],
    ['a deleted object', ['delete', 'configmap', 'settings']],
  ])('%s', async (_what, edit) => {
    const namespace = await uniqueNamespace('drift');
    const unit = await shop(driver, manifests(namespace));
    await unit.converge();
    expect(await unit.findings()).toEqual([]);

    await mustKubectl(...edit, '-n', namespace);
    const found = await unit.findings();
    const plan = await unit.plan();
    const applied = await unit.apply(plan);

    expect(found).toHaveLength(1);
    expect(plan).toMatchObject({ actions: [{}], refused: [] });
    expect(applied).toMatchObject([{ result: 'applied' }]);
    expect(await unit.findings()).toEqual([]);
    await mustKubectl('delete', 'namespace', namespace, '--wait=false');
  });
});

it('puts everything right at once, in what kubectl apply created too', async () => {
  const namespace = await uniqueNamespace('drift');
  const created = await kubectlWith({ stdin: manifests(namespace) }, 'apply', '-f', '-');
  await mustKubectl('set', 'env', 'deployment/web', '-n', namespace, 'A=9', 'C=3');
  await mustKubectl('label', 'service', 'web', '-n', namespace, 'by=hand');
  const unit = await shop(driver, manifests(namespace));

  const applied = await unit.converge();

  expect(created.code).toBe(0);
  expect(applied.every(({ result }) => result === 'applied')).toBe(true);
  expect(await unit.findings()).toEqual([]);
});

it('keeps what the server allocated when a Service port is put right', async () => {
  const namespace = await uniqueNamespace('drift');
  const manifest = `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: ${namespace}}
spec:
  type: NodePort
  selector: {app: web}
  ports: [{name: http, port: 80}, {name: admin, port: 8080}]
`;
  const unit = await shop(driver, manifest);
  await unit.converge();
  const before = await readObject('service', 'web', namespace);
  await mustKubectl(
    'patch',
    'service',
    'web',
    '-n',
    namespace,
    ...json([{ op: 'replace', path: '/spec/ports/0/port', value: 81 }]),
  );

  await unit.converge();

  const after = await readObject('service', 'web', namespace);
  expect(after?.['spec']).toEqual(before?.['spec']);
});

it('leaves a field that a rule exempts as it is while it puts another one right', async () => {
  const namespace = await uniqueNamespace('drift');
  const rules = `
ignore:
  - resource: {kind: Deployment, name: web}
    paths: [/spec/replicas]
    reason: scaled by hand in this test
`;
  const unit = await shop(driver, manifests(namespace), rules);
  await unit.converge();
  await mustKubectl('scale', 'deployment', 'web', '-n', namespace, '--replicas=3');
  await mustKubectl('set', 'image', 'deployment/web', 'web=web:2', '-n', namespace);

  const applied = await unit.converge();

  expect(applied).toMatchObject([{ result: 'applied' }]);
  expect(await readObject('deployment', 'web', namespace)).toMatchObject({
    spec: { replicas: 3, template: { spec: { containers: [{ image: 'web:1' }] } } },
  });
});

it('removes what Git no longer declares', async () => {
  const namespace = await uniqueNamespace('drift');
  await (await shop(driver, manifests(namespace))).converge();
  const fewer = manifests(namespace)
    .replace("data: {a: '1', b: '2'}", "data: {a: '1'}")
    .replace(", {name: B, value: '2'}", '');
  const unit = await shop(driver, fewer);

  await unit.converge();

  expect(await unit.findings()).toEqual([]);
  expect(await readObject('configmap', 'settings', namespace)).toMatchObject({ data: { a: '1' } });
  const settings = await readObject('configmap', 'settings', namespace);
  expect(settings?.['data']).toEqual({ a: '1' });
});
