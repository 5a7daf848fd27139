import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { startControlPlane } from '../../../sandbox/control-plane/start.ts';
import { openWorkplace } from '../../../sandbox/processes/workplace.ts';
import { startStandIn } from './stand-in.ts';

/**
 * Two observers beside each other over 200 units and 100,000 objects (SCALE_UNITS, SCALE_OBJECTS in each), which a stand-in lists and
 * watches: how long until all is compared, what it holds, and how long an edit takes to be found.
 */
const size = {
  units: Number(process.env['SCALE_UNITS'] ?? '200'),
  objects: Number(process.env['SCALE_OBJECTS'] ?? '500'),
};
const mostMs = 600_000;
const lineSchema = z.union([
  z.object({ told: z.string() }),
  z.object({
    all: z.object({ declaredMs: z.number(), allMs: z.number(), residentMb: z.number(), mostMb: z.number() }),
  }),
]);
type All = Extract<z.output<typeof lineSchema>, { all: unknown }>['all'];

interface Observer {
  child: ChildProcess;
  all: All | undefined;
  told: Map<string, number>;
}

const plane = await startControlPlane({ controllers: false });
const workplace = openWorkplace('scale');
const standIn = await startStandIn(plane, size);
const observers: Observer[] = [];
try {
  const kubeconfig = workplace.path('kubeconfig');
  writeFileSync(kubeconfig, kubeconfigOf(standIn.url));
  for (let index = 0; index < 2; index += 1) observers.push(start(kubeconfig));
  await until('all to be compared', () => observers.every(({ all }) => all !== undefined));
  for (const [index, { all }] of observers.entries())
    if (all !== undefined)
      process.stdout.write(
        `observer ${index + 1}: ${size.units * size.objects} objects declared in ${seconds(all.declaredMs)} s, all compared after ${seconds(all.allMs)} s, ${all.residentMb.toFixed(0)} MB, at most ${all.mostMb.toFixed(0)} MB\n`,
      );
  process.stdout.write(`dry runs until then: ${standIn.dryRuns}\n`);
  const delays: number[] = [];
  for (let edit = 0; edit < 40; edit += 1) {
    const value = `edited-${edit}`;
    standIn.edit((edit * 37) % size.units, (edit * 11) % size.objects, value);
    const began = performance.now();
    await until(`edit ${edit} to be found by both`, () => observers.every(({ told }) => told.has(value)));
    for (const { told } of observers) delays.push((told.get(value) ?? Number.NaN) - began);
  }
  delays.sort((a, b) => a - b);
  const at = (part: number) => (delays[Math.floor(part * (delays.length - 1))] ?? Number.NaN).toFixed(0);
  process.stdout.write(`an edit is found after ${at(0.5)} ms (median), ${at(0.99)} ms (99%)\n`);
} finally {
  for (const { child } of observers) child.kill('SIGKILL');
  await standIn.close();
  await workplace.close();
  await plane.stop();
}

function start(kubeconfig: string): Observer {
  const script = join(import.meta.dirname, 'observer.ts');
  const args = ['--max-semi-space-size=8', script, kubeconfig, String(size.units), String(size.objects)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const observer: Observer = { child, all: undefined, told: new Map() };
  createInterface({ input: child.stdout ?? process.stdin }).on('line', line => {
    const said = lineSchema.parse(JSON.parse(line));
    if ('all' in said) observer.all = said.all;
    else observer.told.set(said.told, performance.now());
  });
  return observer;
}

async function until(what: string, done: () => boolean): Promise<void> {
  for (const end = performance.now() + mostMs; !done(); await sleep(2)) {
    if (performance.now() > end) throw new Error(`not within ${mostMs / 1000} s: ${what}`);
    const dead = observers.find(({ child }) => child.exitCode !== null);
    if (dead !== undefined) throw new Error(`an observer ended with ${dead.child.exitCode}`);
  }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

function kubeconfigOf(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'it',
    clusters: [{ name: 'it', cluster: { server } }],
    users: [{ name: 'it', user: { token: 'none' } }],
    contexts: [{ name: 'it', context: { cluster: 'it', user: 'it' } }],
  });
}
