import { afterEach, describe, expect, it } from 'vitest';
import { configMap, type DaemonBench, daemonBench, settingsOf } from '../support/daemon.ts';
import { waitUntil } from '../support/wait-until.ts';

let bench: DaemonBench;
afterEach(() => bench.close());

const many = 150;

function manyObjects(app: string) {
  const maps = Array.from({ length: many }, (_, index) =>
    configMap(app, `map-${index}`, { index: `${index}` }),
  );
  return { ...settingsOf(app), 'manifests/settings/many.yaml': maps.join('---\n') };
}

/** Its Pods find a node only once that carries the label. */
function waitingDeployment(app: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: ${app}
spec:
  replicas: 1
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web }
    spec:
      nodeSelector: { ${app}: ready }
      containers:
        - name: web
          image: shop/web:1
`;
}

async function phase(unit = 'settings') {
  return (await bench.syncs()).find(({ spec }) => spec.unit === unit)?.status?.phase;
}

describe('a daemon that is killed in the middle of a sync', () => {
  it('finishes, when it is started again, what it was applying', async () => {
    bench = await daemonBench({ files: manyObjects });
    bench.start();
    const applied = async () =>
      (await bench.kubectl('get', 'configmaps', '-n', bench.app, '-o', 'name', '-l', '!nothing')).split('\n')
        .length;
    await waitUntil('some objects to be there', async () => (await applied()) > 20, 60_000);
    await bench.kill();
    expect(await phase()).toBe('Applying');
    expect(await applied()).toBeLessThan(many);

    bench.start();
    const sync = await bench.synced('settings', bench.trustRoot);
    expect(sync.status).toMatchObject({
      phase: 'Succeeded',
      attempts: 2,
      resultCounts: { applied: many + 2 },
    });
    expect(await applied()).toBeGreaterThan(many);
    expect(await bench.holdfast('status')).toMatchObject({ code: 0 });
    expect(bench.told()).toBe('');
  });

  it('goes on waiting for health, and ends the sync when it has come', async () => {
    bench = await daemonBench({
      files: app => ({ ...settingsOf(app), 'manifests/settings/web.yaml': waitingDeployment(app) }),
    });
    bench.start();
    await waitUntil(
      'the Deployment',
      async () => (await bench.kubectl('get', 'deployments', '-n', bench.app, '-o', 'name')).includes('web'),
      60_000,
    );
    await bench.kill();
    expect(await phase()).toBe('Applying');

    bench.start();
    await waitUntil(
      'the sync to be taken up',
      async () => (await bench.syncs())[0]?.status?.attempts === 2,
      30_000,
    );
    await bench.kubectl('label', 'nodes', '--all', `${bench.app}=ready`);
    const sync = await bench.synced('settings', bench.trustRoot);
    expect(sync.status).toMatchObject({ phase: 'Succeeded', attempts: 2 });
    expect(bench.told()).toBe('');
  });

  it('says that it failed, when health does not come after the restart', async () => {
    bench = await daemonBench({
      files: app => ({ ...settingsOf(app), 'manifests/settings/web.yaml': waitingDeployment(app) }),
      env: () => ({ HOLDFAST_HEALTH_SECONDS: '5' }),
    });
    bench.start();
    await waitUntil(
      'the Deployment',
      async () => (await bench.kubectl('get', 'deployments', '-n', bench.app, '-o', 'name')).includes('web'),
      60_000,
    );
    await bench.kill();
    bench.start();
    const sync = await bench.synced('settings', bench.trustRoot);
    expect(sync.status).toMatchObject({ phase: 'Failed', attempts: 2 });
    expect(sync.status?.message).toMatch(/^HF1601 1 of \d+ resources failed; .*Deployment web/);
  });

  it('tells of the same drift once over any number of restarts', async () => {
    bench = await daemonBench();
    bench.start();
    await bench.synced('settings', bench.trustRoot);
    await bench.kubectl('patch', 'configmap', 'settings', '-n', bench.app, '-p', '{"data":{"colour":"red"}}');
    await bench.alert(['DRIFT', 'ConfigMap', 'settings', 'green', 'red']);
    await waitUntil('the incident to be stored', async () =>
      (await bench.kubectl('get', 'driftreports', '-n', bench.namespace, '-o', 'json')).includes('"console"'),
    );
    for (let restart = 0; restart < 2; restart += 1) {
      await bench.kill();
      bench.start();
      await waitUntil('ready', async () => (await bench.get('/readyz')).status === 200, 60_000);
    }
    await bench.kubectl(
      'patch',
      'configmap',
      'settings',
      '-n',
      bench.app,
      '-p',
      '{"data":{"colour":"green"}}',
    );
    await bench.alert(['RESOLVED', 'settings']);
    expect(bench.told().match(/DRIFT/g)).toHaveLength(1);
    expect(bench.told().match(/RESOLVED/g)).toHaveLength(1);
    expect(await bench.stop()).toMatchObject({ status: 0, ms: expect.toSatisfy((ms: number) => ms < 8_000) });
  });
});
