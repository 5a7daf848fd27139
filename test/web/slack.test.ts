import { beforeEach, describe, expect, it } from 'vitest';
import type { Asked } from '../../src/alerts/slack/inbound/payload.ts';
import { Metrics } from '../../src/daemon/metrics.ts';
import type { Failure } from '../../src/failure/failure.ts';
import { type Relay, slackRequests } from '../../src/web/slack.ts';
import { commandFields, signedHeaders } from '../fakes/slack/socket.ts';

const secret = 'a-signing-secret-of-the-fake';
let now: Date;
let taken: Asked[];
let refused: Failure[];
let app: ReturnType<typeof slackRequests>;

beforeEach(() => {
  now = new Date('2026-01-02T03:04:05Z');
  taken = [];
  refused = [];
  app = slackRequests({
    signingSecret: secret,
    take: asked => {
      taken.push(asked);
      return { text: 'checking …' };
    },
    onRefused: failure => refused.push(failure),
    now: () => now,
    limit: 4_000,
  });
});

const command = (text = 'status', trigger = 'T1') =>
  new URLSearchParams(
    commandFields({ user: 'U0ALICE' }, '/sync', text, 'https://hooks.slack.com/commands/1', trigger),
  ).toString();

function post(body: string, headers: Record<string, string> = signedHeaders(secret, body, now)) {
  return app.request('/slack/requests', { method: 'POST', body, headers });
}

it('takes a command that Slack signed just now, and gives its answer', async () => {
  const response = await post(command('run shop'));
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ text: 'checking …' });
  expect(taken).toMatchObject([
    {
      kind: 'command',
      text: 'run shop',
      asker: { team: 'T0FAKE', user: 'U0ALICE', channel: 'C0ALERTS', bot: false },
    },
  ]);
  expect(refused).toEqual([]);
});

it('takes a press of a button', async () => {
  const payload = JSON.stringify({
    type: 'block_actions',
    team: { id: 'T0FAKE' },
    user: { id: 'U0ALICE', team_id: 'T0OTHER' },
    channel: { id: 'C0ALERTS' },
    trigger_id: 'T2',
    actions: [{ action_id: 'holdfast.snooze', block_id: 'holdfast:abc', selected_option: { value: '1h' } }],
  });
  expect((await post(`payload=${encodeURIComponent(payload)}`)).status).toBe(200);
  expect(taken).toMatchObject([
    { kind: 'button', action: 'snooze', block: 'holdfast:abc', value: '1h', asker: { userTeam: 'T0OTHER' } },
  ]);
});

describe('refused, told with a code, and not taken is', () => {
  const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
  it.each<[string, string, number, () => Response | Promise<Response>]>([
    ['what is not signed', 'HF1746', 401, () => post(command(), {})],
    [
      'what is signed with another secret',
      'HF1746',
      401,
      () => post(command(), signedHeaders('other', command(), now)),
    ],
    [
      'what was changed on the way',
      'HF1746',
      401,
      () => post(command('run'), signedHeaders(secret, command(), now)),
    ],
    [
      'what was signed six minutes ago',
      'HF1747',
      401,
      () => post(command(), signedHeaders(secret, command(), later(-360))),
    ],
    [
      'what is from an hour ahead',
      'HF1747',
      401,
      () => post(command(), signedHeaders(secret, command(), later(3600))),
    ],
    ['what is too large', 'HF1749', 413, () => post(command('x'.repeat(4_000)))],
    ['what is signed and no command', 'HF1750', 400, () => post('team_id=T1&x=1')],
    ['what is signed and no JSON', 'HF1750', 400, () => post('payload={')],
    [
      'a press of a button of somebody else',
      'HF1750',
      400,
      () =>
        post(
          `payload=${encodeURIComponent(JSON.stringify({ type: 'block_actions', team: { id: 'T0' }, user: { id: 'U0A' }, channel: { id: 'C00' }, actions: [{ action_id: 'other.app', block_id: 'x' }] }))}`,
        ),
    ],
  ])('%s', async (_what, code, status, send) => {
    const response = await send();
    expect(response.status).toBe(status);
    expect(await response.text()).toBe('');
    expect(refused.map(failure => failure.code)).toEqual([code]);
    expect(taken).toEqual([]);
  });

  it('what comes a second time, also signed anew', async () => {
    const body = command();
    const headers = signedHeaders(secret, body, now);
    expect((await post(body, headers)).status).toBe(200);
    expect((await post(body, headers)).status).toBe(401);
    now = later(60);
    expect((await post(body)).status).toBe(401);
    expect(refused.map(failure => failure.code)).toEqual(['HF1748', 'HF1748']);
    expect(taken).toHaveLength(1);
  });

  it('anything that is not posted there', async () => {
    expect((await app.request('/slack/requests')).status).toBe(404);
    expect((await app.request('/slack/other', { method: 'POST' })).status).toBe(404);
  });
});

it('holds nothing of a refused request in what is logged', async () => {
  await post(command('run secret-words'), {});
  expect(JSON.stringify(refused.map(failure => failure.line))).not.toContain('secret-words');
});

it('counts what was refused, by its code', async () => {
  const metrics = new Metrics();
  metrics.slackRequest('http', 'HF1746');
  expect(await metrics.registry.metrics()).toContain(
    'holdfast_slack_requests_total{kind="http",outcome="HF1746"} 1',
  );
});

it('answers the test of the certificate', async () => {
  expect((await post('ssl_check=1&token=x')).status).toBe(200);
  expect(taken).toEqual([]);
});

describe('where another process is the one that tells', () => {
  const relayed: Parameters<Relay>[] = [];
  const passing = (answer: Awaited<ReturnType<Relay>>) => {
    relayed.length = 0;
    app = slackRequests({
      signingSecret: secret,
      take: asked => void taken.push(asked),
      relay: async (...sent) => {
        relayed.push(sent);
        return answer;
      },
      onRefused: failure => refused.push(failure),
      now: () => now,
    });
  };
  const press = `payload=${encodeURIComponent(
    JSON.stringify({
      type: 'block_actions',
      team: { id: 'T0FAKE' },
      user: { id: 'U0ALICE' },
      channel: { id: 'C0ALERTS' },
      actions: [{ action_id: 'holdfast.acknowledge', block_id: 'holdfast:abc' }],
    }),
  )}`;

  it('that one gets the request as Slack signed it, and its answer is given', async () => {
    passing({ status: 200, text: '{"text":"from there"}' });
    const response = await post(command());
    expect([response.status, await response.json()]).toEqual([200, { text: 'from there' }]);
    const [[body, headers] = []] = relayed;
    expect(body?.toString()).toBe(command());
    expect(headers).toMatchObject(signedHeaders(secret, command(), now));
    expect(taken).toEqual([]);
  });

  it('and cannot be asked, the request is taken here', async () => {
    passing(undefined);
    expect((await post(command())).status).toBe(200);
    expect(taken).toHaveLength(1);
  });

  it('what was passed on is not passed on again', async () => {
    passing({ status: 200, text: '' });
    await post(command(), { ...signedHeaders(secret, command(), now), 'x-holdfast-relayed': '1' });
    expect([relayed.length, taken.length]).toEqual([0, 1]);
  });

  it('what nobody signed is not passed on', async () => {
    passing({ status: 200, text: '' });
    expect((await post(command(), {})).status).toBe(401);
    expect(relayed).toEqual([]);
  });

  it('a command of which nobody knows whether it arrived is not carried out here as well', async () => {
    passing('lost');
    const response = await post(command());
    expect(await response.json()).toMatchObject({ text: expect.stringContaining('HF1755') });
    expect([taken.length, refused.map(({ code }) => code)]).toEqual([0, ['HF1755']]);
  });

  it('a press of which nobody knows whether it arrived is answered here', async () => {
    passing('lost');
    expect((await post(press)).status).toBe(200);
    expect(taken).toHaveLength(1);
  });

  it.each([
    [401, 401],
    [503, 503],
    [302, 502],
  ])('its status %i becomes %i, and no word of its body is given', async (status, given) => {
    passing({ status, text: 'words' });
    const response = await post(command());
    expect([response.status, await response.text()]).toEqual([given, '']);
  });
});
