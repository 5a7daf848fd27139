import { describe, expect, it } from 'vitest';
import { table } from '../../../../src/cluster/discovery.ts';
import type { Kind } from '../../../../src/cluster/kind.ts';
import type { Declaration, EarlierObject } from '../../../../src/declared/declaration.ts';
import { declare } from '../../../../src/declared/declare.ts';
import { type Facts, factsOf } from '../../../../src/drivers/kubernetes/beyond/facts.ts';
import { groundOf } from '../../../../src/drivers/kubernetes/beyond/ground.ts';
import { tell } from '../../../../src/drivers/kubernetes/beyond/tell.ts';
import { Failure } from '../../../../src/failure/failure.ts';
import { configMaps, deployments, namespaces, secrets } from '../../../cluster/kinds.ts';
import { memoryTree } from '../../../declared/tree.ts';

const kind = (name: string, group = '', plural = `${name.toLowerCase()}s`): Kind => ({
  ...configMaps,
  apiVersion: group === '' ? 'v1' : `${group}/v1`,
  group,
  kind: name,
  plural,
});
const [services, endpoints, claims] = [
  kind('Service'),
  kind('Endpoints', '', 'endpoints'),
  kind('PersistentVolumeClaim'),
];
const [sets, certificates, leases] = [
  kind('StatefulSet', 'apps'),
  kind('Certificate', 'cert-manager.io'),
  kind('Lease', 'coordination.k8s.io'),
];
const [replicaSets, pods, accounts] = [kind('ReplicaSet', 'apps'), kind('Pod'), kind('ServiceAccount')];
const nodes: Kind = { ...kind('Node'), namespaced: false };
const all = [
  namespaces,
  configMaps,
  secrets,
  deployments,
  services,
  endpoints,
  claims,
  sets,
  certificates,
  leases,
  replicaSets,
  pods,
  accounts,
  nodes,
];

/** A live object in the namespace `shop`; `owners` are uids with kind and name. */
function live(of: Kind, name: string, more: Record<string, unknown> = {}): Facts {
  const facts = factsOf(of, {
    metadata: {
      name,
      namespace: of.namespaced ? 'shop' : '',
      uid: `uid-${of.kind}-${name}`,
      creationTimestamp: '2026-03-01T00:00:00Z',
      ...more,
    } as never,
  });
  if (facts === undefined) throw new Error('these are no facts');
  return facts;
}

const owned = (of: Kind, name: string, controller = true) => ({
  ownerReferences: [
    { apiVersion: of.apiVersion, kind: of.kind, name, uid: `uid-${of.kind}-${name}`, controller },
  ],
});

const declaredShop = `
{apiVersion: v1, kind: Namespace, metadata: {name: shop}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}}
---
{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: my-store, namespace: shop}, spec: {volumeClaimTemplates: [{metadata: {name: data}}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}}}
---
{apiVersion: v1, kind: Service, metadata: {name: outside, namespace: shop}, spec: {ports: []}}
---
{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: tls, namespace: shop}, spec: {secretName: tls}}
`;

const settings = (more = '') => `units:
- {name: shop, driver: kubernetes, path: manifests/shop, manages: true}
- {name: chart, driver: helm, path: helm/cart, namespace: shop, helm: {release: cart}}
${more}`;

async function declaration(
  more: Partial<Declaration> = {},
  files: Record<string, string> = {},
): Promise<Declaration> {
  const declared = await declare(
    memoryTree({
      'manifests/shop/shop.yaml': declaredShop,
      'helm/cart/Chart.yaml': 'name: cart\n',
      'holdfast.yaml': settings(),
      ...files,
    }),
  );
  return { ...declared, ...more };
}

const declaredLive = [
  live(deployments, 'web'),
  live(sets, 'my-store'),
  live(services, 'web'),
  live(services, 'outside'),
  live(certificates, 'tls'),
];

async function told(
  rows: Facts[],
  more: Partial<Declaration> = {},
  failures: Parameters<typeof tell>[1]['failures'] = [],
  files = {},
) {
  const whole = await declaration(more, files);
  const unit = whole.units.find(({ definition }) => definition.name === 'shop');
  if (unit === undefined) throw new Error('there is no such unit');
  return tell(groundOf(unit, whole, table(all)), { rows: [...declaredLive, ...rows], failures });
}

const lines = ({ findings }: Awaited<ReturnType<typeof told>>) =>
  findings.map(
    ({ type, resource }) => `${type} ${'kind' in resource ? resource.kind : resource.type}/${resource.name}`,
  );

describe('what is not unmanaged', () => {
  it.each<[string, Facts[]]>([
    ['what is declared', []],
    [
      'what a declared object owns, over any number of steps',
      [
        live(replicaSets, 'web-1', owned(deployments, 'web')),
        live(pods, 'web-1-x', owned(replicaSets, 'web-1')),
      ],
    ],
    ['what it owns without controlling it', [live(secrets, 'web-tls', owned(deployments, 'web', false))]],
    [
      'the default ServiceAccount and the CA certificate',
      [live(accounts, 'default'), live(configMaps, 'kube-root-ca.crt')],
    ],
    ['the Endpoints of a declared Service that chooses its Pods', [live(endpoints, 'web')]],
    [
      'a claim from the template of a declared StatefulSet',
      [live(claims, 'data-my-store-0'), live(claims, 'data-my-store-11')],
    ],
    [
      'the Secret of a declared Certificate',
      [live(secrets, 'tls', { annotations: { 'cert-manager.io/certificate-name': 'tls' } })],
    ],
    [
      'the old token of a ServiceAccount',
      [
        live(secrets, 'default-token-x2x4z', {
          annotations: { 'kubernetes.io/service-account.name': 'default' },
        }),
        live(accounts, 'default'),
      ],
    ],
    [
      'the record of a declared Helm release',
      [live(secrets, 'sh.helm.release.v1.cart.v3', { labels: { owner: 'helm', name: 'cart' } })],
    ],
    [
      'an object of a declared Helm release',
      [
        live(configMaps, 'cart', {
          annotations: { 'meta.helm.sh/release-name': 'cart', 'meta.helm.sh/release-namespace': 'shop' },
        }),
      ],
    ],
    [
      'a static Pod',
      [
        live(pods, 'proxy-node-0', {
          annotations: { 'kubernetes.io/config.mirror': 'x' },
          ...owned(nodes, 'node-0'),
        }),
      ],
    ],
    ['what only programs write', [live(leases, 'leader')]],
    [
      'what something owned that is gone, as the server takes it away',
      [live(pods, 'left', owned(replicaSets, 'gone'))],
    ],
    [
      'what a kind owns that the server does not serve',
      [live(pods, 'left', owned(kind('Gizmo', 'example.com'), 'one'))],
    ],
    ['what is in another namespace', [live(configMaps, 'x', { namespace: 'elsewhere' })]],
  ])('%s', async (_what, rows) => {
    expect(lines(await told(rows))).toEqual([]);
  });
});

describe('what is unmanaged', () => {
  it.each<[string, Facts[], string[]]>([
    ['what nobody declares', [live(configMaps, 'x')], ['unmanaged ConfigMap/x']],
    [
      'a root, and not what it owns',
      [
        live(deployments, 'stray'),
        live(replicaSets, 'stray-1', owned(deployments, 'stray')),
        live(pods, 'stray-1-x', owned(replicaSets, 'stray-1')),
      ],
      ['unmanaged Deployment/stray'],
    ],
    [
      'a circle of owners, which has no root',
      [live(configMaps, 'a', owned(configMaps, 'b')), live(configMaps, 'b', owned(configMaps, 'a'))],
      ['unmanaged ConfigMap/a', 'unmanaged ConfigMap/b'],
    ],
    [
      'what an undeclared object of the cluster owns',
      [live(configMaps, 'x', owned(nodes, 'n'))],
      ['unmanaged ConfigMap/x'],
    ],
    [
      'what says that a kind owns it which is passed over',
      [live(configMaps, 'x', owned(leases, 'l'))],
      ['unmanaged ConfigMap/x'],
    ],
    [
      'Endpoints of a declared Service that chooses no Pods: somebody wrote them',
      [live(endpoints, 'outside')],
      ['unmanaged Endpoints/outside'],
    ],
    [
      'a claim of no template of the declared StatefulSet',
      [live(claims, 'other-my-store-0')],
      ['unmanaged PersistentVolumeClaim/other-my-store-0'],
    ],
    [
      'a token that somebody asked for',
      [live(secrets, 'mine', { annotations: { 'kubernetes.io/service-account.name': 'default' } })],
      ['unmanaged Secret/mine'],
    ],
    [
      'a token named as if it had come with the ServiceAccount, but made later',
      [
        live(accounts, 'default'),
        live(secrets, 'default-token-x2x4z', {
          creationTimestamp: '2026-03-09T00:00:00Z',
          annotations: { 'kubernetes.io/service-account.name': 'default' },
        }),
      ],
      ['unmanaged Secret/default-token-x2x4z'],
    ],
    [
      'what claims to be of a declared Certificate that asks for another Secret',
      [live(secrets, 'mine', { annotations: { 'cert-manager.io/certificate-name': 'tls' } })],
      ['unmanaged Secret/mine'],
    ],
    [
      'a Pod that calls itself static',
      [live(pods, 'mine', { annotations: { 'kubernetes.io/config.mirror': 'x' } })],
      ['unmanaged Pod/mine'],
    ],
    [
      'the record of a release that is not declared',
      [live(secrets, 'sh.helm.release.v1.other.v1', { labels: { owner: 'helm', name: 'other' } })],
      ['unmanaged Secret/sh.helm.release.v1.other.v1'],
    ],
    [
      'what calls itself the CA certificate of a mesh without its label',
      [live(configMaps, 'istio-ca-root-cert')],
      ['unmanaged ConfigMap/istio-ca-root-cert'],
    ],
  ])('%s', async (_what, rows, expected) => {
    expect(lines(await told(rows))).toEqual(expected);
  });

  it('says who made it first, and when; never whom only its status names', async () => {
    const managedFields = [
      { manager: 'kubectl-edit', operation: 'Update', time: '2026-03-02T00:00:00Z' },
      { manager: 'watcher', operation: 'Update', subresource: 'status', time: '2026-02-01T00:00:00Z' },
      { manager: 'kubectl-create', operation: 'Update', time: '2026-03-01T00:00:00Z' },
    ];
    const { findings } = await told([live(configMaps, 'x', { managedFields })]);
    expect(findings[0]?.changes).toEqual([
      {
        path: '/metadata/creationTimestamp',
        op: 'added',
        live: '2026-03-01T00:00:00Z',
        by: { manager: 'kubectl-create', operation: 'Update', time: '2026-03-01T00:00:00Z' },
      },
    ]);
  });

  it('and what was left out by the table is told with its rule', async () => {
    const { exempt } = await told([
      live(accounts, 'default'),
      live(endpoints, 'web'),
      live(endpoints, 'outside'),
    ]);
    expect(exempt.map(({ rule }) => rule)).toEqual([
      'default ServiceAccount of a namespace',
      'Endpoints of a Service',
    ]);
  });
});

describe('what cannot be listed', () => {
  const denied = (of: Kind) => ({
    kind: of,
    namespace: 'shop',
    failure: new Failure('HF1303', `cannot list ${of.plural}`),
  });

  it('is unknown in words, and the rest is told', async () => {
    const found = await told([live(configMaps, 'x')], {}, [denied(secrets), denied(certificates)]);
    expect(lines(found)).toEqual([
      'unmanaged ConfigMap/x',
      'unknown Kind/Secret',
      'unknown Kind/Certificate.cert-manager.io',
    ]);
    expect(found.findings[1]).toMatchObject({
      code: 'HF1303',
      origin: 'cluster',
      message: expect.stringContaining('declared nowhere is not known'),
    });
  });

  it('may own what is seen', async () => {
    const rows = [
      live(pods, 'web-1-x', owned(replicaSets, 'web-1')),
      live(secrets, 'a', { annotations: { 'cert-manager.io/certificate-name': 'unseen' } }),
    ];
    expect(lines(await told(rows, {}, [denied(replicaSets), denied(certificates)]))).toEqual([
      'unknown Kind/ReplicaSet.apps',
      'unknown Kind/Certificate.cert-manager.io',
    ]);
  });
});

describe('while not all declarations can be read', () => {
  it('nothing is unmanaged, and that is said', async () => {
    const found = await told([live(configMaps, 'x')], {}, [], { 'manifests/other/broken.yaml': 'a: [' });
    expect(lines(found)).toEqual(['unknown Namespace/shop']);
    expect(found.findings[0]?.message).toMatch(/^HF1101 .*manifests\/other\/broken.yaml/);
  });
});

describe('what was declared earlier', () => {
  const earlier = (name: string, more: Partial<EarlierObject> = {}): EarlierObject => ({
    unit: 'shop',
    path: 'manifests/shop',
    ref: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name },
    source: { file: 'manifests/shop/old.yaml', line: 4 },
    revision: 'abcdef0123456789abcdef0123456789abcdef01',
    removedAt: '2026-04-01T00:00:00Z',
    ...more,
  });
  const late = { creationTimestamp: '2026-05-01T00:00:00Z' };
  const ours = { managedFields: [{ manager: 'holdfast', operation: 'Apply', time: '2026-05-01T00:00:00Z' }] };

  it.each<[string, Facts[], EarlierObject[], string[]]>([
    ['and lived then is orphaned', [live(configMaps, 'old')], [earlier('old')], ['orphaned ConfigMap/old']],
    [
      'and was applied by us is orphaned, whenever it was made',
      [live(configMaps, 'old', { ...late, ...ours })],
      [earlier('old')],
      ['orphaned ConfigMap/old'],
    ],
    [
      'and was made again by somebody else is only unmanaged',
      [live(configMaps, 'old', late)],
      [earlier('old')],
      ['unmanaged ConfigMap/old'],
    ],
    ['and is gone is nothing', [], [earlier('old')], []],
    [
      'and is declared again is nothing, in whatever version',
      [],
      [
        earlier('web', {
          ref: { apiVersion: 'apps/v1beta1', kind: 'Deployment', namespace: 'shop', name: 'web' },
        }),
      ],
      [],
    ],
    [
      'and lives on in another version is orphaned',
      [live(deployments, 'old')],
      [
        earlier('old', {
          ref: { apiVersion: 'apps/v1beta1', kind: 'Deployment', namespace: 'shop', name: 'old' },
        }),
      ],
      ['orphaned Deployment/old'],
    ],
    [
      'and a controller holds now is that controller’s',
      [live(configMaps, 'old', owned(deployments, 'web'))],
      [earlier('old')],
      [],
    ],
    [
      'and a declared Helm release holds now is that release’s',
      [
        live(configMaps, 'old', {
          annotations: { 'meta.helm.sh/release-name': 'cart', 'meta.helm.sh/release-namespace': 'shop' },
        }),
      ],
      [earlier('old')],
      [],
    ],
    ['in another unit is told there', [live(configMaps, 'old')], [earlier('old', { unit: 'gone' })], []],
    [
      'with all that it owns is told once',
      [live(deployments, 'old'), live(replicaSets, 'old-1', owned(deployments, 'old'))],
      [
        earlier('old', {
          ref: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'old' },
        }),
      ],
      ['orphaned Deployment/old'],
    ],
    [
      'of a kind that the server serves no more is nothing',
      [],
      [earlier('g', { ref: { apiVersion: 'example.com/v1', kind: 'Gizmo', namespace: 'shop', name: 'g' } })],
      [],
    ],
  ])('%s', async (_what, rows, candidates, expected) => {
    expect(lines(await told(rows, { earlier: candidates }))).toEqual(expected);
  });

  it('is told with where that was, in which revision, and who holds it', async () => {
    const managedFields = [
      { manager: 'holdfast', operation: 'Apply' },
      { manager: 'kubectl-edit', operation: 'Update' },
    ];
    const { findings } = await told([live(configMaps, 'old', { managedFields })], {
      earlier: [earlier('old')],
    });
    expect(findings).toMatchObject([
      {
        unit: 'shop',
        source: {
          file: 'manifests/shop/old.yaml',
          line: 4,
          revision: 'abcdef0123456789abcdef0123456789abcdef01',
        },
        message: 'last declared in revision abcdef0; its fields are held by holdfast, kubectl-edit',
      },
    ]);
  });

  it('is not told while the file that declared it cannot be read', async () => {
    const broken = { 'manifests/shop/old.yaml': 'a: [' };
    const found = await told([live(configMaps, 'old')], { earlier: [earlier('old')] }, [], broken);
    expect(lines(found)).toEqual(['unknown Namespace/shop']);
  });

  it('is unknown where its kind cannot be listed', async () => {
    const failure = new Failure('HF1303', 'cannot list configmaps');
    const found = await told([], { earlier: [earlier('old')] }, [
      { kind: configMaps, namespace: 'shop', failure },
    ]);
    expect(lines(found)).toEqual(['unknown ConfigMap/old', 'unknown Kind/ConfigMap']);
  });
});
