import { beforeAll, describe, expect, it } from 'vitest';
import type { MemoryStore } from '../../fakes/incidents/parts.ts';
import type { FakeSlack } from '../../fakes/slack/slack.ts';
import { playHour, secretValues } from './script.ts';
import { transcript } from './transcript.ts';

let slack: FakeSlack;
let store: MemoryStore;
beforeAll(async () => {
  ({ slack, store } = await playHour());
}, 60_000);

describe('a bad hour', () => {
  it('is told by exactly these messages, edits and replies', async () => {
    await expect(transcript(slack.workspace.history)).toMatchFileSnapshot('transcript.txt');
  });

  it('has one message for each divergence, however often it was told, killed and handed over', () => {
    const subjects = slack.messages.map(({ channel, text }) => {
      const [, subject] = /^\w+ ([^:]+: (?:the )?[\w-]+ [\w/-]+)/.exec(text) ?? [];
      return `${channel} ${subject}`;
    });
    expect(subjects).toEqual([
      'CSHOP prod/shop: Deployment shop/cart',
      'CSHOP prod/shop: Deployment shop/web',
      'CPAY prod/payments: Secret payments/database',
      'CPAY prod/payments: ConfigMap payments/settings',
      'CSHOP prod/shop: Deployment shop/api',
      'CSHOP prod/shop: the 200 resources',
      'CSHOP prod/shop: Deployment shop/search',
    ]);
  });

  it('ends with every message saying that it is over', () => {
    for (const message of slack.messages) expect(message.text).toMatch(/^RESOLVED /);
  });

  it('never met the rates of Slack, nor its limits of messages', () => {
    const refused = slack.calls.filter(call => !['ok', 'status 503', 'late true'].includes(call.answer));
    expect(refused).toEqual([]);
  });

  it('sent no secret value anywhere, and stored none', () => {
    const all = JSON.stringify(slack.calls) + JSON.stringify([...store.reports]);
    for (const value of secretValues) expect(all).not.toContain(value);
    expect(all).toContain('secret value differs');
    expect(all).toContain('USD');
  });
});
