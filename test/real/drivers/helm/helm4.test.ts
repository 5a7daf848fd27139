import { afterEach, beforeEach, expect, it } from 'vitest';
import { provideTools } from '../../../../sandbox/tools/provide.ts';
import { type Files, type HelmBench, helmBench, releaseWords, told, webChart } from './support/bench.ts';

const { helm4 } = await provideTools(['helm4']);
let bench: HelmBench;
beforeEach(async () => {
  bench = await helmBench(helm4);
});
afterEach(() => bench.close());

async function converge(files: Files): Promise<void> {
  const { unit, declaration } = await bench.declared(files, 'a'.repeat(40));
  const plan = await bench.driver.plan(unit, declaration);
  const options = { onResource: () => {}, signal: new AbortController().signal, healthTimeoutMs: 40_000 };
  const applied = await bench.driver.apply(unit, declaration, plan, options);
  expect(applied.filter(({ result }) => result !== 'applied')).toEqual([]);
}

it('a release that Helm 4 installed is in sync, and what was set by hand is named', async () => {
  await bench.install(webChart);
  expect(told(await bench.compare(webChart))).toEqual([]);
  await bench.install(webChart, '--set', 'colour=blue');
  expect(releaseWords(await bench.compare(webChart))).toBe(
    'values changed by hand (helm upgrade by Helm, revision 2)',
  );
});

it('Helm 4 converges what was set and edited by hand, and keeps its history', async () => {
  await converge(webChart);
  await bench.install(webChart, '--set', 'colour=blue');
  await bench.kubectl('set', 'image', 'deployment/web', 'web=example.com/web:9');
  await converge(webChart);
  expect(told(await bench.compare(webChart))).toEqual([]);
  expect(JSON.parse(await bench.helm('history', 'web', '-o', 'json'))).toHaveLength(3);
});

it('a release that Helm 3 installed is converged by Helm 4', async () => {
  const { helm } = await provideTools(['helm']);
  const older = await helmBench(helm);
  try {
    await older.install(webChart, '--set', 'colour=blue');
    process.env['HOLDFAST_HELM'] = helm4;
    const { unit, declaration } = await older.declared(webChart, 'a'.repeat(40));
    const plan = await older.driver.plan(unit, declaration);
    const options = { onResource: () => {}, signal: new AbortController().signal, healthTimeoutMs: 40_000 };
    await older.driver.apply(unit, declaration, plan, options);
    expect(told(await older.compare(webChart))).toEqual([]);
  } finally {
    await older.close();
  }
});

it('what is random stays as it was installed', async () => {
  const secret = (colour: string) => ({
    ...webChart,
    'helm/web/templates/secret.yaml': `apiVersion: v1\nkind: Secret\nmetadata: { name: web }\ndata:\n  password: {{ randAlphaNum 20 | b64enc }}\n  colour: {{ "${colour}" | b64enc }}\n`,
  });
  await converge(secret('red'));
  const password = () => bench.kubectl('get', 'secret', 'web', '-o', 'jsonpath={.data.password}');
  const before = await password();
  await converge(secret('blue'));
  expect(told(await bench.compare(secret('blue')))).toEqual([]);
  expect(await password()).toBe(before);
});
