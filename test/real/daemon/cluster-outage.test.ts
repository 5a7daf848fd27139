import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../../sandbox/control-plane/start.ts';
import { configMap, type DaemonBench, daemonBench } from '../support/daemon.ts';
import { waitUntil } from '../support/wait-until.ts';

const crds = fileURLToPath(new URL('../../../manifests/holdfast/crds', import.meta.url));

let cluster: ControlPlane;
let bench: DaemonBench;
beforeAll(async () => {
  cluster = await startControlPlane({ controllers: false });
});
afterEach(() => bench.close());
afterAll(() => cluster.stop());

const prepare = (withoutCrds = false) => daemonBench({ kubeconfig: cluster.kubeconfig, withoutCrds });

describe('without the CustomResourceDefinitions of Holdfast', () => {
  it('the daemon and the commands say what to apply, and it goes on by itself when they are there', async () => {
    bench = await prepare(true);
    bench.start();
    await bench.logged(['HF1309', 'manifests/holdfast/crds']);
    expect(await bench.get('/readyz')).toMatchObject({ status: 503 });
    for (const command of [['status'], ['sync'], ['verify', 'a'.repeat(40)]]) {
      const { code, stderr } = await bench.holdfast(...command);
      expect(stderr).toMatch(/^holdfast: HF1309 .*manifests\/holdfast\/crds/);
      expect(code).toBe(2);
    }
    await bench.kubectl('apply', '--server-side', '-f', crds);
    expect((await bench.synced('settings', bench.trustRoot)).status?.phase).toBe('Succeeded');
    await waitUntil('ready', async () => (await bench.get('/readyz')).status === 200, 60_000);
  });
});

describe('while the API server is down', () => {
  it('at the start, the daemon waits for it, says so, and then does its work', async () => {
    bench = await prepare();
    await cluster.killApiServer();
    bench.start();
    await bench.logged(['HF1301']);
    expect(await bench.get('/readyz')).toMatchObject({ status: 503 });
    expect(await bench.get('/healthz')).toMatchObject({ status: 200 });
    await cluster.startApiServer();
    expect((await bench.synced('settings', bench.trustRoot)).status?.phase).toBe('Succeeded');
    await waitUntil('ready', async () => (await bench.get('/readyz')).status === 200, 60_000);
  });

  it('in the middle, it says so and resolves, and drift is told again right afterwards', async () => {
    bench = await prepare();
    bench.start();
    await bench.synced('settings', bench.trustRoot);
    await waitUntil('ready', async () => (await bench.get('/readyz')).status === 200, 60_000);
    await cluster.killApiServer();
    await bench.alert(['BLIND cluster', 'HF1301']);
    expect(bench.told()).not.toContain('DRIFT');
    await cluster.startApiServer();
    await bench.kubectl('label', 'configmap', 'settings', '-n', bench.app, 'by-hand=yes');
    await bench.alert(['DRIFT', 'settings', 'by-hand']);
    await bench.alert(['RESOLVED cluster']);
    const revision = await bench.land({
      'manifests/settings/settings.yaml': configMap(bench.app, 'settings', { colour: 'blue' }),
    });
    expect((await bench.synced('settings', revision)).status?.phase).toBe('Succeeded');
  });

  it('shortly, nobody is told', async () => {
    bench = await prepare();
    bench.start();
    await bench.synced('settings', bench.trustRoot);
    await waitUntil('ready', async () => (await bench.get('/readyz')).status === 200, 60_000);
    await cluster.restartApiServer();
    await bench.kubectl('label', 'configmap', 'settings', '-n', bench.app, 'by-hand=yes');
    await bench.alert(['DRIFT', 'settings', 'by-hand']);
    expect(bench.told()).not.toContain('BLIND');
  });
});
