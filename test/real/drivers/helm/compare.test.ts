import { afterEach, beforeEach, expect, it } from 'vitest';
import { type HelmBench, helmBench, releaseWords, told, webChart } from './support/bench.ts';

let bench: HelmBench;
beforeEach(async () => {
  bench = await helmBench();
});
afterEach(() => bench.close());

it('a release that helm installed as declared is in sync', async () => {
  await bench.install(webChart);
  const comparison = await bench.compare(webChart);
  expect(told(comparison)).toEqual([]);
  expect(comparison).toMatchObject({
    driver: 'helm',
    verdict: 'in-sync',
    resources: { declared: 2, inSync: 2 },
  });
});

it('a release that is not there is missing, with its objects', async () => {
  const comparison = await bench.compare(webChart);
  expect(told(comparison)).toEqual([
    'missing Release NS/web',
    'missing ConfigMap NS/web-settings',
    'missing Deployment NS/web',
  ]);
  expect(releaseWords(comparison)).toBe('the release web is not installed');
});

it('values that somebody changed with helm upgrade --set are named without their values, with who and which revision', async () => {
  await bench.install(webChart);
  await bench.install(webChart, '--set', 'colour=blue', '--set', 'auth.password=letmein99');
  const comparison = await bench.compare(webChart);
  expect(told(comparison)).toEqual([
    'changed Release NS/web /values/auth/password /values/colour',
    'changed ConfigMap NS/web-settings /data/colour /data/login',
  ]);
  expect(releaseWords(comparison)).toBe('values changed by hand (helm upgrade by helm, revision 2)');
  expect(comparison.findings[1]?.message).toBe('the release (revision 2) is otherwise than declared');
  expect(JSON.stringify(comparison)).not.toMatch(/opensesame|letmein99/);
});
