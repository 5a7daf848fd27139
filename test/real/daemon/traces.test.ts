import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../../fakes/receiver/otlp.ts';
import { type DaemonBench, daemonBench } from '../support/daemon.ts';
import { configMap } from '../support/settings.ts';

let receiver: OtlpReceiver;
let bench: DaemonBench;
beforeAll(async () => {
  receiver = await startOtlpReceiver();
  bench = await daemonBench({
    env: { HOLDFAST_POLL_SECONDS: '3600', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  });
  bench.start();
  await bench.synced('settings', bench.trustRoot);
});
afterAll(async () => {
  await bench?.stop();
  await bench?.close();
  await receiver?.close();
});

it('a merge is one trace, from the webhook to each object that was applied', async () => {
  const revision = await bench.land({
    'manifests/settings/settings.yaml': configMap(bench.app, 'settings', { colour: 'blue-of-the-sea' }),
  });
  await deliver();
  expect((await bench.synced('settings', revision)).status?.phase).toBe('Succeeded');
  const own = () => receiver.spans.filter(({ traceId }) => traceId === revision.slice(0, 32));
  await bench.until('the end of the trace', () => own().some(({ name }) => name === 'sync settings'));

  const names = own().map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining([
      `revision ${revision.slice(0, 7)}`,
      'webhook',
      'look at the branch',
      'judge',
      'declare',
      'sync settings',
      'authorize',
      'plan',
      'apply',
      'verify',
      `kubernetes PATCH /api/v1/namespaces/${bench.app}/configmaps/settings`,
    ]),
  );
  const write = own().find(({ name }) => name.endsWith('/configmaps/settings'));
  expect(write && lineage(write, own())).toEqual([
    write?.name,
    'apply',
    'sync settings',
    `revision ${revision.slice(0, 7)}`,
  ]);
  for (const span of own())
    expect(BigInt(span.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(span.startTimeUnixNano));
  expect(receiver.text()).not.toContain('blue-of-the-sea');
  expect(receiver.text()).not.toContain(bench.scenario.owner.token);
});

/** The names from a span up to the root. */
function lineage(span: ReceivedSpan, all: readonly ReceivedSpan[]): string[] {
  const parent = all.find(({ spanId }) => spanId === span.parentSpanId);
  return [span.name, ...(parent === undefined ? [] : lineage(parent, all))];
}

async function deliver(): Promise<void> {
  const body = '{}';
  const signature = createHmac('sha256', bench.webhookSecret).update(body).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'x-gitea-event': 'push',
    'x-hub-signature-256': `sha256=${signature}`,
  };
  const answer = await fetch(`${bench.url}/hooks/forge`, { method: 'POST', headers, body });
  expect(answer.status).toBeLessThan(300);
}
