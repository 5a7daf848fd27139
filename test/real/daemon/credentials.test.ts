import { afterEach, describe, expect, it } from 'vitest';
import { configMap, type DaemonBench, daemonBench } from '../support/daemon.ts';

let bench: DaemonBench;
afterEach(() => bench.close());

const wrong = 'f00dfeedf00dfeedf00dfeedf00dfeedf00dfeed';

describe('a daemon with a wrong token', () => {
  it('for Git says so, is not ready, and works with the right one', async () => {
    bench = await daemonBench({ env: () => ({ HOLDFAST_GIT_TOKEN: wrong }) });
    bench.start();
    await bench.logged(['HF1202', 'HOLDFAST_GIT_TOKEN']);
    expect(await bench.get('/readyz')).toMatchObject({
      status: 503,
      text: expect.stringContaining('no authorized revision could be read yet'),
    });
    await bench.alert(['BLIND git', 'HF1202', 'HOLDFAST_GIT_TOKEN']);
    expect(await bench.stop()).toMatchObject({ status: 0 });
    expect(bench.log() + bench.told()).not.toContain(wrong);

    bench.env = { ...bench.env, HOLDFAST_GIT_TOKEN: bench.scenario.owner.token };
    bench.start();
    expect((await bench.synced('settings', bench.trustRoot)).status?.phase).toBe('Succeeded');
    await bench.alert(['RESOLVED git']);
  });

  it('for the forge compares and tells, but applies no merge until it has the right one', async () => {
    bench = await daemonBench({ env: () => ({ HOLDFAST_FORGE_TOKEN: wrong }) });
    bench.start();
    await bench.synced('settings', bench.trustRoot);
    const revision = await bench.land({
      'manifests/settings/settings.yaml': configMap(bench.app, 'settings', { colour: 'blue' }),
    });
    await bench.alert(['BLIND forge', 'HF1402', 'HOLDFAST_FORGE_TOKEN']);
    await bench.kubectl('label', 'configmap', 'settings', '-n', bench.app, 'by-hand=yes');
    await bench.alert(['DRIFT', 'settings', 'by-hand']);
    expect((await bench.syncs()).filter(({ spec }) => spec.revision === revision)).toEqual([]);
    expect(bench.log() + bench.told()).not.toContain(wrong);
    await bench.stop();

    bench.env = { ...bench.env, HOLDFAST_FORGE_TOKEN: bench.scenario.owner.token };
    bench.start();
    expect((await bench.synced('settings', revision)).status?.phase).toBe('Succeeded');
    await bench.alert(['RESOLVED forge']);
  });
});
