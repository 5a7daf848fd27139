import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { startControlPlane } from '../../../sandbox/control-plane/start.ts';
import { runCommand } from '../../../sandbox/processes/run.ts';
import { openWorkplace } from '../../../sandbox/processes/workplace.ts';
import { startStandIn } from './stand-in.ts';

/**
 * Observers (SCALE_OBSERVERS, 2) that share 200 units and 100,000 objects (SCALE_UNITS, SCALE_OBJECTS in each), which a stand-in lists and
 * watches: what each compares, how long until all is compared, what it holds, and how long it takes until the one that tells knows of an edit, whoever
 * compares it. With SCALE_OBSERVERS=1 it compares all alone.
 */
const size = {
  units: Number(process.env['SCALE_UNITS'] ?? '200'),
  objects: Number(process.env['SCALE_OBJECTS'] ?? '500'),
};
const count = Number(process.env['SCALE_OBSERVERS'] ?? '2');
const crds = fileURLToPath(new URL('../../../manifests/holdfast/crds', import.meta.url));
const mostMs = 600_000;
const lineSchema = z.union([
  z.object({ told: z.string() }),
  z.object({
    all: z.object({
      units: z.number(),
      objects: z.number(),
      declaredMs: z.number(),
      allMs: z.number(),
      residentMb: z.number(),
      mostMb: z.number(),
    }),
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
  for (const args of [
    ['apply', '--server-side', '-f', crds],
    ['wait', '--for=condition=Established', '-f', crds],
    ['create', 'namespace', 'holdfast'],
  ])
    await kubectl(...args);
  for (let index = 0; index < count; index += 1) observers.push(start(kubeconfig, index));
  const held = (what: 'units' | 'objects') => observers.reduce((sum, { all }) => sum + (all?.[what] ?? 0), 0);
  await until(
    'each unit to be compared by one',
    () => observers.every(({ all }) => all !== undefined && all.units > 0) && held('units') === size.units,
  );
  for (const [index, { all }] of observers.entries())
    if (all !== undefined)
      process.stdout.write(
        `observer ${index + 1}: ${all.units} units, ${all.objects} objects; declared in ${seconds(all.declaredMs)} s, ${index === 0 ? 'all known' : 'all compared'} after ${seconds(all.allMs)} s, ${all.residentMb.toFixed(0)} MB, at most ${all.mostMb.toFixed(0)} MB\n`,
      );
  process.stdout.write(`dry runs until then: ${standIn.dryRuns}\n`);
  const delays: number[] = [];
  for (let edit = 0; edit < 40; edit += 1) {
    const value = `edited-${edit}`;
    standIn.edit((edit * 37) % size.units, (edit * 11) % size.objects, value);
    const began = performance.now();
    await until(`edit ${edit} to be known to the one that tells`, () => teller().told.has(value));
    delays.push((teller().told.get(value) ?? Number.NaN) - began);
  }
  delays.sort((a, b) => a - b);
  const at = (part: number) => (delays[Math.floor(part * (delays.length - 1))] ?? Number.NaN).toFixed(0);
  process.stdout.write(
    `the one that tells knows of an edit after ${at(0.5)} ms (median), ${at(0.99)} ms (99%)\n`,
  );
} finally {
  for (const { child } of observers) child.kill('SIGKILL');
  await standIn.close();
  await workplace.close();
  await plane.stop();
}

function teller(): Observer {
  const [first] = observers;
  if (first === undefined) throw new Error('there is no observer');
  return first;
}

async function kubectl(...args: string[]): Promise<void> {
  const env = { KUBECONFIG: plane.kubeconfig, HOME: plane.dataDir };
  const { code, stderr } = await runCommand(plane.kubectl, args, { env });
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr}`);
}

function start(kubeconfig: string, index: number): Observer {
  const script = join(import.meta.dirname, 'observer.ts');
  const args = [
    '--max-semi-space-size=8',
    script,
    kubeconfig,
    String(size.units),
    String(size.objects),
    `observer-${index + 1}`,
    index === 0 ? 'tells' : 'compares',
  ];
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
