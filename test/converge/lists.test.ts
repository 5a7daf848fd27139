import { describe, expect, it } from 'vitest';
import { Cluster } from '../../src/cluster/cluster.ts';
import { AuthorizationLedger } from '../../src/converge/ledger.ts';
import { clusterSyncs } from '../../src/converge/sync-store.ts';
import { DriftReportStore } from '../../src/incidents/store.ts';
import { fakeConnection } from '../fakes/kubernetes/connection.ts';

const place = { namespace: 'holdfast', repository: 'r', branch: 'main', trustRoot: 'a'.repeat(40) };

describe('an answer that is no list', () => {
  const bodies: [string, unknown][] = [
    ['a page of text', '<html>hello</html>'],
    ['items that are none', { metadata: {}, items: 'many' }],
  ];

  it.each(bodies)('is the failure of an outage, for each store: %s', async (_what, body) => {
    const { connection } = fakeConnection(() => ({ body }));
    const cluster = new Cluster(connection);

    const lists = [
      new AuthorizationLedger(cluster, place).chain(),
      clusterSyncs(cluster, 'holdfast').list(),
      new DriftReportStore(connection, { namespace: 'holdfast' }).load(),
    ];

    for (const list of lists) await expect(list).rejects.toMatchObject({ name: 'Failure', code: 'HF1308' });
  });
});
