import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DaemonBench, daemonBench } from '../support/daemon.ts';
import { configMap } from '../support/settings.ts';
import { waitUntil } from '../support/wait-until.ts';

let bench: DaemonBench;
/** Pushed past the gate, on a branch of its own so that it changes nothing for the daemon. */
let direct: string;
let merged: string;

const settings = (colour: string) => ({
  'manifests/settings/settings.yaml': configMap(bench.app, 'settings', { colour }),
});

beforeAll(async () => {
  bench = await daemonBench();
});
afterAll(() => bench.close());

describe('before any daemon ran', () => {
  it('status says so and exits with 2', async () => {
    const { code, stdout, stderr } = await bench.holdfast('status');
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(stdout).toBe('No unit is known: no daemon has compared one yet.\n');
    expect(JSON.parse((await bench.holdfast('status', '-o', 'json')).stdout)).toEqual([]);
  });

  it('sync cannot be asked for', async () => {
    const { code, stdout, stderr } = await bench.holdfast('sync', 'settings');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^holdfast: HF1604 no daemon has compared a unit yet\. .*\n$/);
  });

  it('verify knows the trust root', async () => {
    const { code, stdout } = await bench.holdfast('verify', bench.trustRoot);
    expect(code).toBe(0);
    expect(stdout).toBe(`${bench.trustRoot} is authorized: it is the trust root (HOLDFAST_TRUST_ROOT).\n`);
    const json = await bench.holdfast('verify', bench.trustRoot, '-o', 'json');
    expect(json.code).toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject({
      kind: 'Verification',
      authorization: { verdict: 'authorized', revision: bench.trustRoot },
    });
  });
});

describe('with a daemon', () => {
  beforeAll(async () => {
    bench.start();
    await bench.synced('settings', bench.trustRoot);
    merged = await bench.land(settings('blue'));
    await bench.synced('settings', merged);
    direct = await bench.scenario.commit(bench.author, 'main', settings('black'));
    await bench.alert(['REFUSED', direct.slice(0, 7)]);
  });

  it('status tells each unit and what is going on', async () => {
    const words = `2 of 2 as declared at ${merged.slice(0, 7)}, tip ${direct.slice(0, 7)} is not in use`;
    const { code, stdout } = await bench.until('the state with its tip', async () => {
      const answer = await bench.holdfast('status');
      return answer.stdout.includes(words) ? answer : undefined;
    });
    expect(code).toBe(0);
    expect(stdout).toContain(`main@${direct.slice(0, 7)} is not authorized: no-pr`);
  });

  it.each([
    ['an authorized revision', () => merged, 0, 'is authorized', '1 of 1 approvals needed'],
    ['a direct push', () => direct, 1, 'is denied', 'no-pr'],
  ])('verify explains %s', async (_, revision, exit, verdict, evidence) => {
    const { code, stdout, stderr } = await bench.holdfast('verify', revision());
    expect({ code, stderr }).toEqual({ code: exit, stderr: '' });
    expect(stdout).toContain(`${revision()} ${verdict}`);
    expect(stdout).toContain(evidence);
    const json = JSON.parse((await bench.holdfast('verify', revision(), '-o', 'json')).stdout) as object;
    expect(JSON.stringify(json)).not.toContain(bench.scenario.owner.token);
  });

  it('verify says so where the caller alone vouches for the start', async () => {
    const own = await bench.holdfast('verify', merged, '--from', bench.trustRoot);
    expect(own).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`from ${bench.trustRoot}, the last authorized`),
    });
    const given = await bench.holdfast('verify', bench.trustRoot, '--from', direct);
    expect(given).toMatchObject({ code: 1, stdout: expect.stringContaining('because --from names it') });
  });

  it.each([
    ['a direct push', () => direct],
    ['the trust root', () => bench.trustRoot],
  ])('verify proves nothing of %s by itself', async (_, revision) => {
    const { code, stdout, stderr } = await bench.holdfast('verify', revision(), '--from', revision());
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^holdfast: HF1501 .* is judged from itself/);
  });

  it('verify cannot tell while the forge is away', async () => {
    const { code, stdout } = await bench.holdfastWith(
      { HOLDFAST_FORGE_URL: 'http://127.0.0.1:1' },
      'verify',
      merged,
    );
    expect(code).toBe(2);
    expect(stdout).toContain('is not known to be authorized');
    expect(stdout).toContain('HF1401');
  });

  it.each([
    ['a revision that the repository does not have', ['verify', 'b'.repeat(40)], /^holdfast: HF1206 .*\n$/],
    ['a name instead of a revision', ['verify', 'main'], /full commit SHA/],
    ['a time that is none', ['sync', '--timeout', 'soon'], /number of seconds/],
    [
      'an unknown unit',
      ['sync', 'cart'],
      /^holdfast: HF1604 there is no unit cart; known are settings\. .*\n$/,
    ],
  ])('refuses %s', async (_, args, words) => {
    const { code, stdout, stderr } = await bench.holdfast(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(words);
  });

  it('sync has nothing to do where all is as declared', async () => {
    const { code, stdout } = await bench.holdfast('sync');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'All units are as declared: nothing to do.\n' });
  });

  it('sync puts drift right, and says how it goes on stderr and how it ended on stdout', async () => {
    await bench.kubectl('label', 'configmap', 'settings', '-n', bench.app, 'by-hand=yes');
    await bench.kubectl('patch', 'configmap', 'settings', '-n', bench.app, '-p', '{"data":{"colour":"red"}}');
    await bench.alert(['DRIFT', 'settings', 'red']);
    await waitUntil('the status', async () => (await bench.holdfast('status')).code === 1);
    const { code, stdout, stderr } = await bench.holdfast('sync');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^settings Succeeded \(settings-[0-9a-f]{8}-[0-9a-f]{8}\): 1 applied, all as declared/,
    );
    expect(stderr).toContain('settings: Succeeded');
    await bench.alert(['RESOLVED', 'settings']);
  });

  it('sync does not wait when told so', async () => {
    const { code, stdout } = await bench.holdfast('sync', 'settings', '--no-wait');
    expect(code).toBe(0);
    const name = /^(settings-\S+) asked for\n$/.exec(stdout)?.[1];
    await waitUntil('its end', async () =>
      (await bench.syncs()).some(
        ({ metadata, status }) => metadata.name === name && status?.phase === 'Succeeded',
      ),
    );
  });

  it('a Sync that names a revision without authorization is refused with the reasons, and nothing is applied', async () => {
    const before = await bench.colour();
    await bench.apply(`apiVersion: holdfast.dev/v1alpha1
kind: Sync
metadata:
  name: sneaky
  namespace: ${bench.namespace}
spec:
  unit: settings
  revision: ${direct}
  reason: request
`);
    const sync = await bench.synced('settings', direct);
    expect(sync.status).toMatchObject({ phase: 'Refused', authorization: { verdict: 'denied' } });
    expect(sync.status?.message).toMatch(/^HF1501 the revision is not authorized: /);
    expect(sync.status?.authorization?.reasons).not.toEqual([]);
    expect(await bench.colour()).toBe(before);
  });
});

describe('with a converger that does not answer', () => {
  it('sync says after its time that the end is not known', async () => {
    await bench.kill();
    const { code, stdout, stderr } = await bench.holdfast('sync', 'settings', '--timeout', '1');
    expect(code).toBe(2);
    expect(stdout).toMatch(/^settings Pending \(/);
    expect(stderr).toContain('the wait is over, the sync is not: look with `holdfast status`');
  });
});
