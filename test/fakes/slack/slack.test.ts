import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeSlack } from './slack.ts';

let slack: FakeSlack;
beforeAll(async () => {
  slack = await FakeSlack.start({ channels: { C1: 'member', C2: 'not-member', C3: 'archived' } });
});
afterAll(() => slack.close());

async function call(method: string, args: Record<string, unknown>, token: string | null = slack.token) {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (token !== null) headers['authorization'] = `Bearer ${token}`;
  const response = await fetch(slack.url + method, { method: 'POST', headers, body: JSON.stringify(args) });
  return response.status === 200
    ? ((await response.json()) as Record<string, unknown>)
    : { status: response.status };
}

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const post = (blocks: unknown) => call('chat.postMessage', { channel: 'C1', text: 'x', blocks });

describe('the fake Slack', () => {
  it('posts, edits and keeps the blocks that an edit leaves out', async () => {
    const { ts } = await call('chat.postMessage', { channel: 'C1', text: 'a', blocks: [section('one')] });

    expect(await call('chat.update', { channel: 'C1', ts, text: 'b' })).toMatchObject({ ok: true });

    const message = slack.messages.find(one => one.ts === ts);
    expect(message).toMatchObject({ text: 'b', edits: 1, blocks: [section('one')] });
  });

  it.each([
    ['no token', null, 'not_authed'],
    ['another token', 'xoxb-other', 'invalid_auth'],
  ])('refuses %s', async (_, token, error) => {
    expect(await call('auth.test', {}, token)).toEqual({ ok: false, error });
  });

  it.each([
    ['an unknown channel', { channel: 'C9', text: 'x' }, 'channel_not_found'],
    ['a channel that the bot is not in', { channel: 'C2', text: 'x' }, 'not_in_channel'],
    ['an archived channel', { channel: 'C3', text: 'x' }, 'is_archived'],
    ['nothing to say', { channel: 'C1' }, 'no_text'],
    ['a long text', { channel: 'C1', text: 'x'.repeat(40_001) }, 'msg_too_long'],
  ])('refuses %s', async (_, args, error) => {
    expect(await call('chat.postMessage', args)).toMatchObject({ ok: false, error });
  });

  it.each([
    ['no list', 'x', 'invalid_blocks_format'],
    ['51 blocks', Array(51).fill(section('x')), 'invalid_blocks'],
    ['a section of 3,001 characters', [section('x'.repeat(3_001))], 'invalid_blocks'],
    ['an empty section', [section('')], 'invalid_blocks'],
    ['a header in mrkdwn', [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }], 'invalid_blocks'],
    [
      'a header of 151 characters',
      [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }],
      'invalid_blocks',
    ],
    [
      '11 elements of context',
      [{ type: 'context', elements: Array(11).fill({ type: 'mrkdwn', text: 'x' }) }],
      'invalid_blocks',
    ],
    ['an unknown block', [{ type: 'banner' }], 'invalid_blocks'],
    ['an unknown field', [{ ...section('x'), colour: 'red' }], 'invalid_blocks'],
    [
      'the same block_id twice',
      [
        { ...section('x'), block_id: 'a' },
        { ...section('y'), block_id: 'a' },
      ],
      'invalid_blocks',
    ],
    ['12,000 characters in all', Array(4).fill(section('x'.repeat(3_000))), 'msg_blocks_too_long'],
  ])('refuses %s', async (_, blocks, error) => {
    expect(await post(blocks)).toMatchObject({ ok: false, error });
  });

  it('accepts what is just within the limits', async () => {
    expect(await post([section('x'.repeat(3_000)), ...Array(49).fill({ type: 'divider' })])).toMatchObject({
      ok: true,
    });
  });

  it('does not know a message that was removed', async () => {
    const { ts } = await call('chat.postMessage', { channel: 'C1', text: 'a' });
    slack.remove(String(ts));

    expect(await call('chat.update', { channel: 'C1', ts, text: 'b' })).toMatchObject({
      error: 'message_not_found',
    });
  });

  it('does not know other methods', async () => {
    expect(await call('chat.delete', {})).toMatchObject({ error: 'unknown_method' });
  });

  it('goes wrong as often as it was told to, and writes all down', async () => {
    slack.trouble({ status: 500 }, { rateLimited: 3 }, { error: 'cant_update_message' }, { late: true });
    const before = slack.messages.length;

    expect(await call('auth.test', {})).toEqual({ status: 500 });
    expect(await call('auth.test', {})).toEqual({ status: 429 });
    expect(await call('chat.update', {})).toMatchObject({ error: 'cant_update_message' });
    await expect(call('chat.postMessage', { channel: 'C1', text: 'late' })).rejects.toThrow();

    expect(slack.messages.length - before).toBe(1);
    expect(slack.calls.slice(-4).map(one => one.answer)).toEqual([
      'status 500',
      'rateLimited 3',
      'error cant_update_message',
      'ok',
    ]);
    expect(await call('auth.test', {})).toMatchObject({ ok: true });
  });
});
