import { pino } from 'pino';
import { Cluster } from '../../../src/cluster/cluster.ts';
import { Connection } from '../../../src/cluster/connection.ts';
import { Sharing } from '../../../src/daemon/sharing.ts';
import { Watcher } from '../../../src/daemon/watcher.ts';
import { declare } from '../../../src/declared/declare.ts';
import { openDrivers } from '../../../src/drivers/open.ts';
import { undriven } from '../../../src/drivers/undriven.ts';
import type { Comparison } from '../../../src/findings/finding.ts';
import { memoryTree } from '../../declared/tree.ts';
import { filesOf } from './set.ts';

/**
 * An observer as a process of its own: `observer.ts KUBECONFIG UNITS OBJECTS HOLDER tells|compares`. Prints a line when all of its units are
 * compared (who tells: when all units are known), and one for each edit that it knows of.
 */
const [kubeconfig = '', units = '', objects = '', holder = '', role] = process.argv.slice(2);
const tells = role === 'tells';
const connection = await Connection.open({ kubeconfig });
const sharing = new Sharing({
  cluster: new Cluster(connection),
  namespace: 'holdfast',
  holder,
  log: pino({ level: process.env['SCALE_LOG'] ?? 'silent' }, process.stderr),
});
const watcher = new Watcher(
  await openDrivers(['kubernetes'], { connection: async () => connection }),
  undriven,
  (comparison, { converging }) => {
    sharing.saw({ comparison, converging });
    seen(comparison);
  },
);
const began = performance.now();
const compared = new Set<string>();
const told = new Set<string>();
let declaredMs: number | undefined;
let most = 0;
let said = '';
setInterval(() => {
  most = Math.max(most, residentMb());
  tellAll();
}, 100).unref();

const watch = () => watcher.declare(declaration, sharing.mine());
void sharing.run({ reshared: () => watch(), heard: seen }, new AbortController().signal);
if (tells) sharing.leading(true);
const declaration = await declare(memoryTree(filesOf({ units: Number(units), objects: Number(objects) })));
declaredMs = performance.now() - began;
watcher.declare(declaration, sharing.declare(declaration));

function seen({ unit, verdict, findings }: Comparison): void {
  if (verdict !== 'unknown') compared.add(unit);
  for (const { changes = [] } of findings)
    for (const { live } of changes) {
      if (typeof live !== 'string' || told.has(live)) continue;
      told.add(live);
      print({ told: live });
    }
}

/** Says again how it stands whenever the share is another one: in the end each unit is in one. */
function tellAll(): void {
  if (declaredMs === undefined) return;
  const mine = sharing.mine();
  const waited = tells ? declaration.units : mine;
  if (!waited.every(({ definition }) => compared.has(definition.name))) return;
  const share = mine.map(({ definition }) => definition.name).join(' ');
  if (share === said) return;
  said = share;
  const held = mine.reduce((sum, unit) => sum + unit.objects.length, 0);
  const allMs = performance.now() - began;
  print({
    all: { units: mine.length, objects: held, declaredMs, allMs, residentMb: residentMb(), mostMb: most },
  });
}

function residentMb(): number {
  return process.memoryUsage().rss / 1024 / 1024;
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
