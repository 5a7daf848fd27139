import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubectl, mustKubectl, readObject } from '../../support/kubectl.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { bring, newNamespace, onlyFinding, openDriver, shopUnit, told } from './support/shop.ts';

let opened: Awaited<ReturnType<typeof openDriver>>;
let namespace: string;
beforeAll(async () => {
  opened = await openDriver();
  namespace = await newNamespace('verdict');
});
afterAll(async () => {
  await mustKubectl('delete', 'namespace', namespace, '--wait=false');
  opened.close();
});

async function compare(manifests: string, settings = '') {
  const { unit, declaration } = await shopUnit(manifests, settings);
  return opened.driver.compare(unit, declaration);
}

function configMap(name: string, data = '{a: "1"}', more = ''): string {
  return `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}, namespace: ${namespace}${more}}, data: ${data}}\n`;
}

function deployment(name: string, spec = '', container = ''): string {
  return `{apiVersion: apps/v1, kind: Deployment, metadata: {name: ${name}, namespace: ${namespace}}, spec: {${spec} selector: {matchLabels: {app: ${name}}}, template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: web, image: "example.com/web:1"${container}}]}}}}\n`;
}

describe('what is not there', () => {
  it('is missing', async () => {
    const finding = onlyFinding(await compare(configMap('nowhere')));

    expect(finding).toMatchObject({ type: 'missing', resource: { namespace, name: 'nowhere' } });
    expect(finding.message).toBeUndefined();
  });

  it('is missing, not invalid, where its namespace is not there either', async () => {
    const elsewhere = configMap('here').replaceAll(namespace, 'not-there-yet');
    const comparison = await compare(
      `{apiVersion: v1, kind: Namespace, metadata: {name: not-there-yet}}\n---\n${elsewhere}`,
    );

    expect(told(comparison).sort()).toEqual(['missing ConfigMap/here', 'missing Namespace/not-there-yet']);
  });

  it('is invalid with the server’s words where the server would refuse it', async () => {
    const finding = onlyFinding(await compare(deployment('bad', '', ', ports: [{containerPort: 99999}]')));

    expect(finding).toMatchObject({ type: 'invalid', code: 'HF1306' });
    expect(finding.message).toMatch(/^HF1306 .*containerPort: Invalid value: 99999/);
  });

  it('is missing for the reason that its declared CustomResourceDefinition is not there', async () => {
    const crd = `{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: gadgets.absent.example.com}, spec: {group: absent.example.com, scope: Namespaced, names: {plural: gadgets, kind: Gadget}, versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]}}`;
    const gadget = `{apiVersion: absent.example.com/v1, kind: Gadget, metadata: {name: g, namespace: ${namespace}}}`;

    const comparison = await compare(`${crd}\n---\n${gadget}`);

    expect(told(comparison).sort()).toEqual([
      'missing CustomResourceDefinition/gadgets.absent.example.com',
      'missing Gadget/g',
    ]);
    const finding = comparison.findings.find(
      ({ resource }) => 'kind' in resource && resource.kind === 'Gadget',
    );
    expect(finding?.message).toMatch(/its kind is not served yet/);
  });
});

describe('what cannot be told', () => {
  it.each([
    ['a kind that nobody defines', 'nobody.example.com/v1', /HF1305 the server does not serve Thing/],
    ['a version that is gone', 'autoscaling/v2beta2', /it serves autoscaling\/v2/],
  ])('is unknown: %s', async (_what, apiVersion, words) => {
    const kind = apiVersion.startsWith('autoscaling') ? 'HorizontalPodAutoscaler' : 'Thing';
    const comparison = await compare(
      `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: x, namespace: ${namespace}}}\n---\n${configMap('beside')}`,
    );

    expect(comparison.verdict).toBe('unknown');
    expect(told(comparison).sort()).toEqual(['missing ConfigMap/beside', `unknown ${kind}/x`]);
    expect(comparison.findings.find(({ type }) => type === 'unknown')?.message).toMatch(words);
  });

  it('is the whole unit when the API server does not answer', async () => {
    const { unit, declaration } = await shopUnit(configMap('blind'));
    const kubeconfig = (await mustKubectl('config', 'view', '--raw', '-o', 'json')).replace(
      /"server": "[^"]*"/,
      '"server": "https://127.0.0.1:1"',
    );
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-blind-'));
    await writeFile(join(folder, 'kubeconfig'), kubeconfig);
    const blind = await openDriver(join(folder, 'kubeconfig'));

    const comparison = await blind.driver.compare(unit, declaration);

    expect(comparison.verdict).toBe('unknown');
    expect(onlyFinding(comparison)).toMatchObject({
      type: 'unknown',
      resource: { type: 'Unit', name: 'shop' },
      code: 'HF1301',
      origin: 'cluster',
    });
    blind.close();
    await rm(folder, { recursive: true });
  });
});

describe('one object that the server will not apply', () => {
  it('is invalid for its repeated names while the others are compared (D18)', async () => {
    const twice = deployment('twice', '', ', env: [{name: A, value: "1"}, {name: A, value: "2"}]');
    await bring('kubectl create', namespace, twice);
    await bring('kubectl create', namespace, configMap('intact'));

    const comparison = await compare(`${twice}---\n${configMap('intact')}`);

    expect(told(comparison)).toEqual(['invalid Deployment/twice']);
    expect(comparison.findings[0]?.message).toMatch(/duplicate entries for key/);
    expect(comparison.resources).toEqual({ declared: 2, inSync: 1 });
  });

  it('tells the difference and the server’s words where Git changes what cannot be changed (N05)', async () => {
    await bring('server-side apply by us', namespace, deployment('fixed'));
    const moved = deployment('fixed').replaceAll('app: fixed', 'app: moved');

    const finding = onlyFinding(await compare(moved));

    expect(finding.type).toBe('changed');
    expect(finding.message).toMatch(/HF1306 .*field is immutable/);
    expect(finding.changes?.map(({ path }) => path)).toContain('/spec/selector/matchLabels/app');
  });

  it('never repeats a value of a Secret', async () => {
    const secret = `{apiVersion: v1, kind: Secret, metadata: {name: odd, namespace: ${namespace}}, data: {a: 73519}}`;

    const comparison = await compare(secret);

    expect(comparison.findings).toHaveLength(1);
    expect(JSON.stringify(comparison)).not.toContain('73519');
  });
});

describe('legitimate owners', () => {
  it('are an autoscaler that sets replicas through scale, and it is told', async () => {
    await bring('server-side apply by us', namespace, deployment('scaled', 'replicas: 1,'));
    await opened.connection.request({
      method: 'PATCH',
      path: `/apis/apps/v1/namespaces/${namespace}/deployments/scaled/scale`,
      query: { fieldManager: 'kube-controller-manager' },
      contentType: 'application/merge-patch+json',
      body: { spec: { replicas: 3 } },
    });

    const comparison = await compare(deployment('scaled', 'replicas: 1,'));

    expect(comparison.findings).toEqual([]);
    expect(comparison.exempt).toMatchObject([
      {
        by: { manager: 'kube-controller-manager', subresource: 'scale' },
        resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'scaled' },
        path: '/spec/replicas',
        rule: 'replicas set through the scale subresource by a controller',
      },
    ]);
  });

  it('are whoever restarts a rollout, and it is told', async () => {
    await bring('server-side apply by us', namespace, deployment('restarted'));
    await mustKubectl('-n', namespace, 'rollout', 'restart', 'deployment/restarted');

    const comparison = await compare(deployment('restarted'));

    expect(comparison.findings).toEqual([]);
    expect(comparison.exempt?.map(({ rule }) => rule)).toEqual(['rollout restart']);
  });

  it('are the aggregation of a ClusterRole (D12)', async () => {
    const name = `all-${namespace}`;
    const role = `{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: ${name}}, aggregationRule: {clusterRoleSelectors: [{matchLabels: {part-of: ${name}}}]}, rules: []}`;
    const part = `{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: part-${name}, labels: {part-of: ${name}}}, rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]}`;
    await bring('server-side apply by us', namespace, `${role}\n---\n${part}`);
    await waitUntil(
      'the rules to be filled in',
      async () => JSON.stringify((await readObject('clusterrole', name))?.['rules'] ?? []).includes('pods'),
      20_000,
    );

    const comparison = await compare(`${role}\n---\n${part}`);

    await mustKubectl('delete', 'clusterrole', name, `part-${name}`);
    expect(comparison.findings).toEqual([]);
  });
});

describe('an object that is being deleted', () => {
  it('is never in sync', async () => {
    const held = configMap('held', '{a: "1"}', ', finalizers: [example.com/hold]');
    await bring('server-side apply by us', namespace, held);
    await mustKubectl('-n', namespace, 'delete', 'configmap', 'held', '--wait=false');

    const finding = onlyFinding(await compare(held));

    await kubectl(
      '-n',
      namespace,
      'patch',
      'configmap',
      'held',
      '--type=merge',
      '-p',
      '{"metadata":{"finalizers":null}}',
    );
    expect(finding.message).toBe('it is being deleted');
    expect(finding.changes?.map(({ path }) => path)).toEqual(['/metadata/deletionTimestamp']);
  });
});

describe('ignore rules', () => {
  const rule = (text: string) => `apiVersion: holdfast.dev/v1alpha1\nignore:\n  - ${text}\n`;

  it.each([
    ['a path leaves its siblings in', '{paths: [/data/b], reason: r}', ['/data/c']],
    ['a glob covers what it names', '{paths: ["/data/*"], reason: r}', []],
    ['a manager leaves out what it did', '{manager: node-*, reason: r}', []],
    [
      'another resource does not count',
      '{resource: {name: other}, paths: ["/data/*"], reason: r}',
      ['/data/b', '/data/c'],
    ],
    [
      'an expired one does not count',
      '{paths: ["/data/*"], reason: r, until: 2020-01-01}',
      ['/data/b', '/data/c'],
    ],
  ])('%s', async (what, text, left) => {
    const name = `ignored-${what.replaceAll(/[^a-z]+/g, '-')}`;
    await bring('server-side apply by us', namespace, configMap(name));
    await mustKubectl(
      '-n',
      namespace,
      'patch',
      'configmap',
      name,
      '--field-manager=node-fetch',
      '-p',
      '{"data":{"b":"2","c":"3"}}',
    );

    const comparison = await compare(configMap(name), rule(text));

    expect(comparison.findings.flatMap(({ changes }) => changes ?? []).map(({ path }) => path)).toEqual(left);
    expect(comparison.resources.inSync).toBe(left.length === 0 ? 1 : 0);
  });
});

describe('an ignore rule by JSON pointer', () => {
  it('names an item of a list by its position in live, and leaves its siblings in', async () => {
    const two = (value: string) =>
      deployment(
        'pointed',
        'replicas: 0,',
        `, env: [{name: A, value: "${value}"}, {name: B, value: "${value}"}]`,
      );
    await bring('server-side apply by us', namespace, two('1'));
    const rule = '{paths: ["/spec/template/spec/containers/0/env/1"], reason: r}';

    const finding = onlyFinding(await compare(two('2'), `ignore:\n  - ${rule}\n`));

    expect(finding.changes?.map(({ path }) => path)).toEqual([
      '/spec/template/spec/containers/name=web/env/name=A/value',
    ]);
    expect(finding.changes?.[0]).not.toHaveProperty('pointer');
  });
});

describe('an account with few rights', () => {
  it('makes only those objects unknown that it may not read', async () => {
    await bring(
      'server-side apply by us',
      namespace,
      `${configMap('seen')}---\n{apiVersion: v1, kind: Secret, metadata: {name: unseen, namespace: ${namespace}}, stringData: {a: b}}`,
    );
    const user = `system:serviceaccount:${namespace}:reader`;
    await mustKubectl('-n', namespace, 'create', 'serviceaccount', 'reader');
    await mustKubectl(
      '-n',
      namespace,
      'create',
      'role',
      'reader',
      '--verb=get,list,watch',
      '--resource=configmaps',
    );
    await mustKubectl(
      '-n',
      namespace,
      'create',
      'rolebinding',
      'reader',
      '--role=reader',
      `--serviceaccount=${namespace}:reader`,
    );
    const reader = await openAs('reader');
    const { unit, declaration } = await shopUnit(
      `${configMap('seen')}---\n{apiVersion: v1, kind: Secret, metadata: {name: unseen, namespace: ${namespace}}, stringData: {a: b}}`,
    );

    const comparison = await reader.driver.compare(unit, declaration);

    await reader.close();
    expect(told(comparison)).toEqual(['unknown Secret/unseen']);
    expect(comparison.findings[0]?.message).toMatch(
      new RegExp(`^HF1303 .*User "${user}" cannot get resource "secrets"`),
    );
    expect(comparison.resources).toEqual({ declared: 2, inSync: 1 });
  });

  it('is told that what workloads run was not looked at', async () => {
    await bring('server-side apply by us', namespace, deployment('unwatched', 'replicas: 0,'));
    const account = ['--serviceaccount', `${namespace}:viewer`];
    await mustKubectl('-n', namespace, 'create', 'serviceaccount', 'viewer');
    const role = ['create', 'role', 'viewer', '--verb=get,list,watch,patch,update', '--resource=deployments'];
    await mustKubectl('-n', namespace, ...role);
    await mustKubectl('-n', namespace, 'create', 'rolebinding', 'viewer', '--role=viewer', ...account);
    const viewer = await openAs('viewer');
    const { unit, declaration } = await shopUnit(deployment('unwatched', 'replicas: 0,'));

    const comparison = await viewer.driver.compare(unit, declaration);

    await viewer.close();
    expect(comparison.findings).toEqual([]);
    expect(comparison.exempt).toMatchObject([
      { path: '/children', rule: expect.stringMatching(/^what really runs was not looked at: HF1303 /) },
    ]);
  });
});

/** The driver as a ServiceAccount of the namespace. */
async function openAs(name: string) {
  const token = (await mustKubectl('-n', namespace, 'create', 'token', name)).trim();
  const config = JSON.parse(await mustKubectl('config', 'view', '--raw', '-o', 'json'));
  config.users = [{ name: config.users[0].name, user: { token } }];
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-account-'));
  await writeFile(join(folder, 'kubeconfig'), JSON.stringify(config));
  const as = await openDriver(join(folder, 'kubeconfig'));
  return {
    driver: as.driver,
    close: async () => {
      as.close();
      await rm(folder, { recursive: true });
    },
  };
}

describe('declarations that only look different', () => {
  it.each([
    [
      'status and creationTimestamp (D15)',
      'metadata: {name: NAME, namespace: NS, creationTimestamp: null}',
      'spec: {minAvailable: 1, selector: {matchLabels: {a: b}}}\nstatus: {currentHealthy: 0}',
      'policy/v1',
      'PodDisruptionBudget',
    ],
    [
      'Role rules that are an empty list (D13)',
      'metadata: {name: NAME, namespace: NS}',
      'rules: []',
      'rbac.authorization.k8s.io/v1',
      'Role',
    ],
    [
      'empty maps (D21)',
      'metadata: {name: NAME, namespace: NS, annotations: {}, labels: {}}',
      'data: {}',
      'v1',
      'ConfigMap',
    ],
    [
      'stringData and null (D14)',
      'metadata: {name: NAME, namespace: NS}',
      'stringData: {a: x}\ndata: {b: null}',
      'v1',
      'Secret',
    ],
    [
      'a cluster-scoped object with a namespace',
      'metadata: {name: NAME-NS, namespace: NS}',
      'value: 7',
      'scheduling.k8s.io/v1',
      'PriorityClass',
    ],
    [
      'Endpoints in another order (D16)',
      'metadata: {name: NAME, namespace: NS}',
      'subsets: [{addresses: [{ip: 10.1.1.2}, {ip: 10.1.1.1}], ports: [{port: 80}]}]',
      'v1',
      'Endpoints',
    ],
    [
      'quantities in other words (D03)',
      'metadata: {name: NAME, namespace: NS}',
      'spec: {hard: {cpu: 1000m, memory: 1024Mi, pods: "10"}}',
      'v1',
      'ResourceQuota',
    ],
  ])('are in sync: %s', async (_what, metadata, body, apiVersion, kind) => {
    const name = `alike-${kind.toLowerCase()}`;
    const manifest = `apiVersion: ${apiVersion}\nkind: ${kind}\n${metadata.replaceAll('NAME', name).replaceAll('NS', namespace)}\n${body}\n`;
    await bring('server-side apply by us', namespace, manifest);

    const comparison = await compare(manifest);

    if (kind === 'PriorityClass') await mustKubectl('delete', 'priorityclass', `${name}-${namespace}`);
    expect(comparison.findings).toEqual([]);
  });
});
