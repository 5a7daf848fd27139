import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Driver } from '../../../src/drivers/driver.ts';
import { applyManifests, kubectlWith, mustKubectl, uniqueNamespace } from '../support/kubectl.ts';
import { openDriver, shop } from './support.ts';

let driver: Driver;

beforeAll(async () => {
  driver = await openDriver();
});

const config = (namespace: string, data: string, annotations = '') =>
  `{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: ${namespace}${annotations}}, data: ${data}}`;
const deployment = (namespace: string, env: string, replicas = '') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: ${namespace}}
spec:
  ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: 'web:1', env: ${env}}]}
`;
const managers = async (kind: string, name: string, namespace: string) =>
  (
    await mustKubectl(
      'get',
      kind,
      name,
      '-n',
      namespace,
      '--show-managed-fields',
      '-o',
      'jsonpath={.metadata.managedFields[*].manager}',
    )
  ).split(' ');
const jsonOf = async (...args: string[]) => JSON.parse(await mustKubectl('get', ...args, '-o', 'json'));

describe('what others applied before', () => {
  it('N04: is taken over from kubectl apply, so that fields that Git drops go', async () => {
    const namespace = await uniqueNamespace('owner');
    const before = deployment(
      namespace,
      "[{name: A, value: '1'}, {name: B, value: '2'}]",
      'minReadySeconds: 3',
    );
    await kubectlWith({ stdin: before }, 'apply', '-f', '-');
    const unit = await shop(driver, deployment(namespace, "[{name: A, value: '1'}]"));

    await unit.converge();

    const live = await jsonOf('deployment', 'web', '-n', namespace);
    expect(live.spec.template.spec.containers[0].env).toEqual([{ name: 'A', value: '1' }]);
    expect(live.spec.minReadySeconds).toBeUndefined();
    expect(live.metadata.annotations ?? {}).not.toHaveProperty([
      'kubectl.kubernetes.io/last-applied-configuration',
    ]);
    expect(await managers('deployment', 'web', namespace)).not.toContain('kubectl-client-side-apply');
    expect(await unit.findings()).toEqual([]);
  });

  it('goes on being taken over: what Git drops later goes by server-side apply alone', async () => {
    const namespace = await uniqueNamespace('owner');
    await kubectlWith({ stdin: config(namespace, "{a: '1', b: '2'}") }, 'apply', '-f', '-');
    await (await shop(driver, config(namespace, "{a: '9', b: '2'}"))).converge();

    await applyManifests(config(namespace, "{a: '9'}"), '--field-manager=holdfast');

    expect((await jsonOf('configmap', 'c', '-n', namespace)).data).toEqual({ a: '9' });
  });

  it('keeps what a rule leaves to others', async () => {
    const namespace = await uniqueNamespace('owner');
    await kubectlWith({ stdin: deployment(namespace, '[]', 'replicas: 3') }, 'apply', '-f', '-');
    const rules =
      'ignore: [{resource: {kind: Deployment}, paths: [/spec/replicas], reason: scaled by hand}]\n';
    const unit = await shop(driver, deployment(namespace, "[{name: A, value: '1'}]"), rules);

    await unit.converge();

    expect((await jsonOf('deployment', 'web', '-n', namespace)).spec.replicas).toBe(3);
  });

  it('is taken over from Helm', async () => {
    const namespace = await uniqueNamespace('owner');
    const stdin = config(namespace, "{a: '1', b: '2'}");
    await kubectlWith({ stdin }, 'create', '--field-manager=helm', '-f', '-');
    const unit = await shop(driver, config(namespace, "{a: '2'}"));

    await unit.converge();

    expect((await jsonOf('configmap', 'c', '-n', namespace)).data).toEqual({ a: '2' });
    expect(await managers('configmap', 'c', namespace)).toEqual(['holdfast']);
  });
});

describe('another tool that applies the same fields with other values', () => {
  const rival = async (annotations = '', settings?: string) => {
    const namespace = await uniqueNamespace('rival');
    await applyManifests(config(namespace, "{a: 'theirs'}"), '--field-manager=argocd-controller');
    const unit = await shop(driver, config(namespace, "{a: 'ours'}", annotations), settings);
    return { namespace, unit, plan: await unit.plan() };
  };

  it('is not fought with', async () => {
    const { plan } = await rival();

    expect(plan.actions).toEqual([]);
    expect(plan.refused).toMatchObject([
      { message: 'HF1608 argocd-controller applies /data/a with other values' },
    ]);
  });

  it.each([
    ['the declaration', ", annotations: {holdfast.dev/take-over: 'true'}", undefined],
    ['holdfast.yaml', '', "converge: {units: [{unit: '*', takeOver: ['argocd-*']}]}\n"],
  ])('yields where %s says so', async (_who, annotations, settings) => {
    const { namespace, unit, plan } = await rival(annotations, settings);

    await unit.apply(plan);

    expect((await jsonOf('configmap', 'c', '-n', namespace)).data).toEqual({ a: 'ours' });
  });

  it('is no tool where a person applied it by hand', async () => {
    const namespace = await uniqueNamespace('rival');
    await applyManifests(config(namespace, "{a: 'by hand'}"));
    const unit = await shop(driver, config(namespace, "{a: 'ours'}"));

    await unit.converge();

    expect((await jsonOf('configmap', 'c', '-n', namespace)).data).toEqual({ a: 'ours' });
  });
});

describe('D33: a definition that gained a version', () => {
  const group = `g${randomBytes(4).toString('hex')}.example.com`;
  const definition = (versions: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.${group}}
spec:
  group: ${group}
  scope: Namespaced
  names: {kind: Widget, plural: widgets}
  versions:
${versions}`;
  const version = (name: string, storage: boolean, fields: string) =>
    `    - {name: ${name}, served: true, storage: ${storage}, schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {${fields}}}}}}}\n`;
  const [size, policy] = ['size: {type: integer}', "policy: {type: string, default: 'Delete'}"];
  const widget = (namespace: string, apiVersion: string, spec: string) =>
    `{apiVersion: ${group}/${apiVersion}, kind: Widget, metadata: {name: w, namespace: ${namespace}}, spec: ${spec}}`;

  it('lets an object move to it, whatever version its managedFields speak of', async () => {
    const namespace = await uniqueNamespace('version');
    await applyManifests(definition(version('v1beta1', true, `${size}, ${policy}`)));
    await mustKubectl('wait', '--for=condition=Established', `crd/widgets.${group}`);
    await (await shop(driver, widget(namespace, 'v1beta1', '{size: 1, policy: Keep}'))).converge();
    await applyManifests(
      definition(version('v1beta1', false, size) + version('v1', true, `${size}, ${policy}`)),
      '--force-conflicts',
    );
    const fresh = await openDriver();
    const unit = await shop(fresh, widget(namespace, 'v1', '{size: 2, policy: Keep}'));

    const applied = await unit.converge();

    expect(applied.map(({ result, message }) => message ?? result)).toEqual(['applied']);
    expect((await jsonOf(`widgets.${group}`, 'w', '-n', namespace)).spec).toEqual({
      size: 2,
      policy: 'Keep',
    });
    expect(await unit.findings()).toEqual([]);
  });
});
