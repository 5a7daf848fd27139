import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createWebhookReceiver } from '../../../src/forge/webhook/receiver.ts';

const secret = 'a secret of the hook';

async function* pieces(text: string, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function headersFor(text: string, id?: string): Record<string, string> {
  const signature = `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;
  return { 'x-hub-signature-256': signature, ...(id === undefined ? {} : { 'x-github-delivery': id }) };
}

describe('a webhook receiver', () => {
  it('says look for a signed delivery, in however many pieces it comes', async () => {
    const receiver = createWebhookReceiver({ secret });
    expect(await receiver.receive(headersFor('{"ref":"main"}'), pieces('{"ref":"main"}', 1))).toBe('look');
  });

  it('says repeated for an id that it has seen, and look for the next one', async () => {
    const receiver = createWebhookReceiver({ secret });
    const send = (id: string) => receiver.receive(headersFor('{}', id), pieces('{}'));
    expect([await send('one'), await send('one'), await send('two')]).toEqual(['look', 'repeated', 'look']);
  });

  it('reads the id of Gitea as well', async () => {
    const receiver = createWebhookReceiver({ secret });
    const send = () => receiver.receive({ ...headersFor('{}'), 'x-gitea-delivery': 'one' }, pieces('{}'));
    expect([await send(), await send()]).toEqual(['look', 'repeated']);
  });

  it('does not remember the id of a delivery that it refused, so that nobody can use one up', async () => {
    const receiver = createWebhookReceiver({ secret });
    expect(await receiver.receive(headersFor('other', 'one'), pieces('{}'))).toBe('refused');
    expect(await receiver.receive(headersFor('{}', 'one'), pieces('{}'))).toBe('look');
  });

  it('forgets the oldest id, so that its memory is bounded', async () => {
    const receiver = createWebhookReceiver({ secret, remember: 2 });
    const send = (id: string) => receiver.receive(headersFor('{}', id), pieces('{}'));
    for (const id of ['one', 'two', 'three']) expect(await send(id)).toBe('look');
    expect([await send('three'), await send('two'), await send('one')]).toEqual([
      'repeated',
      'repeated',
      'look',
    ]);
  });

  it('stops reading at the limit', async () => {
    let read = 0;
    async function* endless() {
      for (;;) {
        read += 1;
        yield new Uint8Array(1024);
      }
    }
    const receiver = createWebhookReceiver({ secret, limit: 10 * 1024 });
    expect(await receiver.receive(headersFor('{}'), endless())).toBe('too-large');
    expect(read).toBe(11);
  });

  it('refuses a body that breaks off', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('{}');
      throw new Error('aborted');
    }
    expect(await createWebhookReceiver({ secret }).receive(headersFor('{}'), broken())).toBe('refused');
  });
});
