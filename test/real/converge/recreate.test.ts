import { beforeAll, describe, expect, it } from 'vitest';
import type { Driver } from '../../../src/drivers/driver.ts';
import { mustKubectl, uniqueNamespace } from '../support/kubectl.ts';
import { openDriver, said, shop } from './support.ts';

let driver: Driver;

beforeAll(async () => {
  driver = await openDriver();
});

const uidOf = (kind: string, name: string, namespace: string) =>
  mustKubectl('get', kind, name, '-n', namespace, '-o', 'jsonpath={.metadata.uid}');

const deployment = (namespace: string, app: string, more = '') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: ${namespace}${more}}
spec:
  selector: {matchLabels: {app: ${app}}}
  template:
    metadata: {labels: {app: ${app}}}
    spec: {containers: [{name: web, image: 'web:1'}]}
`;
const job = (namespace: string, image: string) => `apiVersion: batch/v1
kind: Job
metadata: {name: once, namespace: ${namespace}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: once, image: '${image}'}]}}}
`;
const binding = (namespace: string, role: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: ${namespace}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${role}}
subjects: [{kind: ServiceAccount, name: default, namespace: ${namespace}}]
`;
const frozen = (namespace: string, value: string) =>
  `{apiVersion: v1, kind: ConfigMap, metadata: {name: frozen, namespace: ${namespace}}, immutable: true, data: {a: '${value}'}}`;
const claim = (namespace: string, size: string, more = '') => `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: ${namespace}${more}}
spec: {accessModes: [${size}], resources: {requests: {storage: 1Gi}}, storageClassName: none}
`;
const stateful = (namespace: string, service: string, more = '') => `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: ${namespace}${more}}
spec:
  serviceName: ${service}
  replicas: 0
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: 'db:1'}]}
`;

describe('an object of which a field cannot be changed', () => {
  it.each<[string, string, string, (namespace: string) => [string, string]]>([
    ['the selector of a Deployment', 'deployment', 'web', ns => [deployment(ns, 'a'), deployment(ns, 'b')]],
    ['the template of a Job', 'job', 'once', ns => [job(ns, 'once:1'), job(ns, 'once:2')]],
    ['the role of a RoleBinding', 'rolebinding', 'reader', ns => [binding(ns, 'view'), binding(ns, 'edit')]],
    ['a ConfigMap that is immutable', 'configmap', 'frozen', ns => [frozen(ns, '1'), frozen(ns, '2')]],
    [
      'a StatefulSet whose declaration allows it',
      'statefulset',
      'db',
      ns => {
        const allowed = ', annotations: {holdfast.dev/recreate: allowed}';
        return [stateful(ns, 'a', allowed), stateful(ns, 'b', allowed)];
      },
    ],
  ])('is made anew: %s', async (_what, kind, name, versions) => {
    const namespace = await uniqueNamespace('recreate');
    const [before, after] = versions(namespace);
    await (await shop(driver, before)).converge();
    const uid = await uidOf(kind, name, namespace);
    const unit = await shop(driver, after);

    const plan = await unit.plan();
    const applied = await unit.apply(plan);

    expect(plan.refused).toEqual([]);
    expect(plan.actions.map(({ action }) => action)).toEqual(['recreate']);
    expect(plan.actions[0]?.message).toMatch(/immutable|cannot change|may not change|forbidden/i);
    expect(applied.map(({ result, message }) => message ?? result)).toEqual(['applied']);
    expect(await uidOf(kind, name, namespace)).not.toBe(uid);
    expect(await unit.findings()).toEqual([]);
  });

  it.each<[string, (namespace: string) => [string, string]]>([
    ['a volume claim', ns => [claim(ns, 'ReadWriteOnce'), claim(ns, 'ReadWriteMany')]],
    ['a StatefulSet', ns => [stateful(ns, 'a'), stateful(ns, 'b')]],
    [
      'what its declaration says never to',
      ns => {
        const never = ', annotations: {holdfast.dev/recreate: never}';
        return [deployment(ns, 'a', never), deployment(ns, 'b', never)];
      },
    ],
    [
      'what would be wrong as a new one, too',
      ns => [job(ns, 'once:1'), job(ns, 'once:2').replace('restartPolicy: Never', 'restartPolicy: Always')],
    ],
  ])('is left and told: %s', async (_what, versions) => {
    const namespace = await uniqueNamespace('recreate');
    const [before, after] = versions(namespace);
    const first = await shop(driver, before);
    await first.apply(await first.plan(), 500);
    const plan = await (await shop(driver, after)).plan();

    expect(plan.actions).toEqual([]);
    expect(plan.refused).toMatchObject([{ message: expect.stringMatching(/^HF1(609|306) /) }]);
  });

  it('is never made anew for what is merely wrong', async () => {
    const namespace = await uniqueNamespace('recreate');
    await (await shop(driver, deployment(namespace, 'a'))).converge();
    const uid = await uidOf('deployment', 'web', namespace);
    const wrong = deployment(namespace, 'a').replace("image: 'web:1'", "image: ''");

    const plan = await (await shop(driver, wrong)).plan();

    expect(plan.actions.map(said)).toEqual([]);
    expect(plan.refused).toHaveLength(1);
    expect(await uidOf('deployment', 'web', namespace)).toBe(uid);
  });
});

describe('what is being deleted when it is to be converged', () => {
  const plain = (namespace: string) =>
    `{apiVersion: v1, kind: ConfigMap, metadata: {name: going, namespace: ${namespace}}, data: {a: '1'}}`;

  async function going() {
    const namespace = await uniqueNamespace('going');
    const unit = await shop(driver, plain(namespace));
    await unit.converge();
    const patch = (finalizers: string[]) =>
      mustKubectl(
        ...['patch', 'configmap', 'going', '-n', namespace, '--type=merge'],
        ...['-p', JSON.stringify({ metadata: { finalizers } })],
      );
    await patch(['example.com/hold']);
    await mustKubectl('delete', 'configmap', 'going', '-n', namespace, '--wait=false');
    return { namespace, unit, release: () => patch([]) };
  }

  it('is waited for and made anew when it is gone, as by an attempt that was cut short before', async () => {
    const { namespace, unit, release } = await going();
    const uid = await uidOf('configmap', 'going', namespace);
    const plan = await unit.plan();

    const applying = unit.apply(plan);
    await release();

    expect(plan.actions.map(said)).toEqual(['recreate ConfigMap going']);
    expect(await applying).toMatchObject([{ result: 'applied' }]);
    expect(await uidOf('configmap', 'going', namespace)).not.toBe(uid);
    expect(await unit.findings()).toEqual([]);
  });

  it('is left to the next attempt when this one is to stop', async () => {
    const { unit, release } = await going();
    const plan = await unit.plan();

    const applied = await unit.apply(plan, 20_000, AbortSignal.timeout(300));

    expect(applied).toEqual([]);
    await release();
    expect((await unit.converge()).map(({ result }) => result)).toEqual(['applied']);
  });
});
