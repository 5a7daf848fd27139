import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '../../src/cluster/connection.ts';

/** Writes 100 statuses a second, as a controller does: `storm.ts KUBECONFIG SECONDS NAMESPACE/NAME,…`. */
const [kubeconfig = '', seconds = '10', targets = ''] = process.argv.slice(2);
const connection = await Connection.open({ kubeconfig });
const names = targets.split(',');
const begun = performance.now();
const total = Number(seconds) * 100;
const sent: Promise<unknown>[] = [];
for (let index = 0; index < total; index += 1) {
  const [namespace, name] = (names[index % names.length] ?? '').split('/');
  const observed = { status: { observedGeneration: 1, replicas: index } };
  sent.push(
    connection.request({
      method: 'PATCH',
      path: `/apis/apps/v1/namespaces/${namespace}/deployments/${name}/status`,
      query: { fieldManager: 'kube-controller-manager' },
      contentType: 'application/merge-patch+json',
      body: observed,
    }),
  );
  const ahead = begun + (index + 1) * 10 - performance.now();
  if (ahead > 0) await sleep(ahead);
}
await Promise.all(sent);
connection.close();
