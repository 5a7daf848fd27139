import { afterEach, beforeEach, expect, it } from 'vitest';
import { type HelmBench, helmBench, helms, told, webChart } from './support/bench.ts';

const [[, helm3 = ''] = [], [, helm4 = ''] = []] = helms;
let bench: HelmBench;
beforeEach(async () => {
  bench = await helmBench(helm3);
});
afterEach(() => bench.close());

/** What Helm 3 installed, with one value and one field that somebody changed. */
async function changedByHand(): Promise<void> {
  await bench.install(webChart, '--set', 'colour=blue');
  await bench.kubectl('set', 'image', 'deployment/web', 'web=example.com/web:9');
}

it('a release of Helm 3 is read by Helm 4 as by Helm 3', async () => {
  await changedByHand();
  const before = await bench.compare(webChart);
  process.env['HOLDFAST_HELM'] = helm4;
  expect((await bench.compare(webChart)).findings).toEqual(before.findings);
});

it('a release of Helm 3 is converged by Helm 4, and its history goes on', async () => {
  await changedByHand();
  process.env['HOLDFAST_HELM'] = helm4;
  const { unit, declaration } = await bench.declared(webChart, 'a'.repeat(40));
  const plan = await bench.driver.plan(unit, declaration);
  const options = { onResource: () => {}, signal: new AbortController().signal, healthTimeoutMs: 40_000 };
  const applied = await bench.driver.apply(unit, declaration, plan, options);
  expect(applied.filter(({ result }) => result !== 'applied')).toEqual([]);
  expect(told(await bench.compare(webChart))).toEqual([]);
  const rows: { status: string }[] = JSON.parse(await bench.helm('history', 'web', '-o', 'json'));
  expect(rows.map(({ status }) => status)).toEqual(['superseded', 'deployed']);
});
