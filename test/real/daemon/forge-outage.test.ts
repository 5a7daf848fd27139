import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Gitea, startGitea } from '../../../sandbox/gitea/start.ts';
import { daemonBench } from '../support/daemon.ts';
import { configMap } from '../support/settings.ts';

let gitea: Gitea;
beforeAll(async () => {
  gitea = await startGitea();
});
afterAll(() => gitea.stop());

it('while Gitea is down, drift is told all the same, a new daemon waits, and both go on by themselves', {
  timeout: 180_000,
}, async ({ onTestFinished }) => {
  const [running, starting] = await Promise.all([daemonBench({ gitea }), daemonBench({ gitea })]);
  onTestFinished(() => running.close());
  onTestFinished(() => starting.close());
  running.start();
  await running.synced('settings', running.trustRoot);
  await gitea.kill();
  starting.start();
  await running.setColour('red');
  await running.alert(['DRIFT', 'settings', 'green → red']);
  await starting.logged(['HF1201', 'Check the URL']);
  for (const bench of [running, starting]) await bench.alert(['BLIND git', 'HF1201']);
  expect(await running.get('/readyz')).toMatchObject({ status: 200 });
  expect(await starting.get('/readyz')).toMatchObject({ status: 503 });
  expect(await starting.get('/healthz')).toMatchObject({ status: 200 });

  await gitea.startAgain();
  expect((await starting.synced('settings', starting.trustRoot)).status?.phase).toBe('Succeeded');
  await starting.ready();
  for (const bench of [running, starting]) await bench.alert(['RESOLVED git']);
  const revision = await running.land({
    'manifests/settings/settings.yaml': configMap(running.app, 'settings', { colour: 'blue' }),
  });
  expect((await running.synced('settings', revision)).status?.phase).toBe('Succeeded');
});
