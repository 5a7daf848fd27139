import { z } from 'zod';
import { Cluster } from '../../src/cluster/cluster.ts';
import { Connection } from '../../src/cluster/connection.ts';
import { Converger } from '../../src/converge/converger.ts';
import { clusterInventories } from '../../src/converge/inventory/inventories.ts';
import { defaultTiming } from '../../src/converge/parts.ts';
import { clusterSyncs } from '../../src/converge/sync-store.ts';
import { kubernetesDriver } from '../../src/drivers/kubernetes/driver.ts';
import { chapterOf, declarationOf, namespace, revisionOf } from './story.ts';

/** A converger as a process of its own, to be killed: `worker.ts KUBECONFIG HOLDER REVISION`. */
const [kubeconfig, holder, newest] = z
  .tuple([z.string(), z.string(), z.string()])
  .parse(process.argv.slice(2));
const connection = await Connection.open({ kubeconfig });
const cluster = new Cluster(connection);
const driver = kubernetesDriver({ connection });
const authorized = Array.from({ length: chapterOf(newest) + 1 }, (_, chapter) =>
  revisionOf(chapter),
).reverse();
const converger = new Converger({
  syncs: clusterSyncs(cluster, namespace),
  inventories: clusterInventories(cluster, namespace),
  driverOf: () => driver,
  authorize: async revision => ({
    verdict: 'authorized',
    from: revision,
    revision,
    pulls: [],
    digest: 'kills',
  }),
  authorizedRevisions: async () => authorized,
  declarationAt: declarationOf,
  holder,
  timing: { ...defaultTiming, healthMs: 150_000, recordPauseMs: 100, mostRetryMs: 2_000 },
  now: () => new Date(),
});
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
await converger.run(stop.signal);
connection.close();
