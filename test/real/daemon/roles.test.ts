import { mkdirSync } from 'node:fs';
import { describe, expect, inject, it, type TestContext } from 'vitest';
import { freePort } from '../../../sandbox/processes/ports.ts';
import { openWorkplace } from '../../../sandbox/processes/workplace.ts';
import { type DaemonBench, daemonBench } from '../support/daemon.ts';
import { type DaemonChild, daemonChild } from '../support/daemon-child.ts';
import { configMap } from '../support/settings.ts';

/** A bench whose daemon is the observer, and a converger beside it; each looks at the branch in its own time. */
async function split(context: TestContext, poll: { observer: string; converger: string }) {
  const bench = await daemonBench({ role: 'observer', env: { HOLDFAST_POLL_SECONDS: poll.observer } });
  context.onTestFinished(() => bench.close());
  const workplace = openWorkplace('converger');
  context.onTestFinished(() => workplace.close());
  mkdirSync(workplace.path('data'));
  const listen = `127.0.0.1:${await freePort()}`;
  const env = () => ({
    ...bench.env,
    KUBECONFIG: bench.converger,
    HOLDFAST_POLL_SECONDS: poll.converger,
    HOLDFAST_DATA: workplace.path('data'),
    HOLDFAST_LISTEN: listen,
  });
  return { bench, converger: daemonChild(workplace, env, ['--role', 'converger']) };
}

async function settled(bench: DaemonBench, revision: string): Promise<void> {
  expect((await bench.synced('settings', revision)).status?.phase).toBe('Succeeded');
  await bench.until(`all as declared at ${revision}`, async () => {
    const { code, stdout } = await bench.holdfast('status');
    return code === 0 && stdout.includes(revision.slice(0, 7));
  });
}

function startBoth(bench: DaemonBench, converger: DaemonChild): void {
  bench.start();
  converger.start();
}

describe.concurrent('an observer and a converger as two processes', { timeout: 120_000 }, () => {
  it.for([
    ['the observer knows first', { observer: '0.2', converger: '5' }],
    ['the converger knows first', { observer: '20', converger: '0.2' }],
  ] as const)('tell no drift while a merge is rolled out that %s', async ([, poll], context) => {
    const { bench, converger } = await split(context, poll);
    startBoth(bench, converger);
    await settled(bench, bench.trustRoot);

    const merged = await bench.land({
      'manifests/settings/settings.yaml': configMap(bench.app, 'settings', { colour: 'blue' }),
    });
    await settled(bench, merged);

    expect(bench.told()).not.toContain('DRIFT');
    await bench.setColour('red');
    await bench.alert(['DRIFT', 'settings', 'blue → red']);
  });
});

it('an observer that could write refuses to run', { timeout: 60_000 }, async context => {
  const bench = await daemonBench({ role: 'observer' });
  context.onTestFinished(() => bench.close());
  bench.env = { ...bench.env, KUBECONFIG: inject('kubeconfig') };
  const configMaps = () => bench.kubectl('get', 'configmaps', '-n', bench.namespace, '-o', 'name');
  const before = await configMaps();

  const { code, stderr } = await bench.holdfast('run', '--role', 'observer');

  expect(code).toBe(2);
  expect(stderr).toMatch(/HF1611 .*the API server let the observer create the ConfigMap/s);
  expect(await configMaps()).toBe(before);
});
