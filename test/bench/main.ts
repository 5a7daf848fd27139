import { mkdirSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { startControlPlane } from '../../sandbox/control-plane/start.ts';
import { stopOnSignals } from '../../sandbox/processes/signals.ts';
import { openWorkplace } from '../../sandbox/processes/workplace.ts';
import { holdfast } from '../../sandbox/shop/daemon.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { Connection } from '../../src/cluster/connection.ts';
import type { JsonObject } from '../../src/declared/declaration.ts';
import { type Measured, measured } from './measure.ts';
import { benchSet, sizeOf } from './set.ts';

/**
 * Figures of a cold `holdfast diff` beside `kubectl diff --server-side` and a bare paged LIST with parsing, on one server
 * in one run. `BENCH_SIZES` (5000) sets the sizes; kubectl is run up to `BENCH_PEER_MOST` objects (5000).
 */
const sizes = (process.env['BENCH_SIZES'] ?? '5000').split(',').map(Number);
const peerMost = Number(process.env['BENCH_PEER_MOST'] ?? '5000');
const runs = 3;
const say = (line: string) => process.stdout.write(`${line}\n`);

for (const total of sizes) await bench(total);

async function bench(total: number): Promise<void> {
  const workplace = openWorkplace('bench');
  const plane = await startControlPlane({ controllers: false });
  stopOnSignals(async () => {
    await plane.stop();
    await workplace.close();
  });
  const connection = await Connection.open({ kubeconfig: plane.kubeconfig });
  try {
    const objects = benchSet(sizeOf(total));
    const folder = workplace.path('manifests');
    writeSet(folder, objects);
    const cluster = new Cluster(connection, { inFlight: 16 });
    say(
      `\n${objects.length} objects, applied by us in ${(await seconds(() => applyAll(cluster, objects))).toFixed(1)} s`,
    );
    const list = await best(() => listAll(connection));
    say(`bare paged LIST with parsing    ${list.toFixed(2)} s`);
    const ours = await bestRun(holdfast, ['diff', folder, '--kubeconfig', plane.kubeconfig]);
    row('holdfast diff, cold', ours, list);
    if (total <= peerMost) {
      const peer = await measured(plane.kubectl, [
        '--kubeconfig',
        plane.kubeconfig,
        'diff',
        '--server-side',
        '--force-conflicts',
        '--recursive',
        '-f',
        folder,
      ]);
      row('kubectl diff --server-side', peer, list);
      say(`holdfast is ${(peer.seconds / ours.seconds).toFixed(1)} times faster`);
    }
  } finally {
    connection.close();
    await plane.stop();
    await workplace.close();
  }
}

function row(name: string, { seconds: took, memoryMb, code }: Measured, list: number): void {
  const memory = memoryMb === undefined ? '' : `${memoryMb.toFixed(0)} MB`;
  say(
    `${name.padEnd(32)}${took.toFixed(2)} s   ${memory.padEnd(8)} exit ${code}   ${(took / list).toFixed(1)} times the LIST`,
  );
}

/** Ten objects in a file, as people keep them. */
function writeSet(folder: string, objects: readonly JsonObject[]): void {
  mkdirSync(folder);
  for (let index = 0; index < objects.length; index += 10) {
    const items = objects.slice(index, index + 10).map(object => JSON.stringify(object, null, 2));
    writeFileSync(`${folder}/${String(index / 10).padStart(6, '0')}.yaml`, items.join('\n---\n'));
  }
}

async function applyAll(cluster: Cluster, objects: readonly JsonObject[]): Promise<void> {
  const kinds = await cluster.kinds();
  const identity = z.looseObject({
    apiVersion: z.string(),
    kind: z.string(),
    metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
  });
  const apply = async (object: JsonObject): Promise<void> => {
    const { apiVersion, kind: kindName, metadata } = identity.parse(object);
    const kind = kinds.find(apiVersion, kindName);
    if (kind === undefined) throw new Error(`the server does not serve ${kindName}`);
    const namespace = metadata.namespace;
    await cluster.apply(
      { kind, name: metadata.name, ...(namespace === undefined ? {} : { namespace }) },
      object,
      { dryRun: false },
    );
  };
  const queue = objects.values();
  for (const object of objects.filter(one => one['kind'] === 'Namespace')) await apply(object);
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (const object of queue) await apply(object);
    }),
  );
}

async function listAll(connection: Connection): Promise<void> {
  const page = z.looseObject({ metadata: z.looseObject({ continue: z.string().optional() }) });
  for (const path of [
    '/apis/apps/v1/deployments',
    '/api/v1/configmaps',
    '/api/v1/services',
    '/api/v1/secrets',
  ]) {
    let token: string | undefined;
    do {
      const { body } = await connection.request({ path, query: { limit: 500, continue: token } });
      token = page.parse(body).metadata.continue || undefined;
    } while (token !== undefined);
  }
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

async function best(work: () => Promise<void>): Promise<number> {
  const took: number[] = [];
  for (let run = 0; run < runs; run += 1) took.push(await seconds(work));
  return Math.min(...took);
}

async function bestRun(program: string, args: readonly string[]): Promise<Measured> {
  const all: Measured[] = [];
  for (let run = 0; run < runs; run += 1) all.push(await measured(program, args));
  return all.toSorted((a, b) => a.seconds - b.seconds)[0] ?? { seconds: 0, memoryMb: 0, code: 1, stdout: '' };
}
