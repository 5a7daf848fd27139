import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../../sandbox/control-plane/start.ts';
import { type DaemonBench, daemonBench } from '../support/daemon.ts';
import { configMap } from '../support/settings.ts';

const crds = fileURLToPath(new URL('../../../manifests/holdfast/crds', import.meta.url));

let cluster: ControlPlane;
let running: DaemonBench;
beforeAll(async () => {
  cluster = await startControlPlane({ controllers: false });
});
afterAll(async () => {
  await running?.close();
  await cluster.stop();
});

/** Of an outage people are told after ten seconds, from the first request that fails to one that is answered. */
const mostMomentMs = 6_000;

describe('the cluster', { timeout: 180_000 }, () => {
  it('without the CustomResourceDefinitions of Holdfast: told with what to apply, and awaited', async () => {
    running = await daemonBench({ kubeconfig: cluster.kubeconfig, withoutCrds: true });
    running.start();
    await running.logged(['HF1309', 'manifests/holdfast/crds']);
    expect(await running.get('/readyz')).toMatchObject({ status: 503 });
    for (const command of [['status'], ['sync'], ['verify', 'a'.repeat(40)]]) {
      const { code, stderr } = await running.holdfast(...command);
      expect(stderr).toMatch(/^holdfast: HF1309 .*manifests\/holdfast\/crds/);
      expect(code).toBe(2);
    }
    await running.kubectl('apply', '--server-side', '-f', crds);
    expect((await running.synced('settings', running.trustRoot)).status?.phase).toBe('Succeeded');
    await running.ready();
  });

  it('restarted in a moment: nobody is told of it, and drift is told again right afterwards', async () => {
    const from = running.told().length;
    const began = performance.now();
    await cluster.restartApiServer();
    const awayMs = performance.now() - began;
    await running.setColour('red');
    await running.alert(['DRIFT', 'settings', 'green → red'], { from });
    await running.setColour('green');
    await running.alert(['RESOLVED', 'settings'], { from });
    // on a busy machine a restart takes longer than a moment: then it may be told, and that it is over
    const told =
      running
        .told()
        .slice(from)
        .match(/(BLIND|RESOLVED) cluster/g) ?? [];
    expect(told).toEqual(
      awayMs < mostMomentMs || told.length === 0 ? [] : ['BLIND cluster', 'RESOLVED cluster'],
    );
  });

  it('away for longer: told, and nothing as drift; a new daemon waits, and both go on by themselves', async ({
    onTestFinished,
  }) => {
    const starting = await daemonBench({ kubeconfig: cluster.kubeconfig });
    onTestFinished(() => starting.close());
    const from = running.told().length;
    await cluster.killApiServer();
    starting.start();
    await starting.logged(['HF1301', 'Check that the cluster runs']);
    await running.alert(['BLIND cluster', 'HF1301', 'Check that the cluster runs'], { from });
    expect(running.told().slice(from)).not.toContain('DRIFT');
    expect(await starting.get('/readyz')).toMatchObject({ status: 503 });
    expect(await starting.get('/healthz')).toMatchObject({ status: 200 });

    await cluster.startApiServer();
    expect((await starting.synced('settings', starting.trustRoot)).status?.phase).toBe('Succeeded');
    await starting.ready();
    await running.alert(['RESOLVED cluster'], { from });
    await running.setColour('violet');
    await running.alert(['DRIFT', 'settings', 'violet'], { from });
    const revision = await running.land({
      'manifests/settings/settings.yaml': configMap(running.app, 'settings', { colour: 'blue' }),
    });
    expect((await running.synced('settings', revision)).status?.phase).toBe('Succeeded');
  });
});
