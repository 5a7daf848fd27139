import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startControlPlane } from '../../sandbox/control-plane/start.ts';
import { runCommand } from '../../sandbox/processes/run.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { Connection } from '../../src/cluster/connection.ts';
import { isFinal, phaseOf, type Sync } from '../../src/converge/sync.ts';
import { clusterSyncs } from '../../src/converge/sync-store.ts';
import { kubernetesDriver } from '../../src/drivers/kubernetes/driver.ts';
import { randomOf } from '../conformance/corpora/mutations/random.ts';
import { bystanders, configsOf, declarationOf, namespace, revisionOf } from './story.ts';

/**
 * Syncs that are killed at random points: kill -9 of the converger, or of the API server. After each the sync must come to its
 * end, live must be as the authorized revision declares, nothing else may be gone, and the record must tell of each attempt.
 * SHORT=1 is 10 points instead of 50; KILLS_SEED repeats a run.
 */
const points = process.env['SHORT'] === '1' ? 10 : 50;
const seed = Number(process.env['KILLS_SEED'] ?? Date.now() % 1_000_000);
const next = randomOf(String(seed));
const plane = await startControlPlane();
const kubectl = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await runCommand(plane.kubectl, [
    '--kubeconfig',
    plane.kubeconfig,
    ...args,
  ]);
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
  return stdout;
};
let worker: ChildProcess | undefined;
let failed = 0;

try {
  await prepare();
  const connection = await Connection.open({ kubeconfig: plane.kubeconfig });
  const syncs = clusterSyncs(new Cluster(connection), namespace);
  const driver = kubernetesDriver({ connection });
  const before = await bystanderUids();
  let usualMs = 0;
  process.stdout.write(`seed ${seed}, ${points} points\n`);
  for (let chapter = 0; chapter <= points; chapter += 1) {
    const began = performance.now();
    const revision = revisionOf(chapter);
    const sync = await syncs.create({ unit: 'shop', revision, reason: 'merge' });
    start(chapter, 'a');
    const server = next() < 0.4;
    const afterMs = chapter === 0 ? 0 : Math.round(next() * usualMs);
    // the first is not disturbed: it tells how long one takes
    if (chapter > 0)
      await strike({ server, afterMs, chapter, sync, find: () => syncs.get(sync.metadata.name) });
    const ended = await end(() => syncs.get(sync.metadata.name));
    if (chapter === 0) usualMs = performance.now() - began;
    const wrong = await problems(ended, { chapter, server, before });
    const declaration = await declarationOf(revision);
    const [unit] = declaration.units;
    const found =
      unit === undefined ? [] : (await driver.compare(unit, declaration, undefined, 'declared')).findings;
    wrong.push(...found.map(({ type, resource }) => `${resource.name} is ${type}`));
    if (wrong.length > 0) failed += 1;
    const how =
      chapter === 0 ? 'undisturbed' : `${server ? 'API server' : 'converger'} killed after ${afterMs} ms`;
    const attempts = `${ended.status?.attempts} ${ended.status?.attempts === 1 ? 'attempt' : 'attempts'}`;
    process.stdout.write(
      `${chapter} ${how}: ${phaseOf(ended)}, ${attempts}${wrong.map(each => `\n   WRONG ${each}`).join('')}\n`,
    );
    await kill();
  }
  connection.close();
} finally {
  await kill();
  await plane.stop();
}
process.stdout.write(
  failed === 0 ? `all ${points} as declared\n` : `${failed} of ${points} went wrong (KILLS_SEED=${seed})\n`,
);
process.exitCode = failed === 0 ? 0 : 1;

async function prepare(): Promise<void> {
  await kubectl('apply', '--server-side', '-f', 'manifests/holdfast/crds');
  await kubectl('wait', '--for=condition=Established', '-f', 'manifests/holdfast/crds');
  await kubectl('create', 'namespace', namespace);
  for (const name of bystanders) await kubectl('create', 'configmap', name, '-n', namespace);
}

function start(chapter: number, name: string): void {
  const script = join(import.meta.dirname, 'worker.ts');
  const holder = `worker-${chapter}-${name}`;
  worker = spawn(process.execPath, [script, plane.kubeconfig, holder, revisionOf(chapter)], {
    stdio: 'inherit',
  });
}

async function kill(): Promise<void> {
  const child = worker;
  worker = undefined;
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise(resolve => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

/** Waits until the sync was taken and for a while more, and kills one of the two. */
async function strike(options: {
  server: boolean;
  afterMs: number;
  chapter: number;
  sync: Sync;
  find: () => Promise<Sync | undefined>;
}): Promise<void> {
  while ((await options.find())?.status?.holder === undefined) await sleep(20);
  await sleep(options.afterMs);
  if (options.server) {
    await plane.killApiServer();
    await plane.startApiServer();
  } else {
    await kill();
    start(options.chapter, 'b');
  }
}

async function end(find: () => Promise<Sync | undefined>): Promise<Sync> {
  for (const deadline = Date.now() + 180_000; ; ) {
    const sync = await find().catch(() => undefined);
    if (sync !== undefined && isFinal(phaseOf(sync))) return sync;
    if (Date.now() > deadline)
      throw new Error(`the sync does not end: ${JSON.stringify(sync?.status).slice(0, 500)}`);
    await sleep(100);
  }
}

async function problems(
  { status }: Sync,
  { chapter, server, before }: { chapter: number; server: boolean; before: string },
): Promise<string[]> {
  const wrong: string[] = [];
  if (status?.phase !== 'Succeeded') wrong.push(`the sync is ${status?.phase}: ${status?.message}`);
  const expected = server || chapter === 0 ? 1 : [1, 2];
  if (![expected].flat().includes(status?.attempts ?? 0))
    wrong.push(`${status?.attempts} attempts are recorded`);
  const listed = await kubectl(
    'get',
    'configmaps',
    '-n',
    namespace,
    '-o',
    'jsonpath={.items[*].metadata.name}',
  );
  const living = listed
    .split(' ')
    .filter(name => name !== 'kube-root-ca.crt')
    .sort();
  if (living.join(' ') !== configsOf(chapter).join(' '))
    wrong.push(`other ConfigMaps live than should: ${living.join(' ')}`);
  if ((await bystanderUids()) !== before) wrong.push('a bystander was touched');
  return wrong;
}

async function bystanderUids(): Promise<string> {
  const of = (name: string) =>
    kubectl(
      'get',
      'configmap',
      name,
      '-n',
      namespace,
      '-o',
      'jsonpath={.metadata.uid}/{.metadata.resourceVersion}',
    );
  return (await Promise.all(bystanders.map(of))).join(' ');
}
