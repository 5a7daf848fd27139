import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DaemonBench, daemonBench } from '../support/daemon.ts';
import { configMap, settingsOf } from '../support/settings.ts';
import { waitUntil } from '../support/wait-until.ts';

let bench: DaemonBench;
beforeAll(async () => {
  bench = await daemonBench({
    files: app => ({
      ...settingsOf(app),
      // what is deleted with its declaration is no orphan
      'holdfast.yaml': "converge: { units: [{ unit: '*', prune: false }] }\n",
      'manifests/settings/old.yaml': `# once\n${configMap(app, 'old', { a: '1' })}`,
      'manifests/settings/moved.yaml': configMap(app, 'moved', { a: '1' }),
      'manifests/cart/cart.yaml': configMap(app, 'cart', { a: '1' }),
    }),
  });
  bench.start();
  await bench.synced('cart', bench.trustRoot);
  await bench.synced('settings', bench.trustRoot);
}, 120_000);
afterAll(() => bench.close());

const remove = (name: string) => bench.kubectl('delete', 'configmap', name, '-n', bench.app);
const reports = async () =>
  JSON.parse(await bench.kubectl('get', 'driftreports', '-n', bench.namespace, '-o', 'json')).items as {
    metadata: { name: string };
    status?: { verdict?: string; findings?: { type: string; resource: { name: string } }[] };
  }[];
const orphans = async (unit: string) =>
  (await reports())
    .find(({ metadata }) => metadata.name === unit)
    ?.status?.findings?.map(({ type, resource }) => `${type} ${resource.name}`);

describe('an object that a merged pull request declares no more', { timeout: 120_000 }, () => {
  let removed: string;
  it('is told as orphaned, with where it was declared and who holds it, and nothing of what moved', async () => {
    removed = await bench.land({
      'manifests/settings/old.yaml': null,
      'manifests/settings/moved.yaml': null,
      'manifests/more/moved.yaml': configMap(bench.app, 'moved', { a: '1' }),
    });
    await bench.synced('settings', removed);
    const told = await bench.alert(['DRIFT', 'ConfigMap', '/old', 'is live, but no longer declared']);
    expect(told).toContain(`was declared in manifests/settings/old.yaml:2 at ${bench.trustRoot.slice(0, 7)}`);
    expect(told).toContain('held by holdfast');
    expect(told).toContain('delete it, or declare it again');
    await bench.until('its report', async () => (await orphans('settings'))?.join() === 'orphaned old');
    expect(await bench.holdfast('status')).toMatchObject({ code: 1 });
  });

  it('is neither told again nor forgotten by a daemon that starts anew', async () => {
    const from = bench.told().length;
    await bench.kill();
    bench.start();
    await bench.ready();
    await bench.until('a comparison that knows of it', async () => (await orphans('settings'))?.length === 1);
    await bench.setColour('red');
    await bench.alert(['DRIFT', 'settings', 'red'], { from });
    await bench.setColour('green');
    await bench.alert(['RESOLVED', 'settings'], { from });
    expect(bench.told().slice(from)).not.toContain('/old');
  });

  it('is over when it is deleted; made again by somebody else it is none of ours', async () => {
    await remove('old');
    await bench.alert(['RESOLVED', '/old', 'is gone or declared now']);
    const from = bench.told().length;
    await bench.kubectl('create', 'configmap', 'old', '-n', bench.app, '--from-literal=a=2');
    await bench.setColour('blue');
    await bench.alert(['DRIFT', 'settings', 'blue'], { from });
    await bench.setColour('green');
    await bench.alert(['RESOLVED', 'settings'], { from });
    expect(bench.told().slice(from)).not.toContain('/old');
    await bench.until('a report without', async () => (await orphans('settings'))?.length === 0);
  });

  it('with its whole unit is told under the name of the unit, until nothing of it lives', async () => {
    const from = bench.told().length;
    await bench.land({ 'manifests/cart/cart.yaml': null });
    await bench.alert(['DRIFT', 'cart:', '/cart', 'is live, but no longer declared'], { from });
    await bench.until('its report', async () => (await orphans('cart'))?.join() === 'orphaned cart');
    expect(await bench.holdfast('sync')).toMatchObject({ code: 0 });

    await bench.kill();
    bench.start();
    await bench.ready();
    await bench.until('it again', async () => (await orphans('cart'))?.length === 1);
    await remove('cart');
    await bench.alert(['RESOLVED', 'cart:', 'is gone or declared now'], { from });
    await bench.until('no report of it', async () => (await orphans('cart')) === undefined);
    expect(
      bench
        .told()
        .slice(from)
        .match(/DRIFT cart/g),
    ).toHaveLength(1);
  });
});

/** Times on the server, and those of commits, are whole seconds. */
async function nextSecond(): Promise<void> {
  const second = () => Math.floor(Date.now() / 1000);
  const now = second();
  await waitUntil('another second', () => second() > now + 1, 5_000);
}

describe('without a forge', { timeout: 120_000 }, () => {
  it('what lived while it was declared is told, also after a start; what came later is not', async ({
    onTestFinished,
  }) => {
    const alone = await daemonBench({
      files: app => ({
        ...settingsOf(app),
        'manifests/settings/old.yaml': configMap(app, 'old', { a: '1' }),
        'manifests/settings/late.yaml': configMap(app, 'late', { a: '1' }),
      }),
      env: {
        HOLDFAST_FORGE: '',
        HOLDFAST_FORGE_URL: '',
        HOLDFAST_FORGE_REPOSITORY: '',
        HOLDFAST_FORGE_TOKEN: '',
        HOLDFAST_TRUST_ROOT: '',
        HOLDFAST_WEBHOOK_SECRET: '',
      },
    });
    onTestFinished(() => alone.close());
    await alone.kubectl('create', 'namespace', alone.app);
    await alone.kubectl('create', 'configmap', 'settings', '-n', alone.app, '--from-literal=colour=green');
    await alone.kubectl('create', 'configmap', 'old', '-n', alone.app, '--from-literal=a=1');
    await nextSecond();
    await alone.scenario.commit(alone.scenario.owner, 'main', {
      'manifests/settings/old.yaml': null,
      'manifests/settings/late.yaml': null,
    });
    await nextSecond();
    await alone.kubectl('create', 'configmap', 'late', '-n', alone.app, '--from-literal=a=1');
    alone.start();
    const told = await alone.alert(['DRIFT', '/old', 'is live, but no longer declared']);
    expect(told).toContain('held by kubectl-create');
    expect(alone.told()).not.toContain('/late');
  });
});
