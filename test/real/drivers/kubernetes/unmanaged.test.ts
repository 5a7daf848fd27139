import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Comparison } from '../../../../src/findings/finding.ts';
import { applyManifests, mustKubectl, readObject } from '../../support/kubectl.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { runningShop } from './support/running-shop.ts';
import { openAs, openDriver, shopUnit, told } from './support/shop.ts';
import { witness } from './support/witness.ts';

let opened: Awaited<ReturnType<typeof openDriver>>;
let namespace: string;

const unitOf = (more = '', manages = 'true') => `units:
  - {name: shop, driver: kubernetes, path: manifests/shop, manages: ${manages}}
${more}`;

async function compare(settings = unitOf(), manifests = runningShop(namespace)) {
  const { unit, declaration } = await shopUnit(manifests, settings);
  return opened.driver.compare(unit, declaration);
}

const beside = (comparison: Awaited<ReturnType<typeof compare>>) =>
  told(comparison).filter(line => /^(unmanaged|orphaned|unknown)/.test(line));

const kubectl = (...args: string[]) => mustKubectl('-n', namespace, ...args);
const uidOf = async (kind: string, name: string) =>
  ((await readObject(kind, name, namespace)) as { metadata: { uid: string } }).metadata.uid;

async function create(kind: string, name: string, owner?: string, more = ''): Promise<void> {
  const owners = owner === undefined ? '' : `, ownerReferences: [${owner}]`;
  await applyManifests(
    `{apiVersion: v1, kind: ${kind}, metadata: {name: ${name}, namespace: ${namespace}${owners}${more}}}\n`,
    '--field-manager=somebody',
  );
}

beforeAll(async () => {
  opened = await openDriver();
  namespace = `unmanaged-${randomBytes(4).toString('hex')}`;
  await applyManifests(runningShop(namespace), '--field-manager=holdfast');
  await kubectl('create', 'job', 'made', '--from=cronjob/often');
  const made = async () => {
    const names = await kubectl(
      'get',
      'pods,pvc,endpoints,endpointslices,controllerrevisions,jobs',
      '-o',
      'name',
    );
    return [
      'pod/data-store-1',
      'persistentvolumeclaim/data-data-store-1',
      'endpoints/web',
      'pod/made-',
      'pod/once-',
      'pod/web-',
      'pod/agent-',
    ].every(part => names.includes(part));
  };
  await waitUntil('the controllers to have made what they make', made, 60_000);
  await create(
    'Secret',
    'web-tls',
    `{apiVersion: apps/v1, kind: Deployment, name: web, controller: true, uid: ${await uidOf('deployment', 'web')}}`,
  );
}, 120_000);
afterAll(async () => {
  await mustKubectl('delete', 'namespace', namespace, '--wait=false');
  opened.close();
});

describe('a namespace that a unit manages', () => {
  it('holds nothing unmanaged when all roots are declared, whatever controllers made', async () => {
    const comparison = await compare();
    expect(beside(comparison)).toEqual([]);
    const rules = new Set(comparison.exempt?.map(({ rule }) => rule));
    for (const rule of ['default ServiceAccount of a namespace', 'Endpoints of a Service'])
      expect(rules).toContain(rule);
  });

  it('is not looked at when no unit says that it manages it', async () => {
    await create('ConfigMap', 'plain');
    expect(beside(await compare('', ''))).toEqual([]);
    expect(
      beside(await compare(unitOf('', '[kube-public]').replace(', manages: [kube-public]', ''))),
    ).toEqual([]);
    await kubectl('delete', 'configmap', 'plain');
  });

  it('tells what a person made there, once for what it owns, with who made it and when', async ({
    onTestFinished,
  }) => {
    await create('ConfigMap', 'by-hand', undefined, ', labels: {team: shop}');
    onTestFinished(async () => {
      await kubectl('delete', 'configmap/by-hand', 'deployment/stray');
    });
    await kubectl('create', 'deployment', 'stray', '--image=shop/stray:1');
    await waitUntil(
      'its Pod',
      async () => (await kubectl('get', 'pods', '-o', 'name')).includes('pod/stray-'),
      20_000,
    );
    const comparison = await compare();
    expect(beside(comparison).sort()).toEqual(['unmanaged ConfigMap/by-hand', 'unmanaged Deployment/stray']);
    const [stray, map] = comparison.findings.filter(({ type }) => type === 'unmanaged');
    expect(map?.changes).toEqual([
      {
        path: '/metadata/creationTimestamp',
        op: 'added',
        live: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        by: { manager: 'somebody', operation: 'Apply', time: expect.any(String) },
      },
    ]);
    expect(stray?.changes?.[0]?.by?.manager).toBe('kubectl-create');
    expect(comparison).toMatchObject({ verdict: 'drifted', resources: { declared: 11, inSync: 11 } });

    const rule = (which: string) => `ignore: [{${which}, reason: known}]`;
    expect(beside(await compare(unitOf(rule('resource: {kind: ConfigMap, name: by-*}'))))).toEqual([
      'unmanaged Deployment/stray',
    ]);
    expect(beside(await compare(unitOf(rule('manager: kubectl-create'))))).toEqual([
      'unmanaged ConfigMap/by-hand',
    ]);
  });

  it.each<[string, () => Promise<void>, string[]]>([
    [
      'a token of a ServiceAccount that a person asked for',
      () =>
        create('Secret', 'for-me', undefined, ', annotations: {kubernetes.io/service-account.name: runner}'),
      ['unmanaged Secret/for-me'],
    ],
    [
      'what claims to be of a certificate that is not there',
      () => create('Secret', 'a-tls', undefined, ', annotations: {cert-manager.io/certificate-name: gone}'),
      ['unmanaged Secret/a-tls'],
    ],
    [
      'the record of a Helm release that is not declared',
      () => create('Secret', 'sh.helm.release.v1.cart.v1', undefined, ', labels: {owner: helm, name: cart}'),
      ['unmanaged Secret/sh.helm.release.v1.cart.v1'],
    ],
    [
      'Endpoints that no Service has',
      () => create('Endpoints', 'elsewhere'),
      ['unmanaged Endpoints/elsewhere'],
    ],
    [
      'what is owned by a namespace-less object that nobody declares',
      async () => {
        const { metadata } = (await readObject(
          'node',
          await mustKubectl('get', 'nodes', '-o', 'jsonpath={.items[0].metadata.name}'),
        )) as { metadata: { name: string; uid: string } };
        await create(
          'ConfigMap',
          'of-node',
          `{apiVersion: v1, kind: Node, name: ${metadata.name}, uid: ${metadata.uid}}`,
        );
      },
      ['unmanaged ConfigMap/of-node'],
    ],
    [
      'two objects that own each other',
      async () => {
        await create('ConfigMap', 'one');
        await create(
          'ConfigMap',
          'two',
          `{apiVersion: v1, kind: ConfigMap, name: one, uid: ${await uidOf('configmap', 'one')}}`,
        );
        await create(
          'ConfigMap',
          'one',
          `{apiVersion: v1, kind: ConfigMap, name: two, uid: ${await uidOf('configmap', 'two')}}`,
        );
      },
      ['unmanaged ConfigMap/one', 'unmanaged ConfigMap/two'],
    ],
    [
      'nothing that only programs write',
      async () => {
        await applyManifests(
          `{apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: leader, namespace: ${namespace}}}\n`,
        );
      },
      [],
    ],
  ])('tells %s', async (_what, bring, expected) => {
    await bring();
    const comparison = await compare();
    await kubectl(
      'delete',
      'configmaps,secrets,endpoints,leases',
      '-l',
      '!app',
      '--field-selector=metadata.name!=web-tls,metadata.name!=kube-root-ca.crt,metadata.name!=web',
    );
    expect(beside(comparison).sort()).toEqual(expected);
  });

  it('tells nothing as unmanaged that a file which cannot be read may declare', async () => {
    await create('ConfigMap', 'maybe');
    const comparison = await compare(unitOf(), `${runningShop(namespace)}---\nkind: [\n`);
    expect(beside(comparison)).toEqual([`unknown Namespace/${namespace}`]);
    expect(comparison.findings.find(({ type }) => type === 'unknown')?.message).toContain('shop.yaml');
    await kubectl('delete', 'configmap', 'maybe');
  });
});

describe('for an account that may not list Secrets', () => {
  it('they are unknown, by name, and the rest is told; once and under watch', async ({ onTestFinished }) => {
    await create('ConfigMap', 'seen');
    await kubectl('create', 'serviceaccount', 'blind');
    const rules = 'rules: [{apiGroups: ["*"], resources: ["*"], verbs: [get, patch, update, create]}';
    const others =
      'pods,services,endpoints,configmaps,serviceaccounts,persistentvolumeclaims,podtemplates,replicationcontrollers,limitranges,resourcequotas';
    await applyManifests(
      `{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: blind, namespace: ${namespace}}, ${rules}, {apiGroups: [apps, batch, autoscaling, networking.k8s.io, policy, discovery.k8s.io, rbac.authorization.k8s.io, storage.k8s.io, resource.k8s.io, coordination.k8s.io], resources: ["*"], verbs: [list, watch]}, {apiGroups: [""], resources: [${others}], verbs: [list, watch]}]}\n`,
    );
    await kubectl('create', 'rolebinding', 'blind', '--role=blind', `--serviceaccount=${namespace}:blind`);
    const blind = await openAs(namespace, 'blind');
    onTestFinished(async () => {
      await blind.close();
      await kubectl('delete', 'rolebinding/blind', 'role/blind', 'serviceaccount/blind', 'configmap/seen');
    });
    const manages = unitOf('ignore: [{resource: {name: blind}, reason: ours}]');
    const { unit, declaration } = await shopUnit(runningShop(namespace), manages);
    const known = (comparison: Comparison | undefined) =>
      beside(comparison ?? ({ findings: [] } as never)).filter(line => /Secret|ConfigMap/.test(line));

    const comparison = await blind.driver.compare(unit, declaration);
    expect(known(comparison)).toEqual(['unmanaged ConfigMap/seen', 'unknown Kind/Secret']);
    const finding = comparison.findings.find(({ resource }) => resource.name === 'Secret');
    expect(finding?.message).toMatch(/^HF1303 cannot list secrets: .*declared nowhere is not known$/);
    expect(comparison.verdict).toBe('unknown');

    const seen = await witness(blind, [unit, declaration]);
    await waitUntil('the same under watch', async () => known(seen.last()).length === 2, 20_000);
    expect(known(seen.last())).toEqual(known(comparison));
    await seen.observation.close();
  });
});

describe('under watch', () => {
  it('a kind that comes to be served is listed as well', async ({ onTestFinished }) => {
    const { unit, declaration } = await shopUnit(runningShop(namespace), unitOf());
    const seen = await witness(opened, [unit, declaration]);
    const name = `gadgets.${namespace}.example.com`;
    onTestFinished(async () => {
      await seen.observation.close();
      await mustKubectl('delete', 'crd', name);
    });
    await applyManifests(`apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: ${name}}
spec:
  group: ${namespace}.example.com
  scope: Namespaced
  names: {plural: gadgets, singular: gadget, kind: Gadget}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
`);
    await mustKubectl('wait', '--for=condition=Established', 'crd', name);
    await applyManifests(
      `{apiVersion: ${namespace}.example.com/v1, kind: Gadget, metadata: {name: new, namespace: ${namespace}}}\n`,
    );
    await waitUntil(
      'it is told',
      async () =>
        seen.last() !== undefined && beside(seen.last() as Comparison).join() === 'unmanaged Gadget/new',
      20_000,
    );
  });

  it('what a person makes is told soon, and again when it is gone or declared', async () => {
    const { unit, declaration } = await shopUnit(runningShop(namespace), unitOf());
    const seen = await witness(opened, [unit, declaration]);
    await waitUntil(
      'all to be listed',
      async () => seen.last()?.unsure?.includes('unmanaged') === false,
      20_000,
    );
    expect(beside(seen.last() as Comparison)).toEqual([]);

    await create('ConfigMap', 'soon');
    await waitUntil(
      'it is told',
      async () => beside(seen.last() as Comparison).join() === 'unmanaged ConfigMap/soon',
      8_000,
    );
    await kubectl('delete', 'configmap', 'soon');
    await waitUntil('it is gone', async () => beside(seen.last() as Comparison).length === 0, 5_000);

    await kubectl('scale', 'deployment', 'web', '--replicas=3');
    await kubectl('rollout', 'restart', 'daemonset', 'agent');
    await waitUntil(
      'another ControllerRevision',
      async () => (await kubectl('get', 'controllerrevisions', '-o', 'name')).split('agent-').length > 2,
      20_000,
    );
    await seen.observation.close();
    expect(
      seen.comparisons
        .flatMap(({ comparison }) => beside(comparison))
        .filter(line => !line.endsWith('/soon')),
    ).toEqual([]);
  });
});
