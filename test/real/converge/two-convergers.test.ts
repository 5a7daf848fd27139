import { randomBytes } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { Cluster } from '../../../src/cluster/cluster.ts';
import { Converger } from '../../../src/converge/converger.ts';
import { whileLeading } from '../../../src/converge/lease.ts';
import { defaultTiming } from '../../../src/converge/parts.ts';
import { isFinal, phaseOf } from '../../../src/converge/sync.ts';
import { clusterSyncs } from '../../../src/converge/sync-store.ts';
import type { Driver } from '../../../src/drivers/driver.ts';
import { mustKubectl, uniqueNamespace } from '../support/kubectl.ts';
import { waitUntil } from '../support/wait-until.ts';
import { declaredFrom } from './declared.ts';
import { installCrds, openConnection, openDriver } from './support.ts';

const durationMs = 2_000;
const hour = 3_600_000;

beforeAll(installCrds);

it('two convergers with clocks an hour apart, whose Lease is taken away again and again, never apply one unit at the same time', async () => {
  const namespace = await uniqueNamespace('two');
  const syncs = clusterSyncs(new Cluster(await openConnection()), namespace);
  const stop = new AbortController();
  const revisions = Array.from({ length: 6 }, () => randomBytes(20).toString('hex'));
  let authorized: string[] = [];
  let [applying, mostAtOnce, applied] = [0, 0, 0];
  const counted = (driver: Driver): Driver => ({
    ...driver,
    async apply(...asked) {
      applying += 1;
      applied += 1;
      mostAtOnce = Math.max(mostAtOnce, applying);
      try {
        return await driver.apply(...asked);
      } finally {
        applying -= 1;
      }
    },
  });
  const manifests = (revision: string) =>
    Array.from(
      { length: 25 },
      (_, index) =>
        `{apiVersion: v1, kind: ConfigMap, metadata: {name: c${index}, namespace: ${namespace}}, data: {at: '${revision}'}}`,
    ).join('\n---\n');
  const run = async (holder: string, skewMs: number) => {
    const cluster = new Cluster(await openConnection());
    const driver = counted(await openDriver());
    const converger = () =>
      new Converger({
        syncs: clusterSyncs(cluster, namespace),
        driverOf: () => driver,
        authorize: async revision => ({
          verdict: 'authorized',
          from: revision,
          revision,
          pulls: [],
          digest: '',
        }),
        authorizedRevisions: async () => authorized,
        declarationAt: revision => declaredFrom({ 'manifests/shop/all.yaml': manifests(revision) }, revision),
        holder,
        timing: { ...defaultTiming, retryMs: 100, mostRetryMs: 500 },
        now: () => new Date(Date.now() + skewMs),
      });
    await whileLeading(
      { cluster, namespace, name: 'converger', holder, durationMs },
      stop.signal,
      (leading, lost) => converger().run(leading, lost),
    );
  };
  const both = [run('first', hour), run('second', -hour)];

  for (const revision of revisions) {
    authorized = [revision, ...authorized];
    const sync = await syncs.create({ unit: 'shop', revision, reason: 'merge' });
    await waitUntil(
      'the sync to be begun',
      async () => (await syncs.get(sync.metadata.name))?.status?.holder !== undefined,
    );
    const thief = JSON.stringify({ spec: { holderIdentity: 'nobody-at-all', renewTime: null } });
    await mustKubectl('patch', 'lease', 'converger', '-n', namespace, '--type=merge', '-p', thief);
    await waitUntil(
      'its end',
      async () => {
        const now = await syncs.get(sync.metadata.name);
        return now !== undefined && isFinal(phaseOf(now));
      },
      60_000,
    );
  }
  stop.abort();
  await Promise.all(both);

  const phases = (await syncs.list()).map(sync => phaseOf(sync));
  expect(phases).toEqual(revisions.map(() => 'Succeeded'));
  expect(applied).toBeGreaterThanOrEqual(revisions.length);
  expect(mostAtOnce).toBe(1);
  const newest = await mustKubectl(
    'get',
    'configmaps',
    '-n',
    namespace,
    '-o',
    'jsonpath={.items[*].data.at}',
  );
  expect(new Set(newest.split(' ').filter(Boolean))).toEqual(new Set([revisions.at(-1)]));
}, 240_000);
