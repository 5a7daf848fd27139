import { beforeAll, describe, expect, it } from 'vitest';
import type { AppliedResource, Driver } from '../../../src/drivers/driver.ts';
import { mustKubectl, uniqueNamespace } from '../support/kubectl.ts';
import { openDriver, repositoryOf, shop } from './support.ts';

let driver: Driver;

beforeAll(async () => {
  driver = await openDriver();
});

const file = 'manifests/shop/all.yaml';
const told = (applied: AppliedResource[]) =>
  applied.map(
    ({ action, resource, result }) => `${action} ${resource.name.replace(/-[0-9a-f]{8}$/, '')} ${result}`,
  );
const config = (namespace: string, name: string, wave: string, value = '1') =>
  `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}, namespace: ${namespace}, annotations: {holdfast.dev/wave: '${wave}'}}, data: {a: '${value}'}}\n`;
const deployment = (namespace: string, name: string, wave: string, node = '') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}, annotations: {holdfast.dev/wave: '${wave}'}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {${node}containers: [{name: web, image: 'web:1'}]}
`;
/** The Pods of a Job that names no node stay pending; KWOK ends those that it gets. */
const hook = (namespace: string, name: string, when: string, more = '') => `apiVersion: batch/v1
kind: Job
metadata: {name: ${name}, namespace: ${namespace}, annotations: {holdfast.dev/hook: ${when}}}
spec:
  backoffLimit: 0
  ${more}
  template: {spec: {restartPolicy: Never, containers: [{name: run, image: 'run:1'}]}}
`;

describe('waves', () => {
  it('are applied one after the other, each healthy before the next', async () => {
    const namespace = await uniqueNamespace('waves');
    const unit = await shop(
      driver,
      [
        config(namespace, 'last', '5'),
        deployment(namespace, 'first', '-1'),
        config(namespace, 'middle', '0'),
      ].join('\n---\n'),
    );

    expect(told(await unit.converge())).toEqual([
      'create first applied',
      'create middle applied',
      'create last applied',
    ]);
  });

  it('are not begun where one before them failed', async () => {
    const namespace = await uniqueNamespace('waves');
    const unit = await shop(
      driver,
      [
        config(namespace, 'last', '5'),
        deployment(namespace, 'sick', '-1', 'nodeSelector: {no: where}, '),
      ].join('\n---\n'),
    );

    const applied = await unit.apply(await unit.plan(), 1_000);

    expect(told(applied)).toEqual(['create sick failed', 'create last skipped']);
  });

  it('are whole numbers', async () => {
    const namespace = await uniqueNamespace('waves');
    const plan = await (await shop(driver, config(namespace, 'a', 'soon'))).plan();

    expect(plan.refused).toMatchObject([{ message: expect.stringMatching(/^HF1612 .*whole number/) }]);
  });
});

describe('hooks', () => {
  const jobs = async (namespace: string) =>
    (await mustKubectl('get', 'jobs', '-n', namespace, '-o', 'name')).split('\n').filter(Boolean).length;

  it('run before the workloads and after everything, once for each sync, and are no part of what is compared', async () => {
    const namespace = await uniqueNamespace('hooks');
    const repository = repositoryOf(driver);
    const files = (value: string) => ({
      [file]: [
        hook(namespace, 'smoke', 'after'),
        hook(namespace, 'migrate', 'before'),
        deployment(namespace, 'web', '0'),
        config(namespace, 'settings', '0', value),
      ].join('---\n'),
    });

    const first = await repository.sync('shop', files('1'), 'sync-1');
    const again = await repository.sync('shop', files('1'), 'sync-2');
    const changed = await repository.sync('shop', files('2'), 'sync-3');

    expect(first.plan.hooks?.map(({ when, resource }) => `${when} ${resource.name}`)).toEqual([
      'after smoke',
      'before migrate',
    ]);
    expect(told(first.applied)).toEqual([
      'create settings applied',
      'run migrate applied',
      'create web applied',
      'run smoke applied',
    ]);
    expect([again.plan.hooks, again.applied]).toEqual([undefined, []]);
    expect(told(changed.applied)).toEqual([
      'change settings applied',
      'run migrate applied',
      'run smoke applied',
    ]);
    expect(await jobs(namespace)).toBe(2);
  });

  it('run anew when they themselves change, although nothing else does', async () => {
    const namespace = await uniqueNamespace('hooks');
    const repository = repositoryOf(driver);
    const files = (more: string) => ({
      [file]: [hook(namespace, 'smoke', 'after', more), config(namespace, 'settings', '0')].join('\n---\n'),
    });
    await repository.sync('shop', files(''), 'sync-1');

    const { applied } = await repository.sync('shop', files('activeDeadlineSeconds: 50'), 'sync-2');

    expect(told(applied)).toEqual(['run smoke applied']);
  });

  it('do not run when a unit is taken over as it stands', async () => {
    const namespace = await uniqueNamespace('hooks');
    await repositoryOf(driver).sync('shop', { [file]: config(namespace, 'settings', '0') });
    const repository = repositoryOf(driver);

    const { plan } = await repository.sync('shop', {
      [file]: [hook(namespace, 'seed', 'before'), config(namespace, 'settings', '0')].join('---\n'),
    });

    expect(plan.hooks).toBeUndefined();
  });

  it('that fail keep everything after them from being done, and say why', async () => {
    const namespace = await uniqueNamespace('hooks');
    const repository = repositoryOf(driver);
    const bad = hook(namespace, 'migrate', 'before', 'activeDeadlineSeconds: 1').replace(
      'restartPolicy: Never,',
      'restartPolicy: Never, nodeSelector: {no: where},',
    );

    const { applied } = await repository.sync('shop', {
      [file]: [bad, config(namespace, 'settings', '0'), deployment(namespace, 'web', '0')].join('---\n'),
    });

    expect(told(applied)).toEqual(['create settings applied', 'run migrate failed', 'create web skipped']);
    expect(applied[1]).toMatchObject({ code: 'HF1610', message: expect.stringContaining('active longer') });
    expect(applied[2]).toMatchObject({ message: 'not applied: the hook migrate failed' });
  });

  it('are found again by a sync that is taken up again', async () => {
    const namespace = await uniqueNamespace('hooks');
    const repository = repositoryOf(driver);
    const files = {
      [file]: [hook(namespace, 'migrate', 'before'), deployment(namespace, 'web', '0')].join('---\n'),
    };
    await repository.sync('shop', files, 'sync-1');
    const uid = await mustKubectl('get', 'jobs', '-n', namespace, '-o', 'jsonpath={.items[0].metadata.uid}');
    await mustKubectl('delete', 'deployment', 'web', '-n', namespace);

    await repository.sync('shop', files, 'sync-1');

    expect(await mustKubectl('get', 'jobs', '-n', namespace, '-o', 'jsonpath={.items[0].metadata.uid}')).toBe(
      uid,
    );
  });

  it('stand on Jobs alone', async () => {
    const namespace = await uniqueNamespace('hooks');
    const manifest = `{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: ${namespace}, annotations: {holdfast.dev/hook: before}}}`;

    const plan = await (await shop(driver, manifest)).plan();

    expect(plan.refused).toMatchObject([{ message: expect.stringMatching(/^HF1612/) }]);
  });
});
