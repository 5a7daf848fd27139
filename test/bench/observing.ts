import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from '../../src/cluster/cluster.ts';
import { type ApiRequest, Connection } from '../../src/cluster/connection.ts';
import { ParseCache } from '../../src/declared/cache.ts';
import type { DeclaredObject, DeclaredUnit } from '../../src/declared/declaration.ts';
import { declare } from '../../src/declared/declare.ts';
import { folderTree } from '../../src/declared/folder.ts';
import type { SourceTree } from '../../src/declared/tree.ts';
import { kubernetesDriver } from '../../src/drivers/kubernetes/driver.ts';
import { type Comparison, isObjectRef } from '../../src/findings/finding.ts';
import { listAll } from './list.ts';

/**
 * The observer as the daemon runs it, in a process of its own: `observing.ts KUBECONFIG FOLDER EDITS SECONDS`. Prints its figures
 * as one line of JSON. The folder's objects must be on the server as declared.
 */
const [kubeconfig = '', folder = '', edits = '200', seconds = '10'] = process.argv.slice(2);
const connection = await Connection.open({ kubeconfig });
let dryRuns = 0;
const request = connection.request.bind(connection);
connection.request = (asked: ApiRequest) => {
  if (asked.query?.['dryRun'] === 'All') dryRuns += 1;
  return request(asked);
};

const cache = new ParseCache();
const tree = await folderTree(folder);
const declaration = await declare(tree, { cache });
const unit = declaration.units[0] as DeclaredUnit;
await listAll(connection);
const list = await timed(() => listAll(connection));

let latest: Comparison | undefined;
const waiting = new Set<() => void>();
const driver = kubernetesDriver({ connection });
const begun = performance.now();
const observation = driver.observe(unit, declaration, comparison => {
  latest = comparison;
  for (const look of waiting) look();
});
await seen(() => latest !== undefined);
const firstVerdict = performance.now() - begun;
const firstDryRuns = dryRuns;

const cluster = new Cluster(connection);
const kinds = await cluster.kinds();
const configMaps = unit.objects.filter(({ ref }) => ref.kind === 'ConfigMap');
const delays: number[] = [];
for (let index = 0; index < Number(edits); index += 1) {
  const object = configMaps[(index * 7) % configMaps.length] as DeclaredObject;
  await patch(object, { data: { level: `edited-${index}` } });
  const answered = performance.now();
  await seen(() => told(object));
  delays.push(performance.now() - answered);
  await restored(object);
}
delays.sort((a, b) => a - b);

const idle = await share(() => sleep(Number(seconds) * 1000));
dryRuns = 0;
const storm = await share(async () => {
  const names = unit.objects.filter(({ ref }) => ref.kind === 'Deployment').slice(0, 500);
  const targets = names.map(({ ref }) => `${ref.namespace}/${ref.name}`).join(',');
  const program = new URL('./storm.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [program, kubeconfig, seconds, targets], { stdio: 'inherit' });
  await new Promise(resolve => child.on('close', resolve));
});
const stormDryRuns = dryRuns;

const revision = await timed(async () => {
  const next = await declare(changed(tree, 10), { cache });
  observation.declare(next.units[0] as DeclaredUnit, next);
  await seen(() => (latest?.findings.length ?? 0) >= 10);
});
const memoryMb = highWaterMb();
await observation.close();

const drifted = configMaps[1] as DeclaredObject;
await patch(drifted, { data: { level: 'while it was down' } });
latest = undefined;
const restart = performance.now();
const again = kubernetesDriver({ connection }).observe(unit, declaration, comparison => {
  latest = comparison;
  for (const look of waiting) look();
});
await seen(() => told(drifted));
const afterStart = performance.now() - restart;
await again.close();
await restored(drifted, false);
connection.close();

const at = (part: number) => delays[Math.min(delays.length - 1, Math.floor(delays.length * part))] ?? 0;
process.stdout.write(
  `${JSON.stringify({
    list,
    firstVerdict,
    firstDryRuns,
    edits: delays.length,
    median: at(0.5),
    p99: at(0.99),
    idle,
    storm,
    stormDryRuns,
    revision,
    afterStart,
    memoryMb,
  })}\n`,
);
process.exit(0);

function told({ ref }: DeclaredObject): boolean {
  return (
    latest?.findings.some(
      ({ resource }) => isObjectRef(resource) && resource.kind === ref.kind && resource.name === ref.name,
    ) === true
  );
}

async function seen(what: () => boolean): Promise<void> {
  if (what()) return;
  await new Promise<void>(resolve => {
    const look = () => {
      if (!what()) return;
      waiting.delete(look);
      resolve();
    };
    waiting.add(look);
  });
}

async function patch({ ref }: DeclaredObject, body: object): Promise<void> {
  const path = `/api/v1/namespaces/${ref.namespace}/configmaps/${ref.name}`;
  const contentType = 'application/merge-patch+json';
  await request({ method: 'PATCH', path, query: { fieldManager: 'kubectl-edit' }, contentType, body });
}

async function restored(object: DeclaredObject, watched = true): Promise<void> {
  const kind = kinds.find('v1', 'ConfigMap');
  if (kind === undefined) throw new Error('the server serves no ConfigMaps');
  const { namespace, name } = object.ref;
  await cluster.apply({ kind, namespace, name }, object.object, { dryRun: false });
  if (watched) await seen(() => !told(object));
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** How much of a core the work took this process. */
async function share(work: () => Promise<unknown>): Promise<number> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / (performance.now() - start);
}

/** The same tree with another value in some of its files. */
function changed(base: SourceTree, count: number): SourceTree {
  // the first ten files are namespaces, which have no such label
  const some = base.files.slice(10).slice(-count - 600, -600);
  const picked = new Set((some.length < count ? base.files.slice(-count) : some).map(({ path }) => path));
  return {
    ...base,
    files: base.files.map(file =>
      picked.has(file.path) ? { path: file.path, size: file.size, content: `${file.content}-2` } : file,
    ),
    read: async paths => {
      const bytes = await base.read(paths);
      for (const path of paths) {
        if (picked.has(path))
          bytes.set(path, Buffer.from(String(bytes.get(path)).replace(/team: team-\d/, 'team: other')));
      }
      return bytes;
    },
  };
}

function highWaterMb(): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) / 1024;
}
