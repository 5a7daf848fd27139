import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DaemonBench, daemonBench } from '../support/daemon.ts';
import { configMap } from '../support/settings.ts';
import { waitUntil } from '../support/wait-until.ts';

let bench: DaemonBench;
beforeAll(async () => {
  bench = await daemonBench({ env: { HOLDFAST_POLL_SECONDS: '3600' } });
  bench.start();
  await bench.synced('settings', bench.trustRoot);
});
afterAll(() => bench.close());

function deliver(body: string, secret?: string): Promise<Response> {
  const signature = createHmac('sha256', secret ?? '')
    .update(body)
    .digest('hex');
  const signed = secret === undefined ? {} : { 'x-hub-signature-256': `sha256=${signature}` };
  const headers = { 'content-type': 'application/json', 'x-gitea-event': 'push', ...signed };
  return fetch(`${bench.url}/hooks/forge`, { method: 'POST', headers, body });
}

describe('what the daemon serves', () => {
  it('is alive, and ready once every unit was compared', async () => {
    expect(await bench.get('/healthz')).toEqual({ status: 200, text: 'ok\n' });
    await bench.ready();
  });

  it('has metrics that Prometheus can read, with the verdict of each unit', async () => {
    const { status, text } = await bench.get('/metrics');
    expect(status).toBe(200);
    const sample =
      /^[a-zA-Z_:][\w:]*(\{([a-zA-Z_]\w*="([^"\\\n]|\\["\\n])*",?)*\})? (-?[\d.e+-]+|NaN|\+Inf)$/;
    const lines = text.split('\n').filter(line => line !== '' && !/^# (HELP|TYPE) /.test(line));
    expect(lines.filter(line => !sample.test(line))).toEqual([]);
    expect(lines).toEqual(
      expect.arrayContaining([
        'holdfast_unit_verdict{unit="settings",verdict="in-sync"} 1',
        'holdfast_unit_verdict{unit="settings",verdict="drifted"} 0',
        'holdfast_unit_findings{unit="settings"} 0',
        'holdfast_syncs_total{phase="Succeeded"} 1',
        'holdfast_tip_state{state="authorized"} 1',
      ]),
    );
  });

  it('counts what is not as declared', async () => {
    await bench.kubectl('label', 'configmap', 'settings', '-n', bench.app, 'by-hand=yes');
    await waitUntil('the metric', async () =>
      (await bench.get('/metrics')).text.includes(
        'holdfast_unit_verdict{unit="settings",verdict="drifted"} 1',
      ),
    );
    expect((await bench.get('/metrics')).text).toContain('holdfast_unit_findings{unit="settings"} 1');
  });

  it.each([
    ['without a signature', undefined],
    ['signed with another secret', 'another-secret-0123456789'],
  ])('a delivery %s is refused', async (_, secret) => {
    expect((await deliver('{}', secret)).status).toBe(401);
  });

  it('a signed delivery has the branch looked at, at once', async () => {
    const revision = await bench.land({
      'manifests/settings/settings.yaml': configMap(bench.app, 'settings', { colour: 'blue' }),
    });
    const began = performance.now();
    expect((await deliver('{"any":"thing"}', bench.webhookSecret)).status).toBeLessThan(300);
    await bench.logged([revision, 'the tip of the branch']);
    process.stdout.write(`looked ${(performance.now() - began).toFixed(0)} ms after the delivery\n`);
    expect((await bench.synced('settings', revision)).status?.phase).toBe('Succeeded');
  });

  it('knows nothing else', async () => {
    expect(await bench.get('/nowhere')).toMatchObject({ status: 404 });
    expect(await bench.get('/hooks/forge')).toMatchObject({ status: 404 });
  });
});
