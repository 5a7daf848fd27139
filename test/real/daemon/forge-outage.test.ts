import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Gitea, startGitea } from '../../../sandbox/gitea/start.ts';
import { configMap, type DaemonBench, daemonBench } from '../support/daemon.ts';
import { startProxy } from '../support/proxy.ts';
import { waitUntil } from '../support/wait-until.ts';

let gitea: Gitea;
let bench: DaemonBench;
beforeAll(async () => {
  gitea = await startGitea();
});
afterEach(() => bench.close());
afterAll(() => gitea.stop());

const settings = (colour: string) => configMap(bench.app, 'settings', { colour });

describe('while Gitea is down', () => {
  it('at the start, the daemon waits for it, says so, and then does its work', async () => {
    bench = await daemonBench({ gitea });
    await gitea.kill();
    bench.start();
    await bench.logged(['HF1201']);
    await bench.alert(['BLIND git', 'HF1201']);
    expect(await bench.get('/readyz')).toMatchObject({ status: 503 });
    expect(await bench.get('/healthz')).toMatchObject({ status: 200 });
    await gitea.startAgain();
    expect((await bench.synced('settings', bench.trustRoot)).status?.phase).toBe('Succeeded');
    await bench.alert(['RESOLVED git']);
    await waitUntil('ready', async () => (await bench.get('/readyz')).status === 200);
  });

  it('in the middle, drift is told all the same, and the merge that came with it is applied when it is back', async () => {
    bench = await daemonBench({ gitea });
    bench.start();
    await bench.synced('settings', bench.trustRoot);
    await gitea.kill();
    await bench.kubectl('label', 'configmap', 'settings', '-n', bench.app, 'by-hand=yes');
    await bench.alert(['DRIFT', 'settings', 'by-hand']);
    await bench.alert(['BLIND git', 'HF1201']);
    expect(await bench.get('/readyz')).toMatchObject({ status: 200 });
    await gitea.startAgain();
    await bench.alert(['RESOLVED git']);
    const revision = await bench.land({ 'manifests/settings/settings.yaml': settings('blue') });
    expect((await bench.synced('settings', revision)).status?.phase).toBe('Succeeded');
  });
});

describe('while Git answers and the forge does not', () => {
  it('a merge is pending, not applied and not refused, until the forge can be asked', async () => {
    const proxy = await startProxy(gitea.url);
    try {
      bench = await daemonBench({ gitea, env: () => ({ HOLDFAST_FORGE_URL: proxy.url }) });
      bench.start();
      await bench.synced('settings', bench.trustRoot);
      proxy.cut = true;
      const revision = await bench.land({ 'manifests/settings/settings.yaml': settings('blue') });
      await bench.alert(['BLIND forge', 'HF1401']);
      expect(
        await bench.kubectl('get', 'configmap', 'settings', '-n', bench.app, '-o', 'jsonpath={.data.colour}'),
      ).toBe('green');
      expect((await bench.syncs()).filter(({ spec }) => spec.revision === revision)).toEqual([]);
      expect(bench.told()).not.toContain('REFUSED');
      const verify = await bench.holdfast('verify', revision);
      expect(verify.code).toBe(2);
      proxy.cut = false;
      expect((await bench.synced('settings', revision)).status?.phase).toBe('Succeeded');
      await bench.alert(['RESOLVED forge']);
      expect(bench.told()).not.toContain('DRIFT');
    } finally {
      await proxy.close();
    }
  });
});
