import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Cluster } from '../../../src/cluster/cluster.ts';
import { Connection } from '../../../src/cluster/connection.ts';
import { Converger } from '../../../src/converge/converger.ts';
import { defaultTiming } from '../../../src/converge/parts.ts';
import { clusterSyncs } from '../../../src/converge/sync-store.ts';
import { kubernetesDriver } from '../../../src/drivers/kubernetes/driver.ts';
import { declaredFrom } from './declared.ts';

/** A converger as a process of its own, so that a test can kill it: `worker.ts KUBECONFIG NAMESPACE MANIFESTS REVISION HOLDER`. */
const [kubeconfig, namespace, manifests, revision, holder] = z
  .tuple([z.string(), z.string(), z.string(), z.string(), z.string()])
  .parse(process.argv.slice(2));
const connection = await Connection.open({ kubeconfig });
const driver = kubernetesDriver({ connection });
const converger = new Converger({
  syncs: clusterSyncs(new Cluster(connection), namespace),
  driverOf: () => driver,
  authorize: async () => ({ verdict: 'authorized', from: revision, revision, pulls: [], digest: 'test' }),
  authorizedRevisions: async () => [revision],
  declarationAt: () => declaredFrom({ 'manifests/shop/all.yaml': readFileSync(manifests, 'utf8') }, revision),
  holder,
  timing: { ...defaultTiming, recordPauseMs: 50 },
  now: () => new Date(),
});
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
await converger.run(stop.signal);
connection.close();
