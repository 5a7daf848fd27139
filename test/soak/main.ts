import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startControlPlane } from '../../sandbox/control-plane/start.ts';
import { freePort } from '../../sandbox/processes/ports.ts';
import { runCommand } from '../../sandbox/processes/run.ts';
import { openWorkplace } from '../../sandbox/processes/workplace.ts';
import { Connection } from '../../src/cluster/connection.ts';
import { FakeReceiver } from '../fakes/receiver/receiver.ts';
import { Origin } from '../real/git/origin.ts';
import { daemonChild } from '../real/support/daemon-child.ts';
import { type Edit, judge, type Sample } from './judge.ts';
import { churn, dataOf, edit, fill, nameOf, object } from './load.ts';

/**
 * One daemon over OBJECTS objects for MINUTES (30; 10,000), while others of the same kind come and go and one declared object after the other is
 * edited by hand: memory, handles and the time from edit to alert must stay as they are. SHORT=1 is 6 minutes and 2,000 objects.
 */
const short = process.env['SHORT'] === '1';
const minutes = Number(process.env['MINUTES'] ?? (short ? 6 : 30));
const objects = Number(process.env['OBJECTS'] ?? (short ? 2_000 : 10_000));
const seconds = minutes * 60;
const bounds = {
  seconds,
  warmUp: Math.min(600, seconds / 3),
  part: Math.min(300, seconds / 3),
  // so short a time says little: the collector alone moves more
  mostGrowthMb: minutes >= 20 ? 1 : 15,
};
const plane = await startControlPlane({ controllers: false });
const receiver = await FakeReceiver.start();
const workplace = openWorkplace('soak');
const connection = await Connection.open({ kubeconfig: plane.kubeconfig });
const listen = `127.0.0.1:${await freePort()}`;
const child = daemonChild(workplace, () => ({
  KUBECONFIG: plane.kubeconfig,
  HOLDFAST_GIT_URL: workplace.path('origin'),
  HOLDFAST_NAMESPACE: 'holdfast',
  HOLDFAST_DATA: workplace.path('data'),
  HOLDFAST_LISTEN: listen,
  HOLDFAST_POLL_SECONDS: '30',
  HOLDFAST_ALERT_URL: receiver.url,
  HOLDFAST_ALERT_SECRET: 'a-secret-of-the-soak',
}));
let failed = true;
try {
  await prepare();
  child.start();
  await ready();
  process.stdout.write(`${objects} objects are compared; ${minutes} minutes begin\n`);
  const over = new AbortController();
  const began = performance.now();
  const at = () => (performance.now() - began) / 1000;
  const [writes, samples, edits] = await Promise.all([
    churn(connection, 20, over.signal),
    sampling(at, over.signal),
    editing(at).finally(() => over.abort()),
  ]);
  const verdict = judge(samples, edits, bounds);
  const { growthMb, handles, p99, wrong } = verdict;
  const resident = samples.map(({ residentMb }) => residentMb);
  process.stdout.write(
    [
      `${edits.length} edits, ${writes} writes of others`,
      `resident memory ${resident[0]?.toFixed(0)} MB at first, ${resident.at(-1)?.toFixed(0)} MB in the end; after the warm-up ${growthMb.toFixed(2)} MB in 10 minutes`,
      `open handles ${handles.first} and ${handles.last}`,
      `edit to alert, 99th percentile: ${p99.first.toFixed(0)} ms at first, ${p99.last.toFixed(0)} ms in the end`,
      wrong.length === 0 ? 'as steady as it must be' : `WRONG: ${wrong.join('; ')}`,
      '',
    ].join('\n'),
  );
  failed = wrong.length > 0;
} finally {
  await child.stop();
  connection.close();
  await workplace.close();
  await receiver.close();
  await plane.stop();
}
process.exitCode = failed ? 1 : 0;

async function prepare(): Promise<void> {
  mkdirSync(workplace.path('data'));
  for (const args of [
    ['apply', '--server-side', '-f', 'manifests/holdfast/crds'],
    ['wait', '--for=condition=Established', '-f', 'manifests/holdfast/crds'],
    ['create', 'namespace', 'holdfast'],
  ]) {
    const { code, stderr } = await runCommand(plane.kubectl, ['--kubeconfig', plane.kubeconfig, ...args]);
    if (code !== 0) throw new Error(stderr);
  }
  const all = Array.from({ length: objects }, (_, index) => object(nameOf(index), dataOf(index)));
  const files: Record<string, string> = {};
  for (let from = 0; from < all.length; from += 200)
    files[`manifests/soak/${from}.json`] = JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: all.slice(from, from + 200),
    });
  new Origin(workplace.path('origin')).commit('Declare everything', files);
  await fill(connection, objects);
}

async function ready(): Promise<void> {
  await child.until(
    'the first comparison',
    async () => (await fetch(`http://${listen}/readyz`)).status === 200,
    300_000,
  );
}

async function sampling(at: () => number, signal: AbortSignal): Promise<Sample[]> {
  const samples: Sample[] = [];
  while (!signal.aborted) {
    const text = await (await fetch(`http://${listen}/metrics`)).text();
    const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
    samples.push({
      at: at(),
      residentMb: value('process_resident_memory_bytes') / 1024 / 1024,
      handles: value('process_open_fds') + value('nodejs_active_resources_total'),
    });
    await sleep(5_000, undefined, { signal }).catch(() => undefined);
  }
  return samples;
}

/** Few enough in a minute that each is told by itself; no object twice, so that none comes and goes. */
async function editing(at: () => number): Promise<Edit[]> {
  const edits: Edit[] = [];
  for (let index = 0; at() < seconds; index += 1) {
    const began = at();
    edits.push({ at: began, ms: await edit(connection, receiver, (index * 7) % objects) });
    await sleep(Math.max(0, 7_000 - (at() - began) * 1000));
  }
  return edits;
}
