import { Connection } from '../../../src/cluster/connection.ts';
import { declare } from '../../../src/declared/declare.ts';
import { kubernetesDriver } from '../../../src/drivers/kubernetes/driver.ts';
import { memoryTree } from '../../declared/tree.ts';
import { filesOf } from './set.ts';

/** An observer as a process of its own: `observer.ts KUBECONFIG UNITS OBJECTS`. Prints a line when all is compared, and one for each edit. */
const [kubeconfig = '', units = '200', objects = '500'] = process.argv.slice(2);
const connection = await Connection.open({ kubeconfig });
const driver = kubernetesDriver({ connection });
const began = performance.now();
const declaration = await declare(memoryTree(filesOf({ units: Number(units), objects: Number(objects) })));
const declaredMs = performance.now() - began;
const compared = new Set<string>();
const told = new Set<string>();
let mostMb = 0;
setInterval(() => {
  mostMb = Math.max(mostMb, process.memoryUsage().rss / 1024 / 1024);
}, 200).unref();

for (const unit of declaration.units) {
  driver.observe(unit, declaration, ({ unit: name, verdict, findings }) => {
    if (verdict !== 'unknown') compared.add(name);
    for (const { changes = [] } of findings)
      for (const { live } of changes) {
        if (typeof live !== 'string' || told.has(live)) continue;
        told.add(live);
        process.stdout.write(`${JSON.stringify({ told: live })}\n`);
      }
    if (compared.size === declaration.units.length && mostMb !== Number.POSITIVE_INFINITY) {
      const residentMb = process.memoryUsage().rss / 1024 / 1024;
      const allMs = performance.now() - began;
      process.stdout.write(`${JSON.stringify({ all: { declaredMs, allMs, residentMb, mostMb } })}\n`);
      mostMb = Number.POSITIVE_INFINITY;
    }
  });
}
