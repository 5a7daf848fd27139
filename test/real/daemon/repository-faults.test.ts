import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { git } from '../../../sandbox/shop/git.ts';
import { type DaemonBench, daemonBench } from '../support/daemon.ts';
import { configMap } from '../support/settings.ts';

const settings = (bench: DaemonBench, colour: string) => ({
  'manifests/settings/settings.yaml': configMap(bench.app, 'settings', { colour }),
});

/** Moves the remote's main to a revision, whatever it holds now. */
async function forceMainTo(bench: DaemonBench, revision: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  try {
    const remote = bench.scenario.cloneUrl(bench.scenario.owner);
    await git(folder, 'init', '--quiet', '--bare');
    await git(folder, 'fetch', '--quiet', remote, revision);
    await git(folder, 'push', '--quiet', '--force', remote, `${revision}:refs/heads/main`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.concurrent('what happens to the repository', { timeout: 180_000 }, () => {
  it('a merged holdfast.yaml that is wrong is told, the last good one stays in use, and a later pull request heals it', async ({
    onTestFinished,
  }) => {
    const bench = await daemonBench();
    onTestFinished(() => bench.close());
    bench.start();
    await bench.synced('settings', bench.trustRoot);
    const wrong = 'apiVersion: holdfast.dev/v1alpha1\npolicy:\n  approvals: many\n';
    const broken = await bench.land({ ...settings(bench, 'blue'), 'holdfast.yaml': wrong });
    await bench.alert(['BLIND declaration', 'HF1104', 'holdfast.yaml:3']);
    expect(await bench.colour()).toBe('green');
    expect((await bench.syncs()).filter(({ spec }) => spec.revision === broken)).toEqual([]);
    await bench.kubectl('label', 'configmap', 'settings', '-n', bench.app, 'by-hand=yes');
    await bench.alert(['DRIFT', 'settings', 'by-hand', bench.trustRoot.slice(0, 7)]);

    const mended = await bench.land({ 'holdfast.yaml': wrong.replace('many', '1') });
    expect((await bench.synced('settings', mended)).status?.phase).toBe('Succeeded');
    await bench.alert(['RESOLVED declaration']);
    expect(await bench.colour()).toBe('blue');
  });

  it('a branch that an administrator rewinds is refused, and what was authorized stays', async ({
    onTestFinished,
  }) => {
    const bench = await daemonBench();
    onTestFinished(() => bench.close());
    bench.start();
    await bench.synced('settings', bench.trustRoot);
    const merged = await bench.land(settings(bench, 'blue'));
    await bench.synced('settings', merged);
    await forceMainTo(bench, bench.trustRoot);
    await bench.alert(['REFUSED', bench.trustRoot.slice(0, 7), 'rewind', 'move the branch back']);
    await bench.kubectl('label', 'configmap', 'settings', '-n', bench.app, 'by-hand=yes');
    await bench.alert(['DRIFT', 'by-hand', merged.slice(0, 7)]);
    expect(await bench.colour()).toBe('blue');
    await forceMainTo(bench, merged);
    await bench.alert(['RESOLVED main']);
    expect((await bench.syncs()).map(({ spec }) => spec.revision).sort()).toEqual(
      [bench.trustRoot, merged].sort(),
    );
  });

  it('a trust root that the repository does not have is named with its setting', async ({
    onTestFinished,
  }) => {
    const bench = await daemonBench({ env: { HOLDFAST_TRUST_ROOT: 'a'.repeat(40) } });
    onTestFinished(() => bench.close());
    bench.start();
    await bench.logged(['HF1206', 'HOLDFAST_TRUST_ROOT']);
    expect(await bench.get('/readyz')).toMatchObject({ status: 503 });
    expect(await bench.syncs()).toEqual([]);
  });
});
