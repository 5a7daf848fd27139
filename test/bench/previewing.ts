import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { startControlPlane } from '../../sandbox/control-plane/start.ts';
import { stopOnSignals } from '../../sandbox/processes/signals.ts';
import { openWorkplace } from '../../sandbox/processes/workplace.ts';
import { holdfast } from '../../sandbox/shop/daemon.ts';
import { git } from '../../sandbox/shop/git.ts';
import { Connection } from '../../src/cluster/connection.ts';
import type { JsonObject } from '../../src/json/json.ts';
import { applyAll } from './fill.ts';
import { measured } from './measure.ts';
import { benchSet, sizeOf } from './set.ts';

/** A pull request that changes 30 of `BENCH_SIZES` (5000) objects: `holdfast preview` with live from a kubeconfig, and without. */
const total = Number((process.env['BENCH_SIZES'] ?? '5000').split(',')[0]);
const changed = 30;
const say = (line: string) => process.stdout.write(`${line}\n`);

const workplace = openWorkplace('bench-preview');
const plane = await startControlPlane({ controllers: false });
const stop = async () => {
  await plane.stop();
  await workplace.close();
};
stopOnSignals(stop);
try {
  const objects = benchSet(sizeOf(total));
  const folder = workplace.path('repository');
  await commits(folder, objects);
  const connection = await Connection.open({ kubeconfig: plane.kubeconfig });
  await applyAll(connection, objects);
  connection.close();
  const args = ['preview', folder, '--base', 'main', '--head', 'pr', '-o', 'json'];
  for (const live of ['none', 'cluster']) {
    const options = live === 'none' ? ['--live', 'none'] : ['--kubeconfig', plane.kubeconfig];
    for (let run = 1; run <= 3; run += 1) {
      const { seconds, memoryMb, code, stdout } = await measured(holdfast, [...args, ...options]);
      const { resources } = JSON.parse(stdout) as { resources: unknown[] };
      const facts = `${seconds.toFixed(1)} s, ${memoryMb?.toFixed(0)} MB, ${resources.length} told, exit code ${code}`;
      say(`preview of ${objects.length} objects, live ${live}: ${facts}; load ${loadavg()[0]?.toFixed(1)}`);
    }
  }
} finally {
  await stop();
}

/** The base on `main`, and on `pr` the same with another team for some objects of every kind. */
async function commits(folder: string, objects: readonly JsonObject[]): Promise<void> {
  const write = (some: readonly JsonObject[]) => {
    for (const [index, object] of objects.entries()) {
      const path = join(folder, 'manifests', 'set', `${index}.yaml`);
      const shown = some.includes(object) ? withTeam(object) : object;
      writeFileSync(path, dump(shown));
    }
  };
  mkdirSync(join(folder, 'manifests', 'set'), { recursive: true });
  await git(folder, 'init', '--quiet', '--initial-branch', 'main');
  const step = Math.floor(objects.length / changed);
  for (const [branch, some] of [
    ['main', []],
    ['pr', objects.filter((_, index) => index % step === step - 1).slice(0, changed)],
  ] as const) {
    if (branch === 'pr') await git(folder, 'checkout', '--quiet', '-b', branch);
    write(some);
    await git(folder, 'add', '--all');
    await git(folder, 'commit', '--quiet', '--message', branch);
  }
}

function withTeam(object: JsonObject): JsonObject {
  const metadata = object['metadata'] as JsonObject;
  const labels = { ...(metadata['labels'] as JsonObject), team: 'another' };
  return { ...object, metadata: { ...metadata, labels } };
}
