import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hooks } from '../../../src/web/hooks.ts';

const secret = 'a secret of the webhook';
const sign = (body: string) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

function bench() {
  let looks = 0;
  const app = hooks(secret, () => {
    looks += 1;
  });
  const send = async (body: string, headers: Record<string, string>) =>
    (await app.request('/hooks/forge', { method: 'POST', body, headers })).status;
  return { send, looks: () => looks };
}

describe('threat 25: a webhook', () => {
  it('threat 25 is at most a look, whatever its body says', async () => {
    const { send, looks } = bench();
    const body = JSON.stringify({ ref: 'refs/heads/main', after: 'f'.repeat(40), authorized: true });
    expect(await send(body, { 'x-hub-signature-256': sign(body) })).toBe(202);
    expect(looks()).toBe(1);
  });

  it('threat 25 is nothing when its id came before', async () => {
    const { send, looks } = bench();
    const headers = { 'x-hub-signature-256': sign('{}'), 'x-github-delivery': 'one' };
    expect([await send('{}', headers), await send('{}', headers)]).toEqual([202, 202]);
    expect(looks()).toBe(1);
  });

  it.each([
    ['a wrong signature', '{}', { 'x-hub-signature-256': sign('{"a":1}') }, 401],
    ['no header', '{}', {}, 401],
    ['a wrong plain token', '{}', { 'x-gitlab-token': 'guess' }, 401],
    ['a body of 26 MB', 'x'.repeat(26 * 1024 * 1024), {}, 413],
  ])('threat 25 is refused with %s', async (_what, body, headers, status) => {
    const { send, looks } = bench();
    const signed = status === 413 ? { 'x-hub-signature-256': sign(body) } : headers;
    expect(await send(body, signed)).toBe(status);
    expect(looks()).toBe(0);
  });
});
