import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DaemonBench, daemonBench } from '../support/daemon.ts';
import { configMap, settingsOf } from '../support/settings.ts';

let bench: DaemonBench;
beforeAll(async () => {
  bench = await daemonBench({
    env: {
      HOLDFAST_FORGE: '',
      HOLDFAST_FORGE_URL: '',
      HOLDFAST_FORGE_REPOSITORY: '',
      HOLDFAST_FORGE_TOKEN: '',
      HOLDFAST_TRUST_ROOT: '',
      HOLDFAST_WEBHOOK_SECRET: '',
    },
  });
  for (const manifest of Object.values(settingsOf(bench.app))) await bench.apply(manifest ?? '');
  bench.start();
  await bench.ready();
});
afterAll(() => bench.close());

const version = () =>
  bench.kubectl(
    'get',
    'configmap',
    'settings',
    '-n',
    bench.app,
    '-o',
    'jsonpath={.metadata.resourceVersion}',
  );

describe('without a forge', () => {
  it('the tip is followed, whoever pushed it; what differs is told, and nothing is written', async () => {
    expect(await bench.holdfast('status')).toMatchObject({ code: 0 });
    const before = await version();
    const tip = await bench.scenario.commit(bench.scenario.owner, 'main', {
      'manifests/settings/settings.yaml': configMap(bench.app, 'settings', { colour: 'blue' }),
    });
    await bench.alert(['DRIFT', 'settings', 'blue → green', tip.slice(0, 7), 'only tells']);
    expect(await version()).toBe(before);
    expect(await bench.syncs()).toEqual([]);
    expect(await bench.kubectl('get', 'authorizations', '-n', bench.namespace, '-o', 'name')).toBe('');
    // one process compares, and tells; nobody converges
    const leases = await bench.kubectl('get', 'leases', '-n', bench.namespace, '-o', 'name');
    expect(leases.trim().split('\n')).toEqual([
      'lease.coordination.k8s.io/holdfast-observer',
      'lease.coordination.k8s.io/holdfast-observer-seat-0',
    ]);
  });

  it('a sync cannot be asked for', async () => {
    const { code, stderr, stdout } = await bench.holdfast('sync', 'settings');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^holdfast: HF1605 .*HOLDFAST_FORGE/);
    expect(await bench.syncs()).toEqual([]);
  });

  it('nothing is authorized', async () => {
    const { code, stderr } = await bench.holdfast('verify', bench.trustRoot);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^holdfast: HF1001 HOLDFAST_FORGE is not set/);
  });

  it('and without a secret there is no webhook', async () => {
    const answer = await fetch(`${bench.url}/hooks/forge`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(404);
  });
});
