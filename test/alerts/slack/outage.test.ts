import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SlackCalls } from '../../../src/alerts/slack/calls.ts';
import { SlackOutlet } from '../../../src/alerts/slack/slack.ts';
import { IncidentDesk } from '../../../src/incidents/desk.ts';
import { MemoryStore } from '../../fakes/incidents/parts.ts';
import { FakeSlack } from '../../fakes/slack/slack.ts';
import { comparison, drift } from '../../incidents/sample.ts';
import { telling } from '../sample.ts';

let slack: FakeSlack;
let desk: IncidentDesk;

beforeEach(async () => {
  slack = await FakeSlack.start();
  const calls = new SlackCalls({ token: slack.token, apiUrl: slack.url });
  desk = new IncidentDesk({
    outlets: [new SlackOutlet({ calls, channelsOf: () => [{ channel: 'C0ALERTS' }] })],
    store: new MemoryStore(),
    telling: () => telling,
    onFailure: () => undefined,
  });
  desk.start();
});
afterEach(async () => {
  await desk.close();
  await slack.close();
});

const idle = () => vi.waitUntil(() => desk.idle, { timeout: 10_000, interval: 10 });
const compare = (live?: string) =>
  desk.compared(comparison(live === undefined ? [] : [drift('cart', live)]), { revision: null });

it('is one message of one incident, with its newest state after Slack was down', async () => {
  compare('cart:1.3');
  await idle();
  slack.down = true;
  compare('cart:1.4');
  await vi.waitUntil(() => slack.calls.at(-1)?.answer === 'status 503', { timeout: 5_000 });
  compare('cart:1.5');
  compare();
  slack.down = false;
  await idle();

  expect(slack.messages).toHaveLength(1);
  expect(slack.messages[0]).toMatchObject({ edits: 1 });
  expect(slack.messages[0]?.text).toMatch(/^RESOLVED prod\/shop/);
  expect(slack.calls.filter(call => call.answer === 'ok').map(call => call.method)).toEqual([
    'chat.postMessage',
    'chat.update',
    'chat.postMessage',
  ]);
  const replies = slack.thread(slack.messages[0]?.ts ?? '').map(reply => reply.text);
  expect(replies).toEqual([expect.stringMatching(/^RESOLVED prod\/shop/)]);
});
