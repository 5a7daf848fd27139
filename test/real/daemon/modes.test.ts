import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../sandbox/processes/run.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';
import { Connection } from '../../../src/cluster/connection.ts';
import { clusterAuditRecords } from '../../../src/converge/audit/audit-records.ts';
import { type DaemonBench, daemonBench } from '../support/daemon.ts';
import type { Files } from '../support/pulls.ts';
import { configMap, settingsOf } from '../support/settings.ts';

/** What a running daemon converges by itself, what holds it, and what it keeps of it. Units: settings, eager, quiet. */
let bench: DaemonBench;
let clone: string;

const graceSeconds = 3;
const rules = (more = '') => `converge:
  units:
    - { unit: eager, mode: on-merge-and-drift, graceMinutes: ${graceSeconds / 60} }
    - { unit: quiet, mode: alert-only }
${more}`;
const of = (unit: string, colour: string): Files => ({
  [`manifests/${unit}/${unit}.yaml`]: configMap(bench.app, unit, { colour }),
});

beforeAll(async () => {
  bench = await daemonBench({
    files: app => ({
      ...settingsOf(app),
      'manifests/eager/eager.yaml': configMap(app, 'eager', { colour: 'green' }),
      'manifests/quiet/quiet.yaml': configMap(app, 'quiet', { colour: 'green' }),
      'holdfast.yaml': rules(),
    }),
    env: { HOLDFAST_KEEP_COUNT: '10' },
  });
  bench.start();
  await bench.synced('settings', bench.trustRoot);
  await bench.synced('eager', bench.trustRoot);
  clone = mkdtempSync(join(tmpdir(), 'holdfast-modes-'));
  const { code, stderr } = await runCommand('git', [
    'clone',
    '--quiet',
    bench.scenario.cloneUrl(bench.author),
    clone,
  ]);
  if (code !== 0) throw new Error(stderr);
});

afterAll(async () => {
  await bench?.close();
  if (clone !== undefined) rmSync(clone, { recursive: true, force: true });
});

async function colourOf(name: string): Promise<string> {
  const path = [
    'get',
    'configmap',
    name,
    '-n',
    bench.app,
    '--ignore-not-found',
    '-o',
    'jsonpath={.data.colour}',
  ];
  return bench.kubectl(...path);
}

const paint = (name: string, colour: string) =>
  bench.kubectl('patch', 'configmap', name, '-n', bench.app, '-p', JSON.stringify({ data: { colour } }));

async function verdictOf(unit: string): Promise<string | undefined> {
  const { stdout } = await bench.holdfast('status');
  return stdout.split('\n').find(line => line.includes(unit));
}

const drifted = (unit: string) =>
  bench.until(`${unit} to be told as drifted`, async () => /drifted/.test((await verdictOf(unit)) ?? ''));

describe('a unit that is alert-only', () => {
  it('is compared and told, and no merge converges it', async () => {
    await drifted('quiet');

    expect(await colourOf('quiet')).toBe('');
    expect((await bench.syncs()).filter(({ spec }) => spec.unit === 'quiet')).toEqual([]);
  });

  it('has a plan, which changes nothing', async () => {
    const { code, stdout } = await bench.holdfast('sync', '--dry-run', 'quiet', '--repository', clone);

    expect([code, stdout]).toEqual([1, expect.stringContaining('create ConfigMap')]);
    expect(await colourOf('quiet')).toBe('');
  });

  it('is converged when somebody asks', async () => {
    const { code } = await bench.holdfast('sync', 'quiet');

    expect([code, await colourOf('quiet')]).toEqual([0, 'green']);
    const planned = await bench.holdfast('sync', '--dry-run', 'quiet', '--repository', clone, '-o', 'json');
    expect([planned.code, JSON.parse(planned.stdout)]).toMatchObject([0, [{ unit: 'quiet', actions: [] }]]);
  });
});

describe('a hand edit', () => {
  it('is put right after the grace time in the one mode, and told alone in the others', async () => {
    await paint('settings', 'red');
    await paint('quiet', 'red');
    await Promise.all([drifted('settings'), drifted('quiet')]);
    const began = performance.now();
    await paint('eager', 'red');

    await bench.until('eager to be put right', async () => (await colourOf('eager')) === 'green');

    expect(performance.now() - began).toBeGreaterThan(graceSeconds * 1_000 - 100);
    expect([await colourOf('settings'), await colourOf('quiet')]).toEqual(['red', 'red']);
    const reasons = (await bench.syncs()).map(({ spec }) => `${spec.unit} ${spec.reason}`);
    expect(reasons).toContain('eager drift');
    expect(reasons).not.toContain('settings drift');
    expect(reasons).not.toContain('quiet drift');
  });
});

const pendingOf = (unit: string, revision: string) =>
  bench.until(`the sync of ${unit} to wait`, async () => {
    const found = (await bench.syncs()).find(({ spec }) => spec.unit === unit && spec.revision === revision);
    return found?.status?.message?.startsWith('waits: frozen') === true ? found : undefined;
  });

describe('a freeze', () => {
  it('by hand holds the unit that it names and no other, until it is lifted', async () => {
    const made = await bench.holdfast('freeze', 'settings', '--reason', 'release day', '--for', '2h');
    const [, name = ''] = /^(freeze-\w+): settings frozen/.exec(made.stdout) ?? [];
    const tip = await bench.land({ ...of('settings', 'blue'), ...of('eager', 'blue') });

    const held = await pendingOf('settings', tip);
    const other = await bench.synced('eager', tip);
    const listed = await bench.holdfast('freeze');
    const heldColour = await colourOf('settings');
    const lifted = await bench.holdfast('unfreeze', name);
    const ended = await bench.synced('settings', tip);

    expect(held.status).toMatchObject({
      phase: 'Pending',
      message: expect.stringContaining(`(${name}): release day`),
    });
    expect(other.status?.phase).toBe('Succeeded');
    expect(listed.stdout).toContain('release day');
    expect(heldColour).toBe('red');
    expect([lifted.code, ended.status?.phase, await colourOf('settings')]).toEqual([0, 'Succeeded', 'blue']);
  });

  it('by a window of the merged revision holds until a merge takes it away, and what waited is superseded', async () => {
    const window = `freezes:\n  - { reason: the holidays, dates: { from: 2020-01-01, to: 2999-12-31 }, units: [eager] }\n`;
    const frozen = await bench.land({ ...of('eager', 'white'), 'holdfast.yaml': rules(window) });
    const held = await pendingOf('eager', frozen);

    const open = await bench.land({ ...of('eager', 'black'), 'holdfast.yaml': rules() });
    const ended = await bench.synced('eager', open);

    expect(held.status?.message).toContain('the holidays');
    expect([ended.status?.phase, await colourOf('eager')]).toEqual(['Succeeded', 'black']);
    expect((await bench.synced('eager', frozen)).status?.phase).toBe('Superseded');
  });
});

describe('the trail', () => {
  it('has every verdict, sync and freeze, as lines and as JSON', async () => {
    const text = await bench.holdfast('log', '--unit', 'eager');
    const json = await bench.holdfast('log', '-o', 'jsonl');

    const entries = json.stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { what: string; outcome: string; unit?: string; time: string });
    expect(new Set(entries.map(({ what }) => what))).toEqual(
      new Set(['verdict', 'sync', 'freeze', 'unfreeze']),
    );
    expect(entries.filter(({ unit }) => unit === 'eager').map(({ outcome }) => outcome)).toContain(
      'Superseded',
    );
    const times = entries.map(({ time }) => Date.parse(time));
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(text.stdout).toMatch(/sync eager \w{7}/);
    expect(text.stdout).not.toMatch(/settings/);
  });

  it('is kept by count, and no unit loses what tells that it is due', async () => {
    await bench.stop();
    const connection = await Connection.open({ kubeconfig: bench.env['KUBECONFIG'] ?? '' });
    const records = clusterAuditRecords(new Cluster(connection), bench.namespace);
    for (let count = 0; count < 15; count += 1)
      await records.add({ action: 'sync', outcome: 'refused', by: 'ann', via: 'test', reason: `${count}` });
    const before = await bench.syncs();

    bench.start();
    await bench.until('the oldest to be gone', async () => (await records.list()).length === 10);

    connection.close();
    const newest = (syncs: typeof before) =>
      syncs.filter(({ spec }) => spec.reason === 'merge').map(({ spec }) => spec.unit);
    expect(new Set(newest(await bench.syncs()))).toEqual(new Set(newest(before)));
    await bench.ready();
    expect(await colourOf('eager')).toBe('black');
  });
});
