import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../../sandbox/control-plane/start.ts';
import { freePort } from '../../../sandbox/processes/ports.ts';
import { openWorkplace, type Workplace } from '../../../sandbox/processes/workplace.ts';
import { git } from '../../../sandbox/shop/git.ts';
import type { Report } from '../../../src/report/report.ts';
import { runHoldfast } from '../support/command.ts';
import { type DaemonBench, daemonBench } from '../support/daemon.ts';
import { type DaemonChild, daemonChild } from '../support/daemon-child.ts';
import { kubectlWith } from '../support/kubectl.ts';
import { configMap } from '../support/settings.ts';
import { waitUntil } from '../support/wait-until.ts';

const crds = fileURLToPath(new URL('../../../manifests/holdfast/crds', import.meta.url));

/** One repository for two clusters: `shop` runs in both in another namespace, `probe` in staging, `audit` in production alone. */
const files = (app: string) => ({
  'holdfast.yaml': `environments: [staging, production]
units:
  - {name: shop, driver: kubernetes, path: manifests/shop, namespace: ${app},
     overrides: {staging: {namespace: ${app}-staging}}}
  - {name: probe, driver: kubernetes, path: manifests/shop/probe, namespace: ${app}-staging, environments: [staging]}
  - {name: audit, driver: kubernetes, path: manifests/audit, namespace: ${app}, environments: [production]}
`,
  'manifests/shop/shop.yaml': withoutNamespace('shop'),
  'manifests/shop/probe/probe.yaml': withoutNamespace('probe'),
  'manifests/audit/audit.yaml': withoutNamespace('audit'),
});

const withoutNamespace = (name: string) =>
  configMap('x', name, { colour: 'green' }).replace('  namespace: x\n', '');

let bench: DaemonBench;
let clusters: Record<'staging' | 'production', ControlPlane>;
let other: DaemonChild;
let workplace: Workplace;

const kubectl = async (environment: keyof typeof clusters, stdin: string, ...args: string[]) => {
  const answer = await kubectlWith({ stdin, kubeconfig: clusters[environment].kubeconfig }, ...args);
  if (answer.code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${answer.stderr}`);
  return answer.stdout;
};

const bring = (environment: keyof typeof clusters, namespace: string, ...names: string[]) =>
  kubectl(
    environment,
    [
      `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${namespace}}\n`,
      ...names.map(name => configMap(namespace, name, { colour: 'green' })),
    ].join('---\n'),
    'apply',
    '--server-side',
    '-f',
    '-',
  );

beforeAll(async () => {
  const [staging, production] = await Promise.all([
    startControlPlane({ controllers: false }),
    startControlPlane({ controllers: false }),
  ]);
  clusters = { staging, production };
  const alone = Object.fromEntries(
    ['FORGE', 'FORGE_URL', 'FORGE_REPOSITORY', 'FORGE_TOKEN', 'TRUST_ROOT', 'WEBHOOK_SECRET'].map(name => [
      `HOLDFAST_${name}`,
      '',
    ]),
  );
  bench = await daemonBench({
    kubeconfig: staging.kubeconfig,
    files,
    env: { ...alone, HOLDFAST_ENVIRONMENT: 'staging' },
  });
  await kubectl('production', '', 'apply', '--server-side', '-f', crds);
  await kubectl('production', '', 'wait', '--for=condition=Established', '-f', crds);
  await kubectl('production', '', 'create', 'namespace', bench.namespace);
  await bring('staging', `${bench.app}-staging`, 'shop', 'probe');
  await bring('production', bench.app, 'shop', 'audit');
  workplace = openWorkplace(`environment-${randomBytes(2).toString('hex')}`);
  mkdirSync(workplace.path('data'));
  const listen = `127.0.0.1:${await freePort()}`;
  other = daemonChild(workplace, () => ({
    ...bench.env,
    KUBECONFIG: production.kubeconfig,
    HOLDFAST_ENVIRONMENT: 'production',
    HOLDFAST_DATA: workplace.path('data'),
    HOLDFAST_LISTEN: listen,
  }));
}, 120_000);
afterAll(async () => {
  await bench?.close();
  await workplace?.close();
  await Promise.all(Object.values(clusters ?? {}).map(cluster => cluster.stop()));
});

describe('one repository in two clusters at once', { timeout: 120_000 }, () => {
  it('holdfast diff compares in each what runs there, in the namespace it has there', async ({
    onTestFinished,
  }) => {
    const place = openWorkplace('checkout');
    onTestFinished(() => place.close());
    await git(place.dir, 'clone', '--quiet', bench.scenario.cloneUrl(bench.scenario.owner), 'repository');
    const diff = async (environment: string, cluster: ControlPlane) => {
      const answer = await runHoldfast(
        ['diff', place.path('repository'), '-o', 'json', '--environment', environment],
        { KUBECONFIG: cluster.kubeconfig },
      );
      return { ...answer, report: answer.stdout === '' ? undefined : (JSON.parse(answer.stdout) as Report) };
    };
    const { staging, production } = clusters;
    const told = await Promise.all([
      diff('staging', staging),
      diff('production', production),
      diff('production', staging),
      diff('qa', staging),
    ]);
    const [right, alsoRight, crossed, unknown] = told;
    const units = (one: typeof right) => one?.report?.units.map(({ name, verdict }) => `${name} ${verdict}`);
    expect(units(right)).toEqual(['probe in-sync', 'shop in-sync']);
    expect(units(alsoRight)).toEqual(['audit in-sync', 'shop in-sync']);
    expect(crossed?.report?.findings.map(({ type, resource }) => `${type} ${resource.name}`)).toEqual([
      'missing audit',
      'missing shop',
    ]);
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('(staging, production)') });
  });

  it('two daemons each see their own and nothing of the other', async () => {
    bench.start();
    other.start();
    const reports = async (environment: keyof typeof clusters) =>
      JSON.parse(await kubectl(environment, '', 'get', 'driftreports', '-n', bench.namespace, '-o', 'json'))
        .items.flatMap(
          ({ metadata, status }: { metadata: { name: string }; status?: { verdict?: string } }) =>
            status?.verdict === undefined ? [] : [`${metadata.name} ${status.verdict}`],
        )
        .sort()
        .join(', ');
    await waitUntil(
      'staging',
      async () => (await reports('staging')) === 'probe in-sync, shop in-sync',
      45_000,
    );
    await waitUntil(
      'production',
      async () => (await reports('production')) === 'audit in-sync, shop in-sync',
      45_000,
    );

    const change = ['patch', 'configmap', 'shop', '-p', '{"data":{"colour":"red"}}', '-n'];
    await kubectl('production', '', ...change, bench.app);
    await other.alert(['DRIFT', 'shop', `${bench.app}/shop`, 'green → red']);
    await kubectl('staging', '', ...change, `${bench.app}-staging`);
    await bench.alert(['DRIFT', 'shop', `${bench.app}-staging/shop`, 'green → red']);
    expect(other.told().match(/DRIFT/g)).toHaveLength(1);
    expect(bench.told().match(/DRIFT/g)).toHaveLength(1);
  });
});
