import { setTimeout as sleep } from 'node:timers/promises';
import { startControlPlane } from '../../sandbox/control-plane/start.ts';
import { runCommand } from '../../sandbox/processes/run.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { Connection } from '../../src/cluster/connection.ts';
import { touchedBy, verify } from '../../src/converge/attempt/verify.ts';
import { Converger } from '../../src/converge/converger.ts';
import { clusterInventories } from '../../src/converge/inventory/inventories.ts';
import { defaultTiming } from '../../src/converge/parts.ts';
import { isFinal, phaseOf } from '../../src/converge/sync.ts';
import { clusterSyncs } from '../../src/converge/sync-store.ts';
import type { Declaration } from '../../src/declared/declaration.ts';
import { kubernetesDriver } from '../../src/drivers/kubernetes/driver.ts';
import { declaredFrom } from '../real/converge/declared.ts';

/**
 * A merge that changes 50 of 5,000 objects: how long planning takes, and applying and verifying beside a bare loop of 50 patches;
 * then a whole Sync with its record. Exits 1 when planning takes 2 s or more, or applying and verifying more than twice the bare
 * loop. `CONVERGE_SIZE` is another size.
 */
const size = Number(process.env['CONVERGE_SIZE'] ?? 5_000);
const changed = 50;
const plane = await startControlPlane({ controllers: false });
const connection = await Connection.open({ kubeconfig: plane.kubeconfig });
const cluster = new Cluster(connection);
const driver = kubernetesDriver({ connection });
const { signal } = new AbortController();

const manifests = (version: number) =>
  Array.from(
    { length: size },
    (_, index) =>
      `{apiVersion: v1, kind: ConfigMap, metadata: {name: c${index}, namespace: default}, data: {a: '${index < changed ? version : 0}'}}`,
  ).join('\n---\n');

const revisionOf = (version: number) => String(version).padStart(40, '0');
const declarations = new Map<string, Declaration>();
async function declare(version: number): Promise<Declaration> {
  const revision = revisionOf(version);
  const declaration = await declaredFrom({ 'manifests/shop/all.yaml': manifests(version) }, revision);
  declarations.set(revision, declaration);
  return declaration;
}

async function apply(version: number) {
  const declaration = await declare(version);
  const [unit] = declaration.units;
  if (unit === undefined) throw new Error('nothing is declared');
  const began = performance.now();
  const plan = await driver.plan(unit, declaration);
  const planned = performance.now();
  const options = { onResource: () => undefined, signal, healthTimeoutMs: 60_000 };
  const applied = await driver.apply(unit, declaration, plan, options);
  const appliedMs = performance.now() - planned;
  const ready = { unit, declaration, driver };
  const touched = touchedBy(plan, applied, appliedMs);
  const verified = await verify(ready, { verifyMs: 10_000, verifyPauseMs: 50 }, signal, touched);
  if (verified.as !== 'declared') throw new Error(JSON.stringify(verified));
  const restMs = performance.now() - planned;
  return { planMs: planned - began, appliedMs, restMs, count: applied.length };
}

async function bareLoop(): Promise<number> {
  const kind = (await cluster.kinds()).find('v1', 'ConfigMap');
  if (kind === undefined) throw new Error('no ConfigMaps');
  const began = performance.now();
  for (let index = 0; index < changed; index += 1) {
    const name = `c${index}`;
    const metadata = { name, namespace: 'default' };
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: 'bare' } };
    await cluster.apply({ kind, namespace: 'default', name }, body, { dryRun: false });
  }
  return performance.now() - began;
}

/** From the request to the end of a Sync, once for the first time and once for the change. */
async function wholeSync(versions: readonly number[]): Promise<number> {
  for (const args of [
    ['apply', '--server-side', '-f', 'manifests/holdfast/crds'],
    ['wait', '--for=condition=Established', '-f', 'manifests/holdfast/crds'],
  ]) {
    const { code, stderr } = await runCommand(plane.kubectl, ['--kubeconfig', plane.kubeconfig, ...args]);
    if (code !== 0) throw new Error(stderr);
  }
  cluster.forgetKinds();
  const syncs = clusterSyncs(cluster, 'default');
  const authorized: string[] = [];
  const stop = new AbortController();
  const converger = new Converger({
    syncs,
    inventories: clusterInventories(cluster, 'default'),
    driverOf: () => driver,
    authorize: async revision => ({ verdict: 'authorized', from: revision, revision, pulls: [], digest: '' }),
    authorizedRevisions: async () => authorized,
    declarationAt: async revision => {
      const declaration = declarations.get(revision);
      if (declaration === undefined) throw new Error('no such revision');
      return declaration;
    },
    holder: 'bench',
    timing: defaultTiming,
    now: () => new Date(),
  });
  const running = converger.run(stop.signal);
  let tookMs = 0;
  for (const version of versions) {
    await declare(version);
    const revision = revisionOf(version);
    authorized.unshift(revision);
    const began = performance.now();
    const { metadata } = await syncs.create({ unit: 'shop', revision, reason: 'merge' });
    for (;;) {
      const sync = await syncs.get(metadata.name);
      if (sync !== undefined && isFinal(phaseOf(sync))) {
        if (phaseOf(sync) !== 'Succeeded') throw new Error(JSON.stringify(sync.status?.message));
        break;
      }
      await sleep(20);
    }
    tookMs = performance.now() - began;
  }
  stop.abort();
  await running;
  return tookMs;
}

try {
  await apply(0);
  const figures = await apply(1);
  const bareMs = await bareLoop();
  const again = await apply(2);
  const syncMs = await wholeSync([3, 4]);
  const planMs = Math.min(figures.planMs, again.planMs);
  const restMs = Math.min(figures.restMs, again.restMs);
  const ms = (value: number) => `${Math.round(value)} ms`;
  process.stdout.write(
    `${size} objects, ${figures.count} changed: plan ${ms(planMs)} (at most 2000), ` +
      `applied ${ms(Math.min(figures.appliedMs, again.appliedMs))}, applied and verified ${ms(restMs)}, ` +
      `bare loop of ${changed} patches ${ms(bareMs)}; a whole Sync ${ms(syncMs)}\n`,
  );
  process.exitCode = planMs < 2_000 && restMs <= 2 * bareMs ? 0 : 1;
} finally {
  connection.close();
  await plane.stop();
}
