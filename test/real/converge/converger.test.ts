import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { startControlPlane } from '../../../sandbox/control-plane/start.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';
import type { Connection } from '../../../src/cluster/connection.ts';
import { Converger } from '../../../src/converge/converger.ts';
import { type ConvergerParts, defaultTiming } from '../../../src/converge/parts.ts';
import { isFinal, phaseOf, type Sync } from '../../../src/converge/sync.ts';
import { clusterSyncs, type SyncStore } from '../../../src/converge/sync-store.ts';
import { kubernetesDriver } from '../../../src/drivers/kubernetes/driver.ts';
import type { Authorization } from '../../../src/gate/authorization.ts';
import { mustKubectl, readObject, uniqueNamespace } from '../support/kubectl.ts';
import { waitUntil } from '../support/wait-until.ts';
import { declaredFrom } from './declared.ts';
import { installCrds, openConnection } from './support.ts';

const revision = 'b'.repeat(40);
const pull = {
  number: 7,
  url: 'https://forge.example/7',
  title: 't',
  author: 'ann',
  approvers: ['bob'],
  mergeCommit: revision,
};

let connection: Connection;
let own: string;
let namespace: string;
let syncs: SyncStore;
let stops: (() => Promise<void>)[];

beforeAll(async () => {
  await installCrds();
  connection = await openConnection();
});

beforeEach(async () => {
  [own, namespace] = [await uniqueNamespace('holdfast'), await uniqueNamespace('shop')];
  syncs = clusterSyncs(new Cluster(connection), own);
  stops = [];
});

afterEach(async () => {
  for (const stop of stops) await stop();
});

const configs = (count: number, where = namespace) =>
  Array.from(
    { length: count },
    (_, index) =>
      `{apiVersion: v1, kind: ConfigMap, metadata: {name: c${index}, namespace: ${where}}, data: {a: '1'}}`,
  ).join('\n---\n');

const authorized = async (): Promise<Authorization> => ({
  verdict: 'authorized',
  from: 'a'.repeat(40),
  revision,
  pulls: [pull],
  digest: 'd',
});

function start(manifests: string, more: Partial<ConvergerParts> = {}): void {
  const driver = kubernetesDriver({ connection });
  const converger = new Converger({
    syncs,
    driverOf: () => driver,
    authorize: authorized,
    authorizedRevisions: async () => [revision],
    declarationAt: () => declaredFrom({ 'manifests/shop/all.yaml': manifests }, revision),
    holder: 'second',
    timing: { ...defaultTiming, retryMs: 100, recordPauseMs: 100 },
    now: () => new Date(),
    ...more,
  });
  const stop = new AbortController();
  const running = converger.run(stop.signal);
  stops.push(() => {
    stop.abort();
    return running;
  });
}

const ask = () => syncs.create({ unit: 'shop', revision, reason: 'merge' });

const ended = (sync: Sync, store = syncs): Promise<Sync> =>
  waitUntil(
    'the sync to end',
    async () => {
      const found = await store.get(sync.metadata.name);
      return found !== undefined && isFinal(phaseOf(found)) && found;
    },
    50_000,
  );

describe('a Sync on the server', () => {
  it('is carried out and shows its pull request, approver and plan to kubectl', async () => {
    start(configs(2));

    const sync = await ended(await ask());
    const table = await mustKubectl('get', 'syncs', '-n', own);

    expect(sync.metadata['labels']).toEqual({ 'holdfast.dev/unit': 'shop' });
    expect(sync.status).toMatchObject({
      phase: 'Succeeded',
      resultCounts: { applied: 2, failed: 0, skipped: 0 },
    });
    for (const part of ['shop', 'Succeeded', '7', 'bob', sync.status?.plan?.digest ?? 'no digest'])
      expect(table).toContain(part);
  });

  it('puts a hand edit right when it is asked for', async () => {
    start(configs(2));
    await ended(await ask());
    await mustKubectl(
      'patch',
      'configmap',
      'c1',
      '-n',
      namespace,
      '--type=merge',
      '-p',
      '{"data":{"a":"2","b":"3"}}',
    );

    const { status } = await ended(
      await syncs.create({ unit: 'shop', revision, reason: 'drift', requestedBy: 'ann' }),
    );

    expect(status).toMatchObject({
      phase: 'Succeeded',
      plan: { changes: 1, actions: [{ paths: ['/data/a', '/data/b'] }] },
    });
    expect((await readObject('configmap', 'c1', namespace))?.['data']).toEqual({ a: '1' });
  });

  it('is refused with reasons when the gate denies, and nothing is applied', async () => {
    const reasons = [{ code: 'no-pr', message: 'pushed without a pull request', commits: [revision] }];
    const from = 'a'.repeat(40);
    start(configs(1), {
      authorize: async () => ({
        verdict: 'denied',
        from,
        revision,
        reasons,
        pulls: [],
        digest: 'd',
        upTo: from,
      }),
    });

    const { status } = await ended(await ask());

    expect(status).toMatchObject({
      phase: 'Refused',
      message: expect.stringContaining('pushed without a pull request'),
    });
    expect(await readObject('configmap', 'c0', namespace)).toBeUndefined();
  });

  it('stays open while the gate cannot tell, and nothing is applied', async () => {
    let asked = 0;
    start(configs(1), {
      authorize: async () => {
        asked += 1;
        throw new Error('the forge is down');
      },
    });
    const sync = await ask();

    await waitUntil('three questions', () => asked >= 3);
    const found = await syncs.get(sync.metadata.name);

    expect(found?.status).toMatchObject({ phase: 'Authorizing', message: expect.stringContaining('HF1502') });
    expect(await readObject('configmap', 'c0', namespace)).toBeUndefined();
  });

  it('is taken up by another converger when the first is killed in the middle', async () => {
    const count = 200;
    const file = join(mkdtempSync(join(tmpdir(), 'holdfast-converge-')), 'all.yaml');
    writeFileSync(file, configs(count));
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'worker.ts'), inject('kubeconfig'), own, file, revision, 'first'],
      { stdio: 'inherit' },
    );
    stops.push(async () => void child.kill('SIGKILL'));
    const sync = await ask();
    await waitUntil(
      'some results',
      async () => ((await syncs.get(sync.metadata.name))?.status?.resultCounts?.applied ?? 0) > 0,
      40_000,
    );
    await killed(child);
    const left = await syncs.get(sync.metadata.name);

    start(configs(count));
    const { status } = await ended(sync);

    expect(left?.status).toMatchObject({ phase: 'Applying', holder: 'first' });
    expect(left?.status?.resultCounts?.applied).toBeLessThan(count);
    expect(status).toMatchObject({
      phase: 'Succeeded',
      holder: 'second',
      attempts: 2,
      resultCounts: { applied: count, failed: 0, skipped: 0 },
    });
    const names = await mustKubectl('get', 'configmaps', '-n', namespace, '-o', 'name');
    expect(names.split('\n').filter(name => /\/c\d+$/.test(name))).toHaveLength(count);
  }, 120_000);
});

it('waits out an API server that dies in the middle of a sync', async () => {
  const plane = await startControlPlane({ controllers: false });
  stops.push(() => plane.stop());
  const other = await openConnection(plane.kubeconfig);
  const store = clusterSyncs(new Cluster(other), 'default');
  const crds = await runKubectl(plane.kubectl, [
    '--kubeconfig',
    plane.kubeconfig,
    'apply',
    '-f',
    'manifests/holdfast/crds',
  ]);
  expect(crds).toBe(0);
  await waitUntil(
    'the CRDs to be served',
    async () => (await store.list().catch(() => undefined)) !== undefined,
  );
  const driver = kubernetesDriver({ connection: other });
  start(configs(200, 'default'), { syncs: store, driverOf: () => driver });
  const sync = await store.create({ unit: 'shop', revision, reason: 'merge' });
  await waitUntil(
    'some results',
    async () => ((await store.get(sync.metadata.name))?.status?.resultCounts?.applied ?? 0) > 0,
    40_000,
  );

  await plane.killApiServer();
  await plane.startApiServer();
  const { status } = await ended(sync, store);

  expect(status).toMatchObject({
    phase: 'Succeeded',
    attempts: 1,
    resultCounts: { applied: 200, failed: 0 },
  });
});

function runKubectl(binary: string, args: string[]): Promise<number | null> {
  return new Promise(resolve => spawn(binary, args, { stdio: 'ignore' }).on('exit', resolve));
}

function killed(child: ChildProcess): Promise<void> {
  return new Promise(resolve => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}
