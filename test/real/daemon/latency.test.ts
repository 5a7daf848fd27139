import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DaemonBench, daemonBench } from '../support/daemon.ts';

let bench: DaemonBench;
beforeAll(async () => {
  bench = await daemonBench();
  bench.start();
  await bench.synced('settings', bench.trustRoot);
  await bench.ready();
});
afterAll(() => bench.close());

it('an edit is told in far less than a second, on most occasions', async () => {
  const taken: number[] = [];
  for (let edit = 0; edit < 20; edit += 1) {
    const from = bench.told().length;
    const began = performance.now();
    await bench.setColour(`red-${edit}`);
    const edited = performance.now();
    await bench.alert(['DRIFT', `red-${edit}`], { from });
    taken.push(performance.now() - edited);
    if (edit === 0) process.stdout.write(`kubectl itself takes ${(edited - began).toFixed(0)} ms\n`);
  }
  const sorted = taken.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN;
  process.stdout.write(
    `edit to alert: median ${at(0.5).toFixed(0)} ms, 90% ${at(0.9).toFixed(0)} ms, most ${at(1).toFixed(0)} ms\n`,
  );
  expect(at(0.5)).toBeLessThan(2_000);
});
