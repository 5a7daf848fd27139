import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebhookOutlet } from '../../../src/alerts/webhook/webhook.ts';
import { FakeClock } from '../../fakes/clock/clock.ts';
import { FakeReceiver } from '../../fakes/receiver/receiver.ts';
import { finding, imageChange } from '../../report/sample.ts';
import { digestSubject, driftSubject, tell, transition } from '../sample.ts';

const secret = 'a-secret-of-the-receiver';
let receiver: FakeReceiver;
let outlet: WebhookOutlet;
beforeEach(async () => {
  receiver = await FakeReceiver.start();
  outlet = new WebhookOutlet({ url: `${receiver.url}/in`, secret, clock: new FakeClock() });
});
afterEach(() => receiver.close());

const body = () => JSON.parse(receiver.received[0]?.body ?? '') as Record<string, unknown>;

describe('the alert webhook', () => {
  it('gets each transition with its facts', async () => {
    await outlet.tell(tell(transition(driftSubject)));

    expect(receiver.received[0]?.path).toBe('/in');
    expect(body()).toMatchObject({
      apiVersion: 'holdfast.dev/v1alpha1',
      kind: 'Alert',
      what: 'opened',
      incident: { key: 'drift/x', state: 'open' },
      severity: 'warning',
      environment: 'prod',
      unit: 'shop',
      verdict: 'DRIFT',
      headline: expect.stringContaining('Deployment shop/cart is not as declared'),
      subject: { kind: 'drift', finding: { changes: [{ declared: 'cart:1.2', live: 'cart:1.3' }] } },
    });
  });

  it('is signed with time and body', async () => {
    await outlet.tell(tell(transition(driftSubject)));

    const [{ headers, body: sent } = { headers: {} as IncomingHttpHeaders, body: '' }] = receiver.received;
    const timestamp = headers['x-holdfast-timestamp'];
    expect(timestamp).toBe(String(Date.UTC(2026, 7, 3, 14) / 1000));
    const signature = createHmac('sha256', secret).update(`${timestamp}.${sent}`).digest('hex');
    expect(headers['x-holdfast-signature']).toBe(`sha256=${signature}`);
    expect(sent).not.toContain(secret);
  });

  it('names each try of a transition alike', async () => {
    receiver.answer(500);
    const one = tell(transition(driftSubject));
    await outlet.tell(one).catch(() => undefined);
    await outlet.tell(one);

    const [first, second] = receiver.received.map(({ headers }) => headers['x-holdfast-delivery']);
    expect(first).toBe(second);
  });

  it('gets the words of a note', async () => {
    const lines = [{ pieces: [{ outside: 'done' }] }];
    const notes = [{ seq: 3, at: '2026-08-03T14:05:00Z', what: 'note' as const, lines }];
    await outlet.tell(tell({ ...transition(driftSubject, 'noted'), notes }));

    expect(body()).toMatchObject({ what: 'noted', notes: ['done'] });
  });

  it('gets no secret value, and nothing of our bookkeeping', async () => {
    const changes = [{ path: imageChange.path, op: 'changed' as const, redacted: true }];
    await outlet.tell(tell(transition({ kind: 'drift', unit: 'shop', finding: finding({ changes }) })));
    await outlet.tell(tell(transition(digestSubject)));

    expect(receiver.received[0]?.body).toContain('secret value differs');
    expect(JSON.parse(receiver.received[1]?.body ?? '').subject).not.toHaveProperty('members');
  });

  it.each([
    [500, {}, { scope: 'outlet', retryAfterMs: undefined }],
    [429, { 'retry-after': '7' }, { scope: 'outlet', retryAfterMs: 7_000 }],
    [400, {}, { scope: 'message', retryAfterMs: undefined }],
    [302, { location: 'http://elsewhere.invalid' }, { scope: 'outlet', retryAfterMs: undefined }],
  ])('says of the answer %i whether it is worth another try', async (status, headers, failure) => {
    receiver.answer(status, headers);

    await expect(outlet.tell(tell(transition(driftSubject)))).rejects.toMatchObject({
      code: 'HF1703',
      ...failure,
    });
  });

  it('that is not there is an outage', async () => {
    await receiver.close();

    await expect(outlet.tell(tell(transition(driftSubject)))).rejects.toMatchObject({
      code: 'HF1703',
      scope: 'outlet',
    });
  });
});
