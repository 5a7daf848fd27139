import { startControlPlane } from '../../sandbox/control-plane/start.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { Connection } from '../../src/cluster/connection.ts';
import { verify } from '../../src/converge/attempt/verify.ts';
import { kubernetesDriver } from '../../src/drivers/kubernetes/driver.ts';
import { declaredFrom } from '../real/converge/declared.ts';

/**
 * A merge that changes 50 of 5,000 objects: how long planning takes, and applying and verifying beside a bare loop of 50 patches.
 * Exits 1 when planning takes 2 s or more, or the rest more than twice the bare loop. `CONVERGE_SIZE` is another size.
 */
const size = Number(process.env['CONVERGE_SIZE'] ?? 5_000);
const changed = 50;
const plane = await startControlPlane({ controllers: false });
const connection = await Connection.open({ kubeconfig: plane.kubeconfig });
try {
  const cluster = new Cluster(connection);
  const driver = kubernetesDriver({ connection });
  const manifests = (version: number) =>
    Array.from(
      { length: size },
      (_, index) =>
        `{apiVersion: v1, kind: ConfigMap, metadata: {name: c${index}, namespace: default}, data: {a: '${index < changed ? version : 0}'}}`,
    ).join('\n---\n');
  const at = async (version: number) => {
    const revision = String(version).padStart(40, '0');
    const declaration = await declaredFrom({ 'manifests/shop/all.yaml': manifests(version) }, revision);
    const [unit] = declaration.units;
    if (unit === undefined) throw new Error('nothing is declared');
    return { unit, declaration, driver };
  };
  const signal = new AbortController().signal;
  const apply = async (version: number) => {
    const ready = await at(version);
    const { unit, declaration } = ready;
    const began = performance.now();
    const plan = await driver.plan(unit, declaration);
    const planned = performance.now();
    const options = { onResource: () => undefined, signal, healthTimeoutMs: 60_000 };
    const applied = await driver.apply(unit, declaration, plan, options);
    const verified = await verify(ready, { verifyMs: 10_000, verifyPauseMs: 50 }, signal);
    if (verified.as !== 'declared') throw new Error(JSON.stringify(verified));
    return { planMs: planned - began, restMs: performance.now() - planned, count: applied.length };
  };
  await apply(0);
  const figures = await apply(1);
  const kind = (await cluster.kinds()).find('v1', 'ConfigMap');
  if (kind === undefined) throw new Error('no ConfigMaps');
  const began = performance.now();
  for (let index = 0; index < changed; index += 1) {
    const name = `c${index}`;
    const body = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'default' },
      data: { a: '2' },
    };
    await cluster.apply({ kind, namespace: 'default', name }, body, { dryRun: false });
  }
  const bareMs = performance.now() - began;
  const ms = (value: number) => `${Math.round(value)} ms`;
  process.stdout.write(
    `${size} objects, ${figures.count} changed: plan ${ms(figures.planMs)} (at most 2000), ` +
      `applied and verified ${ms(figures.restMs)}, bare loop of ${changed} patches ${ms(bareMs)}\n`,
  );
  process.exitCode = figures.planMs < 2_000 && figures.restMs <= 2 * bareMs ? 0 : 1;
} finally {
  connection.close();
  await plane.stop();
}
