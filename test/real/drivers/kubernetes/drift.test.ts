import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FieldChange, FindingType } from '../../../../src/findings/finding.ts';
import { mustKubectl } from '../../support/kubectl.ts';
import { bring, changeAt, newNamespace, onlyFinding, openDriver, shopUnit } from './support/shop.ts';

interface Case {
  what: string;
  kind: string;
  /** apiVersion and what follows metadata. */
  apiVersion: string;
  body: string;
  /** How somebody changes it: arguments of kubectl after the namespace; `NAME` stands for the object. */
  by: readonly string[];
  type: FindingType;
  changes: Record<string, Omit<FieldChange, 'path' | 'by'> & { manager?: string }>;
  way?: string;
}

const deployment = `
spec:
  replicas: 1
  selector: { matchLabels: { app: NAME } }
  template:
    metadata: { labels: { app: NAME } }
    spec:
      containers:
        - name: web
          image: example.com/web:1.2
          env: [{ name: A, value: "1" }, { name: B, value: "2" }]
          ports: [{ containerPort: 80 }, { containerPort: 80, protocol: UDP }]
`;
const service = `
spec: { selector: { app: NAME }, ports: [{ name: http, port: 80 }, { name: admin, port: 81 }] }
`;
const cronJob = `
spec:
  schedule: "0 3 * * *"
  jobTemplate: { spec: { template: { spec: { restartPolicy: Never, containers: [{ name: c, image: "i:1" }] } } } }
`;
const container = '/spec/template/spec/containers/name=web';
const json = (...patch: object[]) => ['patch', '--type=json', '-p', JSON.stringify(patch)];

const cases: Case[] = [
  {
    what: 'an image set by hand',
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    body: deployment,
    by: ['set', 'image', 'deployment/NAME', 'web=example.com/web:1.3'],
    type: 'changed',
    changes: {
      [`${container}/image`]: {
        op: 'changed',
        declared: 'example.com/web:1.2',
        live: 'example.com/web:1.3',
        manager: 'kubectl-set',
      },
    },
  },
  {
    what: 'an environment variable added by hand (N01)',
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    body: deployment,
    by: ['set', 'env', 'deployment/NAME', 'C=3'],
    type: 'undeclared',
    changes: {
      [`${container}/env/name=C`]: { op: 'added', live: { name: 'C', value: '3' }, manager: 'kubectl-set' },
    },
  },
  {
    what: 'an environment variable removed by hand',
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    body: deployment,
    by: [...json({ op: 'remove', path: '/spec/template/spec/containers/0/env/1' }), 'deployment/NAME'],
    type: 'changed',
    changes: { [`${container}/env/name=B`]: { op: 'removed', declared: { name: 'B', value: '2' } } },
  },
  {
    what: 'environment variables in another order',
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    body: deployment,
    by: [
      ...json({
        op: 'replace',
        path: '/spec/template/spec/containers/0/env',
        value: [
          { name: 'B', value: '2' },
          { name: 'A', value: '1' },
        ],
      }),
      'deployment/NAME',
    ],
    type: 'changed',
    changes: {
      [`${container}/env`]: { op: 'changed', declared: ['name=A', 'name=B'], live: ['name=B', 'name=A'] },
    },
  },
  {
    what: 'one of two ports of the same number removed (D17)',
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    body: deployment,
    by: [...json({ op: 'remove', path: '/spec/template/spec/containers/0/ports/1' }), 'deployment/NAME'],
    type: 'changed',
    changes: {
      [`${container}/ports/containerPort=80,protocol=UDP`]: {
        op: 'removed',
        declared: { containerPort: 80, protocol: 'UDP' },
      },
    },
  },
  {
    what: 'replicas scaled by hand',
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    body: deployment,
    by: ['scale', 'deployment/NAME', '--replicas=4'],
    type: 'changed',
    changes: { '/spec/replicas': { op: 'changed', declared: 1, live: 4, manager: 'kubectl' } },
  },
  {
    what: 'a default changed by hand (N02)',
    kind: 'CronJob',
    apiVersion: 'batch/v1',
    body: cronJob,
    by: ['patch', 'cronjob/NAME', '-p', '{"spec":{"suspend":true}}'],
    type: 'undeclared',
    changes: { '/spec/suspend': { op: 'added', live: true, manager: 'kubectl-patch' } },
  },
  {
    what: 'a default changed by hand where kubectl create owns all defaults',
    kind: 'CronJob',
    apiVersion: 'batch/v1',
    body: cronJob,
    by: ['patch', 'cronjob/NAME', '-p', '{"spec":{"concurrencyPolicy":"Forbid"}}'],
    type: 'undeclared',
    changes: { '/spec/concurrencyPolicy': { op: 'added', live: 'Forbid', manager: 'kubectl-patch' } },
    way: 'kubectl create',
  },
  {
    what: 'a key added under the name of a dashboard (N03)',
    kind: 'ConfigMap',
    apiVersion: 'v1',
    body: 'data: { a: "1" }',
    by: ['patch', 'configmap/NAME', '--field-manager=node-fetch', '-p', '{"data":{"b":"2"}}'],
    type: 'undeclared',
    changes: { '/data/b': { op: 'added', live: '2', manager: 'node-fetch' } },
  },
  {
    what: 'a null value in a ConfigMap that a hand filled',
    kind: 'ConfigMap',
    apiVersion: 'v1',
    body: 'data: { a: null }',
    by: ['patch', 'configmap/NAME', '-p', '{"data":{"a":"2"}}'],
    type: 'changed',
    changes: { '/data/a': { op: 'changed', declared: '', live: '2', manager: 'kubectl-patch' } },
  },
  {
    what: 'a label added by hand',
    kind: 'ConfigMap',
    apiVersion: 'v1',
    body: 'data: { a: "1" }',
    by: ['label', 'configmap/NAME', 'example.com/team=blue'],
    type: 'undeclared',
    changes: {
      '/metadata/labels/example.com~1team': { op: 'added', live: 'blue', manager: 'kubectl-label' },
    },
  },
  {
    what: 'a selector of a Service widened by hand, which is an atomic map',
    kind: 'Service',
    apiVersion: 'v1',
    body: service,
    by: ['patch', 'service/NAME', '-p', '{"spec":{"selector":{"tier":"x"}}}'],
    type: 'undeclared',
    changes: { '/spec/selector/tier': { op: 'added', live: 'x', manager: 'kubectl-patch' } },
  },
  {
    what: 'the number of a Service port changed by hand (N19)',
    kind: 'Service',
    apiVersion: 'v1',
    body: service,
    by: [...json({ op: 'replace', path: '/spec/ports/1/port', value: 82 }), 'service/NAME'],
    type: 'changed',
    changes: {
      '/spec/ports/port=81,protocol=TCP': { op: 'removed', declared: { name: 'admin', port: 81 } },
      '/spec/ports/port=82,protocol=TCP': {
        op: 'added',
        live: { name: 'admin', port: 82, protocol: 'TCP', targetPort: 81 },
        manager: 'kubectl-patch',
      },
    },
  },
  {
    what: 'a secret value changed by hand, without a word of what it is',
    kind: 'Secret',
    apiVersion: 'v1',
    body: 'stringData: { password: correct-horse }',
    by: ['patch', 'secret/NAME', '-p', '{"stringData":{"password":"battery-staple"}}'],
    type: 'changed',
    changes: { '/data/password': { op: 'changed', redacted: true, manager: 'kubectl-patch' } },
  },
  {
    what: 'a secret key added by hand',
    kind: 'Secret',
    apiVersion: 'v1',
    body: 'stringData: { password: correct-horse }',
    by: ['patch', 'secret/NAME', '-p', '{"stringData":{"more":"battery-staple"}}'],
    type: 'undeclared',
    changes: { '/data/more': { op: 'added', redacted: true, manager: 'kubectl-patch' } },
  },
  {
    what: 'an owner given by hand (N18)',
    kind: 'ConfigMap',
    apiVersion: 'v1',
    body: 'data: { a: "1" }',
    by: [
      'patch',
      'configmap/NAME',
      '-p',
      '{"metadata":{"ownerReferences":[{"apiVersion":"v1","kind":"ServiceAccount","name":"default","uid":"OWNER-UID"}]}}',
    ],
    type: 'undeclared',
    changes: {
      '/metadata/ownerReferences/uid=OWNER-UID': {
        op: 'added',
        live: {
          apiVersion: 'v1',
          kind: 'ServiceAccount',
          name: 'default',
          uid: 'OWNER-UID',
        },
        manager: 'kubectl-patch',
      },
    },
  },
];

let opened: Awaited<ReturnType<typeof openDriver>>;
let namespace: string;
/** The uid of an object that is there: one that is not would have the garbage collector take what it owns. */
let owner: string;
beforeAll(async () => {
  opened = await openDriver();
  namespace = await newNamespace('drift');
  const uid = ['-o', 'jsonpath={.metadata.uid}'];
  owner = await mustKubectl('-n', namespace, 'get', 'serviceaccount', 'default', ...uid);
});
afterAll(async () => {
  await mustKubectl('delete', 'namespace', namespace, '--wait=false');
  opened.close();
});

describe('one change by hand', () => {
  it.each(cases.map((each, index) => ({ ...each, name: `case-${index}` })))('$what', async each => {
    const filled = (text: string) => text.replaceAll('NAME', each.name).replaceAll('OWNER-UID', owner);
    const changes: Case['changes'] = JSON.parse(filled(JSON.stringify(each.changes)));
    const manifest = `apiVersion: ${each.apiVersion}\nkind: ${each.kind}\nmetadata: { name: ${each.name}, namespace: ${namespace} }\n${filled(each.body)}`;
    const { unit, declaration } = await shopUnit(manifest);
    await bring(each.way ?? 'server-side apply by us', namespace, manifest);
    const before = await opened.driver.compare(unit, declaration);
    await mustKubectl('-n', namespace, ...each.by.map(filled));

    const after = await opened.driver.compare(unit, declaration);

    expect(before.findings).toEqual([]);
    const finding = onlyFinding(after);
    expect(finding.type).toBe(each.type);
    expect(finding.source).toEqual({ file: 'manifests/shop/shop.yaml', line: 1 });
    expect(finding.changes?.map(({ path }) => path).sort()).toEqual(Object.keys(changes).sort());
    for (const [path, { manager, ...wanted }] of Object.entries(changes)) {
      const { by, path: _path, ...change } = changeAt(finding, path);
      expect(change).toEqual(wanted);
      expect(by?.manager).toBe(manager);
    }
    expect(JSON.stringify(after)).not.toMatch(/battery-staple|correct-horse|YmF0dGVye|Y29ycmVjd/);
    expect(after.resources).toEqual({ declared: 1, inSync: 0 });
  });

  it('is a stale field when Git no longer declares what a client-side apply brought (N04)', async () => {
    const before = `{apiVersion: v1, kind: ConfigMap, metadata: {name: stale, namespace: ${namespace}}, data: {a: "1", b: "2"}}`;
    await bring('client-side kubectl apply', namespace, before);
    const after = before.replace(', b: "2"', '');
    // kubectl itself would take the fields over; we do not
    await opened.connection.request({
      method: 'PATCH',
      path: `/api/v1/namespaces/${namespace}/configmaps/stale`,
      query: { fieldManager: 'holdfast', force: true },
      contentType: 'application/apply-patch+yaml',
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'stale' }, data: { a: '1' } },
    });
    const { unit, declaration } = await shopUnit(after);

    const finding = onlyFinding(await opened.driver.compare(unit, declaration));

    expect(finding.type).toBe('undeclared');
    expect(changeAt(finding, '/data/b')).toMatchObject({
      op: 'added',
      live: '2',
      by: { manager: 'kubectl-client-side-apply' },
    });
  });

  it('is a key of a Secret that Git dropped from stringData after another applied it', async () => {
    const before = `{apiVersion: v1, kind: Secret, metadata: {name: dropped, namespace: ${namespace}}, stringData: {a: "1", b: "2"}}`;
    await bring('server-side apply by kubectl', namespace, before);
    const after = before.replace(', b: "2"', '');
    await bring('server-side apply by kubectl', namespace, after);
    const { unit, declaration } = await shopUnit(after);

    const finding = onlyFinding(await opened.driver.compare(unit, declaration));

    expect(finding.changes).toEqual([{ path: '/data/b', op: 'added', redacted: true }]);
  });
});
