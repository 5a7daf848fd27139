import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { FakeSlack } from './slack.ts';
import { FakeSocketMode } from './socket.ts';

let slack: FakeSlack;
let mode: FakeSocketMode;
let now: number;

beforeEach(async () => {
  now = Date.now();
  slack = await FakeSlack.start({ now: () => now });
  mode = new FakeSocketMode(slack);
});
afterEach(async () => {
  mode.close();
  await slack.close();
});

async function open(token: string): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${slack.url}apps.connections.open`, { method: 'POST', headers });
  return (await response.json()) as Record<string, unknown>;
}
const answer = (url: string, body: object) =>
  fetch(url, { method: 'POST', body: JSON.stringify(body) }).then(({ status }) => status);

describe('the fake Socket Mode', () => {
  it('is opened with an app-level token alone', async () => {
    expect(await open(slack.token)).toEqual({ ok: false, error: 'invalid_auth' });
    expect(await open(mode.appToken)).toMatchObject({ ok: true });
  });

  it('greets, sends envelopes and takes their acknowledgements', async () => {
    const { url } = await open(mode.appToken);
    const socket = new WebSocket(String(url));
    const types: string[] = [];
    await new Promise<void>(resolve => {
      socket.on('message', data => {
        const { type, envelope_id } = JSON.parse(String(data)) as { type: string; envelope_id?: string };
        types.push(type);
        if (envelope_id !== undefined)
          socket.send(JSON.stringify({ envelope_id, payload: { text: 'heard' } }));
        if (type === 'hello') resolve();
      });
    });
    expect(await mode.command({ user: 'U0ALICE' }, 'status').acknowledged).toEqual({ text: 'heard' });
    expect(types).toEqual(['hello', 'slash_commands']);
    socket.terminate();
  });

  it('has no button where none stands', () => {
    expect(() => mode.press({ user: 'U0ALICE' }, '1.0', 'holdfast.adopt')).toThrow('there is no button');
  });
});

describe('an address for answers', () => {
  it('takes five answers', async () => {
    const { use, url } = mode.newUse();
    for (let count = 0; count < 5; count++) expect(await answer(url, { text: 'x' })).toBe(200);
    expect(await answer(url, { text: 'x' })).toBe(404);
    expect(use.wrong).toEqual(['used_url']);
    expect(use.answers).toHaveLength(5);
  });

  it('takes them for half an hour', async () => {
    const { use, url } = mode.newUse();
    now += 1_800_001;
    expect(await answer(url, { text: 'x' })).toBe(404);
    expect(use.wrong).toEqual(['expired_url']);
  });

  it('takes no blocks that Slack would refuse', async () => {
    const { use, url } = mode.newUse();
    expect(await answer(url, { text: 'x', blocks: [{ type: 'section' }] })).toBe(400);
    expect(use.wrong).toHaveLength(1);
  });
});
