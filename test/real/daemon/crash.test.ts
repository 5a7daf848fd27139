import { describe, expect, it, type TestContext } from 'vitest';
import { type BenchOptions, type DaemonBench, daemonBench } from '../support/daemon.ts';
import { configMap, settingsOf } from '../support/settings.ts';

async function prepared(context: TestContext, options: BenchOptions = {}): Promise<DaemonBench> {
  const bench = await daemonBench(options);
  context.onTestFinished(() => bench.close());
  return bench;
}

const many = 150;

function manyObjects(app: string) {
  const maps = Array.from({ length: many }, (_, index) =>
    configMap(app, `map-${index}`, { index: `${index}` }),
  );
  return { ...settingsOf(app), 'manifests/settings/many.yaml': maps.join('---\n') };
}

/** Its Pods find a node only once one carries the label. */
function waitingDeployment(app: string) {
  const web = `apiVersion: apps/v1
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
  return { ...settingsOf(app), 'manifests/settings/web.yaml': web };
}

const countOf = async (bench: DaemonBench, kind: string) =>
  (await bench.kubectl('get', kind, '-n', bench.app, '-o', 'name')).split('\n').filter(Boolean).length;
const statusOf = async (bench: DaemonBench) => (await bench.syncs())[0]?.status;

/** Calls back the moment that a Sync comes into a phase. */
async function onPhase(bench: DaemonBench, phase: string, then: () => Promise<void>): Promise<void> {
  const stop = new AbortController();
  let done: Promise<void> | undefined;
  await bench.syncStore.watch(
    syncs => {
      if (!syncs.some(({ status }) => status?.phase === phase)) return;
      done ??= then();
      stop.abort();
    },
    AbortSignal.any([stop.signal, AbortSignal.timeout(60_000)]),
  );
  await done;
}

describe.concurrent('a daemon that is killed in the middle of a sync', { timeout: 180_000 }, () => {
  it('finishes, when it is started again, what it was applying and what it was verifying', async context => {
    const bench = await prepared(context, { files: manyObjects });
    bench.start();
    await bench.until('some objects', async () => (await countOf(bench, 'configmaps')) > 20);
    await bench.kill();
    expect(await statusOf(bench)).toMatchObject({ phase: 'Applying', attempts: 1 });
    expect(await countOf(bench, 'configmaps')).toBeLessThan(many);

    bench.start();
    await onPhase(bench, 'Verifying', () => bench.kill());
    const killed = await statusOf(bench);
    expect(killed).toMatchObject({ attempts: 2 });

    bench.start();
    const { status } = await bench.synced('settings', bench.trustRoot);
    expect(status).toMatchObject({
      phase: 'Succeeded',
      // On a busy machine the sync may be over before the signal has come.
      attempts: killed?.phase === 'Verifying' ? 3 : 2,
      resultCounts: { applied: many + 2, failed: 0, skipped: 0 },
    });
    expect(await countOf(bench, 'configmaps')).toBeGreaterThan(many);
    await bench.until('as declared', async () => (await bench.holdfast('status')).code === 0);
    expect(await bench.syncs()).toHaveLength(1);
    expect(bench.told()).toBe('');
  });

  it('goes on waiting for health, and ends the sync when it has come', async context => {
    const bench = await prepared(context, { files: waitingDeployment });
    bench.start();
    await bench.until('the Deployment', async () => (await countOf(bench, 'deployments')) === 1);
    await bench.kill();
    expect(await statusOf(bench)).toMatchObject({ phase: 'Applying', attempts: 1 });

    bench.start();
    await bench.until('the sync to be taken up', async () => (await statusOf(bench))?.attempts === 2);
    await bench.kubectl('label', 'nodes', '--all', `${bench.app}=ready`);
    expect((await bench.synced('settings', bench.trustRoot)).status).toMatchObject({ phase: 'Succeeded' });
    expect(bench.told()).toBe('');
  });

  it('says that it failed, when health does not come after the restart', async context => {
    const bench = await prepared(context, {
      files: waitingDeployment,
      env: { HOLDFAST_HEALTH_SECONDS: '5' },
    });
    bench.start();
    await bench.until('the Deployment', async () => (await countOf(bench, 'deployments')) === 1);
    await bench.kill();
    bench.start();
    const { status } = await bench.synced('settings', bench.trustRoot);
    expect(status).toMatchObject({ phase: 'Failed', attempts: 2 });
    expect(status?.message).toMatch(/^HF1601 1 of \d+ resources failed; .*Deployment web/);
  });
});

describe.concurrent('a daemon that is killed', { timeout: 180_000 }, () => {
  it('tells of the same drift once over any number of restarts, and stops quickly when asked to', async context => {
    const bench = await prepared(context);
    bench.start();
    await bench.synced('settings', bench.trustRoot);
    await bench.setColour('red');
    await bench.alert(['DRIFT', 'ConfigMap', 'settings', 'green', 'red']);
    const reports = () => bench.kubectl('get', 'driftreports', '-n', bench.namespace, '-o', 'json');
    await bench.until('the incident to be stored as told', async () =>
      (await reports()).includes('"console"'),
    );
    for (let restart = 0; restart < 2; restart += 1) {
      await bench.kill();
      bench.start();
      await bench.ready();
    }
    await bench.setColour('green');
    await bench.alert(['RESOLVED', 'settings']);
    expect(bench.told().match(/DRIFT/g)).toHaveLength(1);
    expect(bench.told().match(/RESOLVED/g)).toHaveLength(1);
    const { status, ms } = await bench.stop();
    expect(status).toBe(0);
    // the kubelet would kill it after 30 s; it takes 2 s where nothing else runs
    expect(ms).toBeLessThan(20_000);
  });
});
