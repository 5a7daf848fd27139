import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Metrics } from '../../src/daemon/metrics.ts';
import { pageText, publishedPage } from '../../src/reference/metrics.ts';
import { incident } from '../web/page-sample.ts';

const text = (metrics: Metrics) => metrics.registry.metrics();

describe('the metrics', () => {
  it('are what docs/metrics.md says; `npm run docs` writes it', async () => {
    expect(readFileSync(publishedPage, 'utf8')).toBe(await pageText());
  });

  it('follow the conventions of Prometheus in their names', async () => {
    const metrics = new Metrics();
    metrics.follow(() => []);
    for (const { name, type, help } of await metrics.registry.getMetricsAsJSON()) {
      if (!name.startsWith('holdfast_')) continue;
      expect({ name, total: name.endsWith('_total') }).toEqual({ name, total: String(type) === 'counter' });
      if (String(type) === 'histogram') expect(name).toMatch(/_seconds$/);
      expect(help).toMatch(/\.$/);
    }
  });

  it('count requests by service and status, and dry runs apart', async () => {
    const metrics = new Metrics();
    const call = { beganMs: 0, ms: 30 };
    metrics.answered({ ...call, service: 'kubernetes', code: '200', dryRun: true });
    metrics.answered({ ...call, service: 'kubernetes', code: '200' });
    metrics.answered({ ...call, service: 'forge', code: 'none' });

    const shown = await text(metrics);
    expect(shown).toContain('holdfast_requests_total{service="kubernetes",code="200"} 2');
    expect(shown).toContain('holdfast_requests_total{service="forge",code="none"} 1');
    expect(shown).toContain('holdfast_dry_runs_total{code="200"} 1');
    expect(shown).toContain('holdfast_request_duration_seconds_bucket{le="0.1",service="kubernetes"} 2');
  });

  it.each([
    ['after the start', '2026-08-03T14:00:09Z', 1],
    ['before the start, when nobody was there to detect it', '2026-08-03T13:00:00Z', 0],
  ])('tell how long an edit %s took to be an incident', async (_when, time, count) => {
    const metrics = new Metrics(() => Date.parse('2026-08-03T14:00:00Z'));
    const { subject, ...rest } = incident({ openedAt: '2026-08-03T14:00:11.000Z' });
    if (subject.kind !== 'drift') throw new Error('the sample is no drift');
    const changes = [{ path: '/a', op: 'changed' as const, by: { manager: 'kubectl', time } }];
    const edited = { ...rest, subject: { ...subject, finding: { ...subject.finding, changes } } };

    metrics.transition({ what: 'opened', incident: edited });
    metrics.transition({ what: 'updated', incident: edited });

    expect(await text(metrics)).toContain(`holdfast_detection_seconds_count ${count}`);
    expect(await text(metrics)).toContain('holdfast_incident_transitions_total{what="updated"} 1');
  });

  it('tell queues, leases, verdicts of the gate and how long syncs took', async () => {
    const metrics = new Metrics();
    metrics.follow(
      () => [],
      Date.now,
      () => ({ messages: 3, syncs: 2 }),
    );
    metrics.leading('holdfast-observer', true);
    metrics.judged('denied');
    metrics.syncTook('merge', 'Succeeded', 4_000);

    const shown = await text(metrics);
    for (const line of [
      'holdfast_queue_length{queue="messages"} 3',
      'holdfast_queue_length{queue="syncs"} 2',
      'holdfast_leader{lease="holdfast-observer"} 1',
      'holdfast_gate_verdicts_total{verdict="denied"} 1',
      'holdfast_sync_duration_seconds_bucket{le="5",reason="merge",phase="Succeeded"} 1',
    ])
      expect(shown).toContain(line);
  });

  it('forget a unit that is declared no more', async () => {
    const metrics = new Metrics();
    metrics.compared({
      unit: 'shop',
      driver: 'kubernetes',
      verdict: 'in-sync',
      resources: { declared: 1, inSync: 1 },
      findings: [],
      elapsedMs: 5,
    });
    expect(await text(metrics)).toContain('unit="shop"');
    metrics.forgotten('shop');
    expect(await text(metrics)).not.toContain('unit="shop"');
  });
});
