import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TellFailure } from '../../../src/alerts/outlet.ts';
import { SlackOutlet } from '../../../src/alerts/slack/slack.ts';
import type { Incident, Transition } from '../../../src/incidents/incident.ts';
import { textOf } from '../../fakes/slack/blocks.ts';
import { FakeSlack } from '../../fakes/slack/slack.ts';
import { finding, imageChange } from '../../report/sample.ts';
import { driftSubject, refusedSubject, telling, transition } from '../sample.ts';

let slack: FakeSlack;
let outlet: SlackOutlet;

beforeEach(async () => {
  slack = await FakeSlack.start({ channels: { CSHOP: 'member', CALL: 'member' } });
  outlet = outletWith();
});
afterEach(() => slack.close());

function outletWith(options: { token?: string; channel?: string; timeoutMs?: number } = {}): SlackOutlet {
  return new SlackOutlet({
    token: options.token ?? slack.token,
    apiUrl: slack.url,
    channelOf: unit => options.channel ?? (unit === 'shop' ? 'CSHOP' : 'CALL'),
    timeoutMs: options.timeoutMs ?? 5_000,
  });
}

/** The same incident after it was told at this place. */
function later(
  one: Transition,
  place: Record<string, string>,
  next: Partial<Incident> & { what: Transition['what'] },
) {
  const { what, ...partial } = next;
  const told = { slack: { hash: 'x', state: one.incident.state, flaps: 0, place } };
  return { what, incident: { ...one.incident, ...partial, told } };
}

async function failure(telling: Promise<unknown>): Promise<TellFailure> {
  const error = await telling.then(
    () => undefined,
    thrown => thrown,
  );
  if (!(error instanceof TellFailure)) throw new Error('it should have failed', { cause: error });
  return error;
}

describe('Slack', () => {
  it('posts one message with verdict, field, both values, who, link and what next', async () => {
    await outlet.tell(transition(driftSubject), telling);

    const [message] = slack.messages;
    const text = textOf(message?.blocks).join('\n');
    expect(text).toContain(
      '*DRIFT* `shop`: `Deployment shop/cart` is not as declared (`main@a1b2c3d`, since 14:02:11Z)',
    );
    expect(text).toContain(`\`${imageChange.path}\`: \`cart:1.2\` → \`cart:1.3\``);
    expect(text).toContain('by `kubectl-set (Update, 2026-08-03T14:02:09Z)`');
    expect(text).toMatch(/<https:\/\/git\.example\.com\/[^|]+#L14\|manifests\/shop\/cart\.yaml:14>/);
    expect(text).toContain('next: nothing until a sync is asked for');
    expect(message?.text).toBe(
      'DRIFT shop: Deployment shop/cart is not as declared (main@a1b2c3d, since 14:02:11Z)',
    );
  });

  it('edits the same message, its text and its blocks', async () => {
    const opened = transition(driftSubject);
    const place = await outlet.tell(opened, telling);
    const resolved = later(opened, place, {
      what: 'resolved',
      state: 'resolved',
      resolvedAt: '2026-08-03T14:05:16Z',
    });

    expect(await outlet.tell(resolved, telling)).toEqual(place);

    expect(slack.messages).toHaveLength(1);
    expect(slack.messages[0]?.text).toMatch(/^RESOLVED /);
    expect(textOf(slack.messages[0]?.blocks).join()).toContain('*RESOLVED*');
  });

  it.each(['message_not_found', 'edit_window_closed', 'cant_update_message'])(
    'posts anew when the message cannot be edited: %s',
    async error => {
      const opened = transition(driftSubject);
      const place = await outlet.tell(opened, telling);
      slack.trouble({ error });

      const next = await outlet.tell(later(opened, place, { what: 'updated' }), telling);

      expect(slack.messages.map(message => message.ts)).toEqual([place['ts'], next['ts']]);
    },
  );

  it('asks for the channel of the unit, and keeps a message where it is', async () => {
    const opened = transition(driftSubject);
    const place = await outlet.tell(opened, telling);
    await outlet.tell(transition(refusedSubject), telling);
    await outletWith({ channel: 'CALL' }).tell(later(opened, place, { what: 'updated' }), telling);

    expect(slack.messages.map(message => message.channel)).toEqual(['CSHOP', 'CALL']);
  });

  it('never unfurls links and never looks for names', async () => {
    await outlet.tell(transition(driftSubject), telling);

    expect(slack.calls[0]?.arguments).toMatchObject({
      unfurl_links: 'false',
      unfurl_media: 'false',
      link_names: 'false',
    });
  });

  it('sends nothing of a secret value, wherever it looks', async () => {
    const change = { ...imageChange, declared: 'old-pass', live: 'new-pass', redacted: true };
    await outlet.tell(
      transition({ kind: 'drift', unit: 'shop', finding: finding({ changes: [change] }) }),
      telling,
    );

    expect(JSON.stringify(slack.calls)).toContain('secret value differs');
    expect(JSON.stringify(slack.calls)).not.toMatch(/old-pass|new-pass/);
  });

  it('tries once only and says how long Slack asks to wait', async () => {
    slack.trouble({ rateLimited: 7 });

    const failed = await failure(outlet.tell(transition(driftSubject), telling));

    expect(failed).toMatchObject({ scope: 'outlet', retryAfterMs: 7_000 });
    expect(slack.calls).toHaveLength(1);
  });

  it('tries once only on a failing server', async () => {
    slack.trouble({ status: 500 });

    expect(await failure(outlet.tell(transition(driftSubject), telling))).toMatchObject({
      code: 'HF1701',
      scope: 'outlet',
    });
    expect(slack.calls).toHaveLength(1);
  });

  it('does not wait for ever', async () => {
    slack.trouble({ hang: true });

    const failed = await failure(outletWith({ timeoutMs: 50 }).tell(transition(driftSubject), telling));

    expect(failed.scope).toBe('outlet');
  });

  it.each([
    ['an unknown channel', { channel: 'CNONE' }, 'HF1702', 'message'],
    ['a wrong token', { token: 'xoxb-wrong-token' }, 'HF1701', 'outlet'],
  ])('says for %s whether others are worth a try', async (_, options, code, scope) => {
    const failed = await failure(outletWith(options).tell(transition(driftSubject), telling));

    expect(failed).toMatchObject({ code, scope });
    expect(failed.line).not.toContain('xoxb');
  });

  it('says that Slack cannot be reached', async () => {
    await slack.close();

    expect((await failure(outlet.tell(transition(driftSubject), telling))).line).toMatch(
      /^HF1701 cannot reach Slack/,
    );
  });
});
