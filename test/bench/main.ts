import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { dump } from 'js-yaml';
import { z } from 'zod';
import { startControlPlane } from '../../sandbox/control-plane/start.ts';
import { stopOnSignals } from '../../sandbox/processes/signals.ts';
import { openWorkplace } from '../../sandbox/processes/workplace.ts';
import { holdfast } from '../../sandbox/shop/daemon.ts';
import { Connection } from '../../src/cluster/connection.ts';
import type { JsonObject } from '../../src/json/json.ts';
import { applyAll, createAll } from './fill.ts';
import { listAll } from './list.ts';
import { type Measured, measured } from './measure.ts';
import { benchSet, sizeOf } from './set.ts';

/**
 * Figures beside `kubectl diff --server-side` and a bare paged LIST with parsing, on one server in one run: a cold `holdfast diff`,
 * and the observer as the daemon runs it. `BENCH_SIZES` (5000) and `BENCH_WAYS` (us; also apply, create: as kubectl leaves it, with its field managers and its annotation, by requests since its own take many minutes) say what is
 * compared; kubectl diff is run up to `BENCH_PEER_MOST` objects (5000), the observer makes `BENCH_EDITS` (200) edits.
 */
const sizes = (process.env['BENCH_SIZES'] ?? '5000').split(',').map(Number);
const ways = (process.env['BENCH_WAYS'] ?? 'us').split(',');
const peerMost = Number(process.env['BENCH_PEER_MOST'] ?? '5000');
const edits = process.env['BENCH_EDITS'] ?? '200';
const runs = 3;
const say = (line: string) => process.stdout.write(`${line}\n`);

async function bench(total: number, way: string): Promise<void> {
  const workplace = openWorkplace('bench');
  const plane = await startControlPlane({ controllers: false });
  stopOnSignals(async () => {
    await plane.stop();
    await workplace.close();
  });
  const { kubeconfig } = plane;
  const connection = await Connection.open({ kubeconfig });
  try {
    const objects = benchSet(sizeOf(total));
    const folder = workplace.path('manifests');
    writeSet(folder, objects);
    const took = await seconds(() =>
      way === 'us' ? applyAll(connection, objects) : createAll(connection, objects, way === 'apply'),
    );
    const who = way === 'us' ? 'applied by us' : `as by kubectl ${way}`;
    say(`\n${objects.length} objects, ${who} in ${took.toFixed(1)} s; load ${loadavg()[0]?.toFixed(1)}`);
    await listAll(connection);
    const list = await seconds(() => listAll(connection));
    say(`${'bare paged LIST with parsing'.padEnd(32)}${list.toFixed(2)} s`);
    // the first run of all keeps compiled code for those after it
    await measured(holdfast, ['--version']);
    const ours = await bestRun(holdfast, ['diff', folder, '--kubeconfig', kubeconfig]);
    row('holdfast diff, cold', ours, list);
    if (total <= peerMost) {
      const options = ['--server-side', '--force-conflicts', '--recursive', '-f', folder];
      const peer = await measured(plane.kubectl, ['--kubeconfig', kubeconfig, 'diff', ...options]);
      row('kubectl diff --server-side', peer, list);
      say(`holdfast is ${(peer.seconds / ours.seconds).toFixed(1)} times faster`);
    }
    await observing(kubeconfig, folder);
    say(`load at the end ${loadavg()[0]?.toFixed(1)}`);
  } finally {
    connection.close();
    await plane.stop();
    await workplace.close();
  }
}

const figures = z.object({
  list: z.number(),
  firstVerdict: z.number(),
  firstDryRuns: z.number(),
  edits: z.number(),
  median: z.number(),
  p99: z.number(),
  idle: z.number(),
  storm: z.number(),
  stormDryRuns: z.number(),
  revision: z.number(),
  afterStart: z.number(),
  memoryMb: z.number(),
});

/** The observer in a process of its own, as its memory and its share of a core are measured. */
async function observing(kubeconfig: string, folder: string): Promise<void> {
  const program = new URL('./observing.ts', import.meta.url).pathname;
  const { stdout } = await measured(process.execPath, [
    '--max-semi-space-size=8', // as bin/holdfast has it
    program,
    kubeconfig,
    folder,
    edits,
  ]);
  const of = figures.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  const line = (name: string, value: string) => say(`  ${name.padEnd(46)}${value}`);
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  say(`the observer, all in one unit (LIST with parsing in its process ${ms(of.list)})`);
  line(
    'first verdict, declared state in hand',
    `${ms(of.firstVerdict)}, ${(of.firstVerdict / of.list).toFixed(1)} times the LIST, ${of.firstDryRuns} dry runs`,
  );
  line(`edit to finding, ${of.edits} edits`, `median ${ms(of.median)}, 99% ${ms(of.p99)}`);
  line('drift made while it was down, from its start', ms(of.afterStart));
  line('10 files changed by a revision', ms(of.revision));
  line('100 statuses a second', `${(of.storm * 100).toFixed(1)}% of a core, ${of.stormDryRuns} dry runs`);
  line('idle', `${(of.idle * 100).toFixed(2)}% of a core`);
  line('memory at most', `${of.memoryMb.toFixed(0)} MB`);
}

function row(name: string, { seconds: took, memoryMb, code }: Measured, list: number): void {
  const memory = memoryMb === undefined ? '' : `${memoryMb.toFixed(0)} MB`;
  say(
    `${name.padEnd(32)}${took.toFixed(2)} s   ${memory.padEnd(8)} exit ${code}   ${(took / list).toFixed(1)} times the LIST`,
  );
}

/** Each object in a file of its own, as YAML without anchors. */
function writeSet(folder: string, objects: readonly JsonObject[]): void {
  mkdirSync(folder);
  for (const [index, object] of objects.entries())
    writeFileSync(`${folder}/${String(index).padStart(6, '0')}.yaml`, dump(object, { noRefs: true }));
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

async function bestRun(program: string, args: readonly string[]): Promise<Measured> {
  const all: Measured[] = [];
  for (let run = 0; run < runs; run += 1) all.push(await measured(program, args));
  return all.toSorted((a, b) => a.seconds - b.seconds)[0] ?? { seconds: 0, memoryMb: 0, code: 1, stdout: '' };
}

for (const total of sizes) for (const way of ways) await bench(total, way);
