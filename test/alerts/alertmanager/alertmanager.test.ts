import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AlertmanagerOutlet } from '../../../src/alerts/alertmanager/alertmanager.ts';
import type { Incident } from '../../../src/incidents/incident.ts';
import { FakeClock } from '../../fakes/clock/clock.ts';
import { FakeReceiver } from '../../fakes/receiver/receiver.ts';
import { finding } from '../../report/sample.ts';
import { blindSubject, driftSubject, incident, tell, telling, transition } from '../sample.ts';

let receiver: FakeReceiver;
let clock: FakeClock;
let incidents: Incident[];
let outlet: AlertmanagerOutlet;
const failures: unknown[] = [];
beforeEach(async () => {
  receiver = await FakeReceiver.start();
  clock = new FakeClock();
  incidents = [];
  outlet = new AlertmanagerOutlet({
    url: `${receiver.url}/`,
    incidents: () => incidents,
    telling: () => telling,
    clock,
    onFailure: error => failures.push(error),
  });
});
afterEach(async () => {
  await outlet.close();
  await receiver.close();
});

type Sent = {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  endsAt: string;
}[];
const sent = (index = 0) => JSON.parse(receiver.received[index]?.body ?? '[]') as Sent;
const told = { alertmanager: { hash: 'x', state: 'open', flaps: 0, seq: 0, place: {} } } as const;

describe('Alertmanager', () => {
  it('gets an alert with labels that name it, and when it is over if not sent again', async () => {
    await outlet.tell(tell(transition(driftSubject)));

    expect(receiver.received[0]?.path).toBe('/api/v2/alerts');
    expect(sent()).toMatchObject([
      {
        labels: {
          alertname: 'HoldfastDrift',
          severity: 'warning',
          environment: 'prod',
          unit: 'shop',
          namespace: 'shop',
          resource: 'Deployment shop/cart',
        },
        annotations: { summary: expect.stringContaining('is not as declared') },
        startsAt: '2026-08-03T14:02:11.500Z',
        endsAt: new Date(clock.now() + 300_000).toISOString(),
      },
    ]);
  });

  it('gets the end of what is over', async () => {
    await outlet.tell(tell(transition(driftSubject, 'resolved')));

    expect(sent()[0]?.endsAt).toBe('2026-08-03T14:05:16.500Z');
  });

  it('names the same alert alike while it lasts, whatever changes', async () => {
    await outlet.tell(tell(transition(driftSubject)));
    const changed = finding({ changes: [{ path: '/x', op: 'added', live: 1 }] });
    await outlet.tell(tell(transition({ kind: 'drift', unit: 'shop', finding: changed }, 'updated')));
    await outlet.tell(tell(transition(driftSubject, 'resolved')));

    expect(sent(1)[0]?.labels).toEqual(sent(0)[0]?.labels);
    expect(sent(2)[0]?.labels).toEqual(sent(0)[0]?.labels);
  });

  it('is sent what was told and lasts again before it expires, also after a restart', async () => {
    incidents = [
      incident(driftSubject, { told }),
      incident(blindSubject, { told, state: 'snoozed' }),
      incident(driftSubject, { told, state: 'resolved' }),
      incident(driftSubject),
    ];
    await clock.pass(100_000);
    await vi.waitUntil(() => receiver.received.length === 1);

    expect(sent().map(one => one.labels['alertname'])).toEqual(['HoldfastDrift', 'HoldfastBlind']);
    expect(Date.parse(sent()[0]?.endsAt ?? '')).toBeGreaterThan(clock.now() + 200_000);
  });

  it('is tried again at the next turn when it is away', async () => {
    incidents = [incident(driftSubject, { told })];
    receiver.answer(503);
    await clock.pass(100_000);
    await vi.waitUntil(() => failures.length === 1);
    await clock.pass(100_000);
    await vi.waitUntil(() => receiver.received.length === 2);
  });

  it('gets labels in which nothing is more than text', async () => {
    const resource = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: 'shop',
      name: 'a\n\u202eb'.repeat(500),
    };
    await outlet.tell(tell(transition({ kind: 'drift', unit: 'shop', finding: finding({ resource }) })));

    const { resource: label = '' } = sent()[0]?.labels ?? {};
    expect(label).toMatch(/^ConfigMap shop\/a\\n\\u202eb/);
    expect(label.length).toBeLessThan(2_000);
  });
});
