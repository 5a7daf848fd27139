import { beforeAll, describe, expect, it } from 'vitest';
import type { Driver } from '../../../src/drivers/driver.ts';
import { applyManifests, mustKubectl, readObject, uniqueNamespace } from '../support/kubectl.ts';
import { openDriver, said, shop } from './support.ts';

/** Argo Rollouts and Flagger are played: their fields are written under their names, as they write them. */
let driver: Driver;

const definition = (group: string, version: string, kind: string, plural: string) => `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: ${plural}.${group}}
spec:
  group: ${group}
  scope: Namespaced
  names: {kind: ${kind}, plural: ${plural}}
  versions:
    - name: ${version}
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`;

beforeAll(async () => {
  await applyManifests(
    [
      definition('argoproj.io', 'v1alpha1', 'Rollout', 'rollouts'),
      definition('flagger.app', 'v1beta1', 'Canary', 'canaries'),
      definition('networking.istio.io', 'v1', 'VirtualService', 'virtualservices'),
    ].join('---'),
  );
  await mustKubectl(
    'wait',
    '--for=condition=Established',
    ...['rollouts.argoproj.io', 'canaries.flagger.app', 'virtualservices.networking.istio.io'].map(
      name => `crd/${name}`,
    ),
  );
  driver = await openDriver();
});

const workload = (namespace: string, image = 'web:1') => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: ${namespace}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: '${image}'}]}
`;
const service = (namespace: string, name: string, port = 80) =>
  `{apiVersion: v1, kind: Service, metadata: {name: ${name}, namespace: ${namespace}}, spec: {selector: {app: web}, ports: [{port: ${port}}]}}\n`;
const routes = (namespace: string, host = 'shop.example.com') =>
  `{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: web, namespace: ${namespace}}, spec: {hosts: [${host}], http: [{name: main, route: [{destination: {host: stable}, weight: 100}, {destination: {host: canary}, weight: 0}]}]}}\n`;
const rollout = (namespace: string) =>
  `{apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: web, namespace: ${namespace}}, spec: {workloadRef: {apiVersion: apps/v1, kind: Deployment, name: web, scaleDown: onsuccess}, strategy: {canary: {stableService: stable, canaryService: canary, trafficRouting: {managedRoutes: [{name: header}], istio: {virtualService: {name: web}}}}}}}\n`;
const canary = (namespace: string) =>
  `{apiVersion: flagger.app/v1beta1, kind: Canary, metadata: {name: web, namespace: ${namespace}}, spec: {targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}}\n`;

function as(manager: string, namespace: string) {
  return (kind: string, name: string, patch: unknown) =>
    mustKubectl(
      'patch',
      kind,
      name,
      '-n',
      namespace,
      `--field-manager=${manager}`,
      '--type=merge',
      '-p',
      JSON.stringify(patch),
    );
}

const spec = async (kind: string, name: string, namespace: string) =>
  (await readObject(kind, name, namespace))?.['spec'] as Record<string, unknown>;

const weighted = (stable: number, host = 'stable') => ({
  name: 'main',
  route: [
    { destination: { host }, weight: stable },
    { destination: { host: 'canary' }, weight: 100 - stable },
  ],
});

/** A Rollout in the midst of a release: workload scaled down, Services pointed at hashes, a fifth of the traffic shifted. */
async function rolling(namespace: string): Promise<void> {
  const controller = as('rollouts-controller', namespace);
  await controller('deployment', 'web', { spec: { replicas: 0 } });
  for (const [name, hash] of [
    ['stable', '5d8'],
    ['canary', '7c4'],
  ] as const)
    await controller('service', name, {
      metadata: { annotations: { 'argo-rollouts.argoproj.io/managed-by-rollouts': 'web' } },
      spec: { selector: { 'rollouts-pod-template-hash': hash } },
    });
  await controller('virtualservice', 'web', { spec: { http: [weighted(80)] } });
  await controller('rollout', 'web', {
    status: { stableRS: '5d8', currentPodHash: '7c4', phase: 'Healthy' },
  });
}

const ofRollout = (namespace: string, more: { port?: number; host?: string; image?: string } = {}) =>
  [
    workload(namespace, more.image),
    service(namespace, 'stable', more.port),
    service(namespace, 'canary', more.port),
    routes(namespace, more.host),
    rollout(namespace),
  ].join('---\n');

const leftOut = async (unit: Awaited<ReturnType<typeof shop>>) => {
  const { findings, exempt = [] } = await unit.compare();
  const told = exempt.map(({ resource, rule }) => `${'kind' in resource ? resource.kind : ''} ${rule}`);
  return { findings, told: [...new Set(told)].sort() };
};

describe('a release by Argo Rollouts', () => {
  it('moves fields that are no drift, and are told as left out', async () => {
    const namespace = await uniqueNamespace('rollout');
    const unit = await shop(driver, ofRollout(namespace));
    await unit.apply(await unit.plan(), 1);
    await rolling(namespace);

    expect(await leftOut(unit)).toEqual({
      findings: [],
      told: [
        'Deployment replicas set by a Rollout or Canary',
        'Service marked by a Rollout as its own',
        'Service selector set by a Rollout',
        'VirtualService traffic shared out by a Rollout or Canary',
      ],
    });
    expect((await unit.plan()).actions).toEqual([]);
  });

  it('keeps what it moved when something else of the same objects is applied', async () => {
    const namespace = await uniqueNamespace('rollout');
    const first = await shop(driver, ofRollout(namespace));
    await first.apply(await first.plan(), 1);
    await rolling(namespace);
    const next = await shop(
      driver,
      ofRollout(namespace, { port: 81, host: 'new.example.com', image: 'web:2' }),
    );

    // a Deployment of no replica is healthy as soon as its controller has seen it
    const applied = await next.apply(await next.plan());

    const done = applied
      .filter(({ result }) => result === 'applied')
      .map(said)
      .sort();
    expect(done).toEqual([
      'change Deployment web',
      'change Service canary',
      'change Service stable',
      'change VirtualService web',
    ]);
    expect(await spec('service', 'stable', namespace)).toMatchObject({
      selector: { app: 'web', 'rollouts-pod-template-hash': '5d8' },
      ports: [{ port: 81 }],
    });
    expect(await spec('virtualservice', 'web', namespace)).toMatchObject({
      hosts: ['new.example.com'],
      http: [weighted(80)],
    });
    expect(await spec('deployment', 'web', namespace)).toMatchObject({ replicas: 0 });
    expect((await next.compare()).findings).toEqual([]);
    expect((await next.plan()).actions).toEqual([]);
  });

  it('may make routes of its own, but changes none that is declared', async () => {
    const namespace = await uniqueNamespace('rollout');
    const unit = await shop(driver, ofRollout(namespace));
    await unit.apply(await unit.plan(), 1);
    const controller = as('rollouts-controller', namespace);
    const header = { name: 'header', match: [{ headers: {} }], route: [{ destination: { host: 'canary' } }] };
    await controller('virtualservice', 'web', { spec: { http: [header, weighted(100)] } });
    const good = (await unit.compare()).findings;

    await controller('virtualservice', 'web', { spec: { http: [header, weighted(100, 'elsewhere')] } });

    expect(good).toEqual([]);
    expect((await unit.compare()).findings).toMatchObject([{ resource: { kind: 'VirtualService' } }]);
  });

  it.each<[string, string, string, unknown]>([
    ['replicas', 'deployment', 'web', { spec: { replicas: 5 } }],
    ['a selector', 'service', 'stable', { spec: { selector: { 'rollouts-pod-template-hash': 'abc' } } }],
    ['weights', 'virtualservice', 'web', { spec: { http: [weighted(10)] } }],
  ])('hides no hand edit of the same field: %s', async (_what, kind, name, patch) => {
    const namespace = await uniqueNamespace('rollout');
    const unit = await shop(driver, ofRollout(namespace));
    await unit.apply(await unit.plan(), 1);
    await rolling(namespace);

    await as('kubectl-patch', namespace)(kind, name, patch);

    expect((await unit.compare()).findings).toMatchObject([{ resource: { name } }]);
  });

  it('excuses nothing of what it does not refer to', async () => {
    const namespace = await uniqueNamespace('rollout');
    const manifests = [ofRollout(namespace), service(namespace, 'other')].join('---\n');
    const unit = await shop(driver, manifests);
    await unit.apply(await unit.plan(), 1);

    await as('rollouts-controller', namespace)('service', 'other', {
      spec: { selector: { 'rollouts-pod-template-hash': '5d8' } },
    });

    expect((await unit.compare()).findings).toMatchObject([{ resource: { name: 'other' } }]);
  });
});

describe('a release by Flagger', () => {
  const ofCanary = (namespace: string, image?: string) =>
    [workload(namespace, image), service(namespace, 'web'), canary(namespace)].join('---\n');

  it('scales the workload to nothing and points its Service at the copy that it made', async () => {
    const namespace = await uniqueNamespace('canary');
    const first = await shop(driver, ofCanary(namespace));
    await first.apply(await first.plan(), 1);
    const controller = as('flagger', namespace);
    await controller('deployment', 'web', { spec: { replicas: 0 } });
    await controller('service', 'web', { spec: { selector: { app: 'web-primary' } } });
    await controller('canary', 'web', { status: { phase: 'Initialized' } });

    const resting = await leftOut(first);
    const next = await shop(driver, ofCanary(namespace, 'web:2'));
    const applied = await next.apply(await next.plan(), 1);

    expect(resting).toEqual({
      findings: [],
      told: ['Deployment replicas set by a Rollout or Canary', 'Service selector set by a Canary'],
    });
    expect(applied.map(({ action, resource: { name } }) => `${action} ${name}`)).toContain('change web');
    expect(await spec('deployment', 'web', namespace)).toMatchObject({ replicas: 0 });
    expect(await spec('service', 'web', namespace)).toMatchObject({ selector: { app: 'web-primary' } });
    expect((await next.compare()).findings).toEqual([]);
  });

  it('hides no hand edit: a workload that somebody scaled up, a Service that leads elsewhere', async () => {
    const namespace = await uniqueNamespace('canary');
    const unit = await shop(driver, ofCanary(namespace));
    await unit.apply(await unit.plan(), 1);
    await as('flagger', namespace)('deployment', 'web', { spec: { replicas: 0 } });
    await as('flagger', namespace)('service', 'web', { spec: { selector: { app: 'web-primary' } } });

    await as('kubectl-edit', namespace)('deployment', 'web', { spec: { replicas: 7 } });
    await as('kubectl-edit', namespace)('service', 'web', { spec: { selector: { app: 'other' } } });

    expect(
      (await unit.compare()).findings.map(({ resource }) => 'kind' in resource && resource.kind),
    ).toEqual(['Deployment', 'Service']);
  });
});
