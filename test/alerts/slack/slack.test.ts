import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SlackCalls } from '../../../src/alerts/slack/calls.ts';
import { SlackOutlet } from '../../../src/alerts/slack/slack.ts';
import { type Incident, type Note, type Transition, unitOf } from '../../../src/incidents/incident.ts';
import { TellFailure } from '../../../src/incidents/outlet.ts';
import { textOf } from '../../fakes/slack/blocks.ts';
import { FakeSlack } from '../../fakes/slack/slack.ts';
import { finding, imageChange } from '../../report/sample.ts';
import { driftSubject, refusedSubject, tell, transition } from '../sample.ts';

let slack: FakeSlack;
let outlet: SlackOutlet;

beforeEach(async () => {
  slack = await FakeSlack.start({ channels: { CSHOP: 'member', CALL: 'member' } });
  outlet = outletWith();
});
afterEach(() => slack.close());

function outletWith(options: { token?: string; channel?: string; timeoutMs?: number } = {}): SlackOutlet {
  const calls = new SlackCalls({
    token: options.token ?? slack.token,
    apiUrl: slack.url,
    timeoutMs: options.timeoutMs ?? 5_000,
  });
  const channelOf = (incident: Incident) =>
    options.channel ?? (unitOf(incident) === 'shop' ? 'CSHOP' : 'CALL');
  return new SlackOutlet({ calls, channelsOf: incident => [{ channel: channelOf(incident) }] });
}

/** Has an outlet tell something where it was told before, else where its lanes say, as the desk does. */
function told(by: SlackOutlet, one: Transition, doubtful = false) {
  const [before] = Object.entries(one.incident.told);
  const lane = before?.[0] ?? by.lanes(one.incident)[0]?.name ?? '';
  return by.tell(tell(one, { lane, place: before?.[1].place ?? {}, doubtful }));
}

/** The same incident after it was told at this place. */
function later(
  one: Transition,
  place: Record<string, string>,
  next: Partial<Incident> & Pick<Transition, 'what' | 'notes'>,
): Transition {
  const { what, notes, ...partial } = next;
  const before = { hash: 'x', state: one.incident.state, flaps: 0, seq: 0, place };
  const incident = { ...one.incident, ...partial, told: { [`slack/${place['channel']}`]: before } };
  return { what, incident, ...(notes === undefined ? {} : { notes }) };
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
    await told(outlet, transition(driftSubject));

    const [message] = slack.messages;
    const text = textOf(message?.blocks).join('\n');
    expect(text).toContain(
      ':large_orange_circle: *DRIFT* `prod/shop`: `Deployment shop/cart` is not as declared (`main@a1b2c3d`, since 14:02:11Z)',
    );
    expect(text).toContain(`\`${imageChange.path}\`: \`cart:1.2\` → \`cart:1.3\``);
    expect(text).toContain('by `kubectl-set (Update, 2026-08-03T14:02:09Z)`');
    expect(text).toMatch(/<https:\/\/git\.example\.com\/[^|]+#L14\|manifests\/shop\/cart\.yaml:14>/);
    expect(text).toContain('next: nothing until a sync is asked for');
    expect(message?.text).toBe(
      'DRIFT prod/shop: Deployment shop/cart is not as declared (main@a1b2c3d, since 14:02:11Z)',
    );
  });

  it('edits the same message, its text and its blocks', async () => {
    const opened = transition(driftSubject);
    const place = await told(outlet, opened);
    const resolved = later(opened, place, {
      what: 'resolved',
      state: 'resolved',
      resolvedAt: '2026-08-03T14:05:16Z',
    });

    expect(await told(outlet, resolved)).toEqual(place);

    expect(slack.messages).toHaveLength(1);
    expect(slack.messages[0]?.text).toMatch(/^RESOLVED /);
    expect(textOf(slack.messages[0]?.blocks).join()).toContain('*RESOLVED*');
  });

  it.each(['message_not_found', 'edit_window_closed', 'cant_update_message'])(
    'posts anew when the message cannot be edited: %s',
    async error => {
      const opened = transition(driftSubject);
      const place = await told(outlet, opened);
      slack.trouble({ error });

      const next = await told(outlet, later(opened, place, { what: 'updated' }));

      expect(slack.messages.map(message => message.ts)).toEqual([place['ts'], next['ts']]);
    },
  );

  it('asks for the channel of the unit, and keeps a message where it is', async () => {
    const opened = transition(driftSubject);
    const place = await told(outlet, opened);
    await told(outlet, transition(refusedSubject));
    await told(outletWith({ channel: 'CALL' }), later(opened, place, { what: 'updated' }));

    expect(slack.messages.map(message => message.channel)).toEqual(['CSHOP', 'CALL']);
  });

  it('never unfurls links and never looks for names', async () => {
    await told(outlet, transition(driftSubject));

    expect(slack.calls[0]?.arguments).toMatchObject({
      unfurl_links: 'false',
      unfurl_media: 'false',
      link_names: 'false',
    });
  });

  it('sends nothing of a secret value, wherever it looks', async () => {
    const change = { ...imageChange, declared: 'old-pass', live: 'new-pass', redacted: true };
    await told(outlet, transition({ kind: 'drift', unit: 'shop', finding: finding({ changes: [change] }) }));

    expect(JSON.stringify(slack.calls)).toContain('secret value differs');
    expect(JSON.stringify(slack.calls)).not.toMatch(/old-pass|new-pass/);
  });

  it('tries once only and says how long Slack asks to wait', async () => {
    slack.trouble({ rateLimited: 7 });

    const failed = await failure(told(outlet, transition(driftSubject)));

    expect(failed).toMatchObject({ scope: 'outlet', retryAfterMs: 7_000 });
    expect(slack.calls).toHaveLength(1);
  });

  it('tries once only on a failing server', async () => {
    slack.trouble({ status: 500 });

    expect(await failure(told(outlet, transition(driftSubject)))).toMatchObject({
      code: 'HF1701',
      scope: 'outlet',
    });
    expect(slack.calls).toHaveLength(1);
  });

  it('does not wait for ever', async () => {
    slack.trouble({ hang: true });

    const failed = await failure(told(outletWith({ timeoutMs: 50 }), transition(driftSubject)));

    expect(failed.scope).toBe('outlet');
  });

  it.each([
    ['an unknown channel', { channel: 'CNONE' }, 'HF1702', 'outlet'],
    ['a wrong token', { token: 'xoxb-wrong-token' }, 'HF1701', 'outlet'],
  ])('says for %s whether others are worth a try', async (_, options, code, scope) => {
    const failed = await failure(told(outletWith(options), transition(driftSubject)));

    expect(failed).toMatchObject({ code, scope });
    expect(failed.line).not.toContain('xoxb');
  });

  it('says that Slack cannot be reached', async () => {
    await slack.close();

    expect((await failure(told(outlet, transition(driftSubject)))).line).toMatch(
      /^HF1701 cannot reach Slack/,
    );
  });
});

describe('a post whose answer did not come', () => {
  it('is found by its id and not made again', async () => {
    slack.trouble({ late: true });
    const opened = transition(driftSubject);
    expect(await failure(told(outlet, opened))).toMatchObject({ ambiguous: true });

    const place = await told(outlet, opened, true);

    expect(slack.messages.map(({ ts }) => ts)).toEqual([place['ts']]);
  });

  it('is made when it did not arrive', async () => {
    slack.trouble({ status: 503 });
    await failure(told(outlet, transition(driftSubject)));
    await told(outlet, transition(driftSubject), true);

    expect(slack.messages).toHaveLength(1);
  });

  it('is dropped by Slack by its id where we may not look', async () => {
    await slack.close();
    const channels = { CSHOP: 'member' } as const;
    slack = await FakeSlack.start({ channels, scopes: ['chat:write'], heedsClientIds: true });
    outlet = outletWith();
    slack.trouble({ late: true });
    await failure(told(outlet, transition(driftSubject)));
    await told(outlet, transition(driftSubject), true);

    expect(slack.messages).toHaveLength(1);
  });

  it('is not taken for one that somebody else posted under the same id', async () => {
    slack.trouble({ late: true });
    await failure(told(outlet, transition(driftSubject)));
    await told(outlet, transition(driftSubject, 'opened', { id: 'beef' }), true);

    expect(slack.messages).toHaveLength(2);
  });

  it.each([
    ['is not ambiguous where nothing was sent', { rateLimited: 1 }, false],
    ['is ambiguous where Slack failed in the middle', { error: 'fatal_error' }, true],
    ['is not ambiguous where Slack refused', { error: 'restricted_action' }, false],
  ])('%s', async (_, trouble, ambiguous) => {
    slack.trouble(trouble);

    expect((await failure(told(outlet, transition(driftSubject)))).ambiguous).toBe(ambiguous);
  });
});

describe('the thread', () => {
  const noted = (place: Record<string, string>, ...notes: Note[]) =>
    told(outlet, later(transition(driftSubject), place, { what: 'noted', notes }));
  const note = (seq: number, words: string): Note => ({
    seq,
    at: '2026-08-03T14:05:16Z',
    what: 'note',
    id: 'sync/1',
    lines: [{ pieces: [{ outside: words }] }],
  });

  it('holds changes of state as replies', async () => {
    const place = await told(outlet, transition(driftSubject));
    await noted(place, {
      seq: 2,
      at: '2026-08-03T14:05:16Z',
      what: 'acknowledged',
      who: { name: '<!here> @here' },
    });

    const [reply] = slack.thread(place['ts'] ?? '');
    expect(textOf(reply?.blocks).join()).toBe('14:05:16Z acknowledged by `&lt;!here&gt; @\u200bhere`');
  });

  it('edits a note of the same id', async () => {
    const place = await told(outlet, transition(driftSubject));
    const after = await noted(place, note(2, 'runs'));
    await noted(after, note(3, 'done'));

    const replies = slack.thread(place['ts'] ?? '');
    expect(replies.map(({ text, edits }) => [text, edits])).toEqual([['done', 1]]);
  });

  it('begins anew below a new message when the old one was removed', async () => {
    const place = await told(outlet, transition(driftSubject));
    slack.remove(place['ts'] ?? '');
    const after = await noted(place, note(2, 'runs'));

    expect(slack.messages.map(({ ts }) => ts)).toEqual([after['ts']]);
  });

  it('has no reply for what the message says already', async () => {
    const place = await told(outlet, transition(driftSubject));
    await noted(place, { seq: 1, at: '2026-08-03T14:02:11Z', what: 'opened' });

    expect(slack.thread(place['ts'] ?? '')).toEqual([]);
  });

  it('holds all changes where the message has no room for them', async () => {
    const changes = [...Array(15).keys()].map(index => ({ ...imageChange, path: `/f${index}` }));
    const subject = { kind: 'drift', unit: 'shop', finding: finding({ changes }) } as const;
    const place = await told(outlet, transition(subject));
    const opened: Note = { seq: 1, at: '2026-08-03T14:02:11Z', what: 'opened' };
    await told(outlet, later(transition(subject), place, { what: 'noted', notes: [opened] }));

    expect(textOf(slack.messages[0]?.blocks).join()).toContain('and 9 more changes');
    expect(textOf(slack.thread(place['ts'] ?? '')[0]?.blocks).join()).toContain('/f14');
  });
});

describe('a route that calls people', () => {
  it('does so when an incident opens, and not at an edit', async () => {
    const calls = new SlackCalls({ token: slack.token, apiUrl: slack.url });
    const channel = { channel: 'CSHOP', mentions: ['SSHOP', 'U123', 'here', '<!channel>', '@everyone'] };
    outlet = new SlackOutlet({ calls, channelsOf: () => [channel] });
    const place = await told(outlet, transition(driftSubject));
    expect(textOf(slack.messages[0]?.blocks).at(-1)).toBe('<!subteam^SSHOP> <@U123> <!here>');

    await told(outlet, later(transition(driftSubject), place, { what: 'updated' }));
    expect(JSON.stringify(slack.messages[0]?.blocks)).not.toContain('SSHOP');
  });
});
