/** The audit trail of a running daemon: in the cluster, on the forge, in Git, and what `holdfast log` makes of it. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { Cluster } from '../../../src/cluster/cluster.ts';
import { Connection } from '../../../src/cluster/connection.ts';
import { clusterAuditRecords } from '../../../src/converge/audit/audit-records.ts';
import { type DaemonBench, daemonBench } from '../support/daemon.ts';
import { configMap, settingsOf } from '../support/settings.ts';

const run = promisify(execFile);
const line = z.looseObject({
  what: z.string(),
  outcome: z.string(),
  name: z.string(),
  unit: z.string().optional(),
  revision: z.string().optional(),
  pulls: z.array(z.number()).optional(),
  approvers: z.array(z.string()).optional(),
});

const blue = (app: string) => ({
  'manifests/settings/settings.yaml': configMap(app, 'settings', { colour: 'blue' }),
});

async function logged({ holdfast }: DaemonBench) {
  const { code, stdout } = await holdfast('log', '-o', 'jsonl');
  expect(code).toBe(0);
  return stdout
    .split('\n')
    .filter(text => text !== '')
    .map(text => line.parse(JSON.parse(text)));
}

/** The lines of a commit's note, read with git alone, as anybody may. */
async function notesOf({ scenario, author }: DaemonBench, commit: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-clone-'));
  const git = async (...args: string[]) => (await run('git', ['-C', folder, ...args])).stdout;
  try {
    await git('init', '-q');
    const refs = ['+refs/heads/main:refs/heads/seen', '+refs/notes/holdfast:refs/notes/holdfast'];
    await git('fetch', '-q', scenario.cloneUrl(author), ...refs);
    return (await git('notes', '--ref=holdfast', 'show', commit)).split('\n').filter(text => text !== '');
  } catch {
    return [];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

it('tells of a merge from its verdict to its sync, everywhere, and of nothing secret', async context => {
  const bench = await daemonBench({
    files: app => ({ ...settingsOf(app), 'holdfast.yaml': 'audit:\n  gitNotes: true\n' }),
  });
  context.onTestFinished(() => bench.close());
  bench.start();
  await bench.synced('settings', bench.trustRoot);
  const merged = await bench.land(blue(bench.app));
  expect((await bench.synced('settings', merged)).status?.phase).toBe('Succeeded');

  const trail = (await logged(bench)).filter(({ revision }) => revision === merged);
  expect(trail).toMatchObject([
    { what: 'verdict', outcome: 'authorized', approvers: [bench.approver.login] },
    { what: 'sync', outcome: 'Succeeded', unit: 'settings', approvers: [bench.approver.login] },
  ]);

  const statusAt = `/repos/${bench.scenario.repository}/commits/${merged}/status`;
  await bench.until('the status of the merged commit', async () => {
    const { json } = await bench.scenario.api.call(bench.author.token, 'GET', statusAt);
    const shown = z.object({
      statuses: z.array(z.object({ context: z.string(), status: z.string() })).nullable(),
    });
    return shown
      .parse(json)
      .statuses?.some(one => one.context === 'holdfast/sync' && one.status === 'success');
  });

  const notes = await bench.until('both lines in the note of the merged commit', async () => {
    const lines = await notesOf(bench, merged);
    return lines.length > 1 ? lines : undefined;
  });
  expect(notes.map(text => line.parse(JSON.parse(text)))).toMatchObject([
    { what: 'verdict', outcome: 'authorized', name: trail[0]?.name },
    { what: 'sync', outcome: 'Succeeded', name: trail[1]?.name },
  ]);
  for (const secret of [bench.scenario.owner.token, bench.webhookSecret])
    expect(notes.join()).not.toContain(secret);
});

it('pushes no notes unless holdfast.yaml says so, and believes none', async context => {
  const bench = await daemonBench();
  context.onTestFinished(() => bench.close());
  bench.start();
  await bench.synced('settings', bench.trustRoot);
  const { scenario, author } = bench;
  const evil = await scenario.commit(author, 'main', blue(bench.app));
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-forger-'));
  context.onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const git = (...args: string[]) =>
    run('git', [
      '-C',
      folder,
      '-c',
      'user.name=Holdfast',
      '-c',
      'user.email=holdfast@noreply.invalid',
      ...args,
    ]);
  await git('init', '-q');
  await git('fetch', '-q', scenario.cloneUrl(author), 'main');
  const forged = JSON.stringify({ what: 'verdict', outcome: 'authorized', revision: evil });
  await git('notes', '--ref=holdfast', 'add', '-m', forged, evil);
  await git('push', '-q', scenario.cloneUrl(author), 'refs/notes/holdfast');

  await bench.until('the refusal', async () =>
    (await logged(bench)).some(({ revision, outcome }) => revision === evil && outcome === 'denied'),
  );
  expect(await bench.colour()).toBe('green');
  expect(await notesOf(bench, bench.trustRoot)).toEqual([]);
});

it('holds by hand, says so with what waits, and goes on when that is lifted', async context => {
  const bench = await daemonBench();
  context.onTestFinished(() => bench.close());
  bench.start();
  await bench.synced('settings', bench.trustRoot);
  const frozen = await bench.holdfast('freeze', 'settings', '--reason', 'the auditors are here');
  expect(frozen.code).toBe(0);
  const merged = await bench.land(blue(bench.app));
  await bench.until('a sync that waits', async () =>
    (await bench.syncs()).find(
      ({ spec, status }) =>
        spec.revision === merged && status?.message?.includes('the auditors are here') === true,
    ),
  );
  expect(await bench.colour()).toBe('green');

  expect((await bench.holdfast('unfreeze', '--all')).code).toBe(0);
  expect((await bench.synced('settings', merged)).status?.phase).toBe('Succeeded');
  const words = (await logged(bench)).map(({ what }) => what);
  expect(words).toEqual(expect.arrayContaining(['freeze', 'unfreeze', 'verdict', 'sync']));
});

it('keeps so many records, and lets the oldest go', async context => {
  const bench = await daemonBench({ env: { HOLDFAST_KEEP_COUNT: '10' } });
  context.onTestFinished(() => bench.close());
  const connection = await Connection.open({ kubeconfig: bench.converger });
  context.onTestFinished(() => connection.close());
  const records = clusterAuditRecords(new Cluster(connection), bench.namespace);
  const asked = { action: 'rollback', outcome: 'refused', by: 'somebody', via: 'cli' } as const;
  for (let number = 0; number < 14; number += 1) await records.add({ ...asked, reason: `number ${number}` });
  bench.start();

  const kept = await bench.until('ten of them', async () => {
    const list = await records.list();
    return list.length <= 10 ? list : undefined;
  });
  expect(kept).toHaveLength(10);
  expect((await logged(bench)).filter(({ what }) => what === 'request')).toHaveLength(10);
});
