import { describe, expect, inject, it } from 'vitest';
import { daemonBench } from '../support/daemon.ts';
import { startProxy } from '../support/proxy.ts';
import { configMap } from '../support/settings.ts';

const wrong = 'f00dfeedf00dfeedf00dfeedf00dfeedf00dfeed';

describe.concurrent('a daemon that the forge does not let in', { timeout: 180_000 }, () => {
  it('with its Git token says so, is not ready, and works with the right one', async ({ onTestFinished }) => {
    const bench = await daemonBench({ env: { HOLDFAST_GIT_TOKEN: wrong } });
    onTestFinished(() => bench.close());
    bench.start();
    await bench.logged(['HF1202', 'HOLDFAST_GIT_TOKEN']);
    expect(await bench.get('/readyz')).toMatchObject({
      status: 503,
      text: expect.stringContaining('no authorized revision could be read yet'),
    });
    await bench.alert(['BLIND git', 'HF1202', 'HOLDFAST_GIT_TOKEN']);
    expect(await bench.stop()).toMatchObject({ status: 0 });
    expect(bench.told().match(/BLIND/g)).toHaveLength(1);
    expect(bench.log() + bench.told()).not.toContain(wrong);

    bench.env['HOLDFAST_GIT_TOKEN'] = bench.scenario.owner.token;
    bench.start();
    expect((await bench.synced('settings', bench.trustRoot)).status?.phase).toBe('Succeeded');
    await bench.alert(['RESOLVED git']);
  });

  it('with its forge token compares and tells, but applies no merge until it has the right one', async ({
    onTestFinished,
  }) => {
    const bench = await daemonBench({ env: { HOLDFAST_FORGE_TOKEN: wrong } });
    onTestFinished(() => bench.close());
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

    bench.env['HOLDFAST_FORGE_TOKEN'] = bench.scenario.owner.token;
    bench.start();
    expect((await bench.synced('settings', revision)).status?.phase).toBe('Succeeded');
    await bench.alert(['RESOLVED forge']);
  });

  it('at all, as its API does not answer, leaves a merge pending, neither applied nor refused, until it does', async ({
    onTestFinished,
  }) => {
    const proxy = await startProxy(inject('giteaUrl'));
    onTestFinished(() => proxy.close());
    const bench = await daemonBench({ env: { HOLDFAST_FORGE_URL: proxy.url } });
    onTestFinished(() => bench.close());
    bench.start();
    await bench.synced('settings', bench.trustRoot);
    proxy.cut = true;
    const revision = await bench.land({
      'manifests/settings/settings.yaml': configMap(bench.app, 'settings', { colour: 'blue' }),
    });
    await bench.alert(['BLIND forge', 'HF1401', 'HOLDFAST_FORGE_URL']);
    expect(await bench.colour()).toBe('green');
    expect((await bench.syncs()).filter(({ spec }) => spec.revision === revision)).toEqual([]);
    expect(bench.told()).not.toContain('REFUSED');
    expect(await bench.holdfast('verify', revision)).toMatchObject({ code: 2 });
    proxy.cut = false;
    expect((await bench.synced('settings', revision)).status?.phase).toBe('Succeeded');
    await bench.alert(['RESOLVED forge']);
    expect(bench.told()).not.toContain('DRIFT');
  });
});
