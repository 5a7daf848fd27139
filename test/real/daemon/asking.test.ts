import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FakeSlack } from '../../fakes/slack/slack.ts';
import { commandFields, FakeSocketMode, type FakeUse, signedHeaders } from '../../fakes/slack/socket.ts';
import { type DaemonBench, daemonBench } from '../support/daemon.ts';
import type { Person } from '../support/pulls.ts';
import { configMap } from '../support/settings.ts';

/** What people ask for in a fake Slack, of a daemon between a real Gitea and a real API server. */
let bench: DaemonBench;
let slack: FakeSlack;
let mode: FakeSocketMode;
let operator: Person;
let reader: Person;
let machine: Person;

const signingSecret = 'signing-secret-of-the-fake';
const [asOperator, asReader, asNobody] = [{ user: 'U0OPERATOR' }, { user: 'U0READER' }, { user: 'U0NOBODY' }];

beforeAll(async () => {
  slack = await FakeSlack.start();
  mode = new FakeSocketMode(slack);
  bench = await daemonBench();
  operator = await bench.scenario.person('operator', 'write');
  reader = await bench.scenario.person('reader', 'read');
  machine = await bench.scenario.person('machine', 'write');
  Object.assign(bench.env, {
    HOLDFAST_FORGE_WRITE_TOKEN: machine.token,
    SLACK_BOT_TOKEN: slack.token,
    SLACK_API_URL: slack.url,
    SLACK_APP_TOKEN: mode.appToken,
    SLACK_SIGNING_SECRET: signingSecret,
    HOLDFAST_SLACK_CHANNEL: 'C0ALERTS',
    HOLDFAST_SLACK_TEAM: 'T0FAKE',
  });
  bench.start();
  const tip = await bench.land({
    'holdfast.yaml': `alerts:\n  slack:\n    channels: [C0ALERTS]\n    users:\n      U0OPERATOR: ${operator.login}\n      U0READER: ${reader.login}\n`,
    'manifests/settings/settings.yaml': `# what the shop looks like\n${configMap(bench.app, 'settings', { colour: 'green', size: 'small' }).replace('"green"', "'green'   # as agreed")}`,
  });
  await bench.synced('settings', tip);
  await bench.until('a connection', () => mode.connected === 1);
});
afterAll(async () => {
  await bench?.stop();
  mode?.close();
  await slack?.close();
  await bench?.close();
});

const auditSchema = z.object({
  items: z.array(
    z.object({
      spec: z.object({
        action: z.string(),
        outcome: z.string(),
        by: z.string(),
        via: z.string(),
        reason: z.string(),
      }),
    }),
  ),
});
async function records() {
  const text = await bench.kubectl('get', 'auditrecords', '--namespace', bench.namespace, '-o', 'json');
  return auditSchema.parse(JSON.parse(text)).items.map(({ spec }) => spec);
}
const requested = async () => (await bench.syncs()).filter(({ spec }) => spec.reason === 'request');
const answered = (use: FakeUse, words: string) =>
  bench.until(`an answer with ${words}`, () => JSON.stringify(use.answers).includes(words));
const textOf = (value: unknown) => JSON.stringify(value);

describe('/sync run', () => {
  it('is refused to who is not in the map, and says how to be added', async () => {
    const use = mode.command(asNobody, 'run settings');
    expect(await use.acknowledged).toEqual({ response_type: 'ephemeral', text: 'checking …' });
    expect(await use.tookMs).toBeLessThan(3_000);
    await answered(use, 'HF1743');
    expect(textOf(use.answers)).toContain('U0NOBODY: &lt;your login&gt;');
    expect(await requested()).toEqual([]);
    expect(await records()).toContainEqual(
      expect.objectContaining({
        action: 'run',
        outcome: 'refused',
        by: 'U0NOBODY',
        via: 'slack',
        reason: expect.stringContaining('HF1743'),
      }),
    );
    await bench.logged(['HF1743', 'U0NOBODY']);
  });

  it('is refused to who may not write at the forge', async () => {
    const use = mode.command(asReader, 'run settings');
    await answered(use, 'HF1744');
    expect(await requested()).toEqual([]);
    expect(await records()).toContainEqual(
      expect.objectContaining({ action: 'run', outcome: 'refused', by: `U0READER (${reader.login})` }),
    );
  });

  it('is refused from another workspace and another channel', async () => {
    const elsewhere = mode.command({ ...asOperator, team: 'T0OTHER' }, 'run settings');
    await answered(elsewhere, 'HF1741');
    const lunch = mode.command({ ...asOperator, channel: 'C0LUNCH' }, 'run settings');
    await answered(lunch, 'HF1742');
    expect(await requested()).toEqual([]);
  });

  it.each([
    'run $(id)',
    'run ../settings',
    'run <!here>',
    'run settings;reboot',
    'run no-such-unit',
    'rollback --all',
  ])('does nothing for %j', async text => {
    const use = mode.command(asOperator, text);
    await bench.until('an answer', () => use.answers.length > 0);
    expect(textOf(use.answers)).not.toContain('<!here>');
    expect(use.wrong).toEqual([]);
    expect(await requested()).toEqual([]);
  });

  it('puts live right for who may, and the record says who asked', async () => {
    await bench.setColour('red');
    await bench.until('the drift in Slack', () =>
      slack.messages.some(({ text }) => text.startsWith('DRIFT')),
    );
    const use = mode.command(asOperator, 'run settings');
    expect(await use.tookMs).toBeLessThan(3_000);
    await answered(use, 'converged');
    expect(use.answers.length).toBeLessThanOrEqual(5);
    expect(use.wrong).toEqual([]);
    expect(await bench.colour()).toBe('green');
    const [sync, more] = await requested();
    expect(more).toBeUndefined();
    expect(sync).toMatchObject({
      spec: { unit: 'settings', reason: 'request', requestedBy: `U0OPERATOR (${operator.login})` },
      status: { phase: 'Succeeded', authorization: { verdict: 'authorized' } },
    });
    const told = await bench.until('the channel', () =>
      slack.messages.find(({ text }) => text.includes('asked for')),
    );
    await bench.until('the outcome in its thread', () =>
      slack.thread(told.ts).some(({ blocks }) => textOf(blocks).includes('converged')),
    );
    const incident = slack.messages.find(({ text }) => text.includes('ConfigMap'));
    await bench.until('the note in the thread of the incident', () =>
      slack.thread(incident?.ts ?? '').some(({ blocks }) => textOf(blocks).includes(operator.login)),
    );
  });
});

it('/sync status, diff and help answer, freeze holds syncs and unfreeze lets them go', async () => {
  const status = mode.command(asOperator, 'status');
  await answered(status, 'settings');
  await answered(mode.command(asOperator, 'diff'), 'as declared');
  await answered(mode.command(asNobody, 'help'), 'rollback');
  const frozen = mode.command(asOperator, 'freeze 2h the *database* <!here> moves');
  await answered(frozen, 'frozen');
  expect(textOf(frozen.answers)).not.toContain('<!here>');
  const run = mode.command(asOperator, 'run settings');
  await answered(run, 'waits');
  await answered(mode.command(asOperator, 'unfreeze'), 'lifted');
  await answered(run, 'converged');
});

describe('a button below an incident', () => {
  const incidents = () => slack.messages.filter(({ text }) => /^(DRIFT|RESOLVED)/.test(text));
  const open = () =>
    bench.until('an open incident', () => incidents().findLast(({ text }) => text.startsWith('DRIFT')));

  it('acknowledges and converges for who may, and for nobody else', async () => {
    await bench.setColour('blue');
    const message = await open();
    const stranger = mode.press(asNobody, message.ts, 'holdfast.acknowledge');
    await answered(stranger, 'HF1743');
    expect(stranger.answers.every(answer => answer['replace_original'] === false)).toBe(true);

    const taken = mode.press(asOperator, message.ts, 'holdfast.acknowledge');
    expect(await taken.acknowledged).toBeUndefined();
    await bench.until('who looks after it', () =>
      textOf(slack.workspace.messages.get(message.ts)).includes(operator.login),
    );

    const before = (await requested()).length;
    mode.press(asOperator, message.ts, 'holdfast.converge');
    await bench.until('the message without the button, naming who pressed', () => {
      const now = textOf(slack.workspace.messages.get(message.ts));
      return now.includes('converging was asked for by') && !now.includes('holdfast.converge');
    });
    await bench.until('green', async () => (await bench.colour()) === 'green');
    expect((await requested()).length).toBe(before + 1);
    await bench.until('the end', () => slack.workspace.messages.get(message.ts)?.text.startsWith('RESOLVED'));
  });

  it('opens a pull request that adopts what is live, and changes no other byte', async () => {
    await bench.setColour('violet');
    const message = await open();
    const use = mode.press(asOperator, message.ts, 'holdfast.adopt');
    await answered(use, 'is open');
    const [, number = ''] = /\/pulls\/(\d+)/.exec(textOf(use.answers)) ?? [];
    const { scenario } = bench;
    const { head, body } = await scenario.api.expect(
      z.object({ head: z.object({ ref: z.string(), sha: z.string() }), body: z.string() }),
      scenario.owner.token,
      'GET',
      `/repos/${scenario.repository}/pulls/${number}`,
    );
    expect(head.ref).toMatch(/^holdfast\/adopt-/);
    expect(body).toContain('violet');
    const file = async (ref: string) => {
      const { content } = await scenario.api.expect(
        z.object({ content: z.string() }),
        scenario.owner.token,
        'GET',
        `/repos/${scenario.repository}/contents/manifests/settings/settings.yaml?ref=${ref}`,
      );
      return Buffer.from(content, 'base64').toString('utf8');
    };
    expect(await file(head.sha)).toBe(
      (await file('main')).replace("'green'   # as agreed", "'violet'   # as agreed"),
    );
    expect((await records()).filter(({ action }) => action === 'adopt')).toMatchObject([{ outcome: 'done' }]);

    await bench.until('the message without the button, naming who pressed', () => {
      const now = textOf(slack.workspace.messages.get(message.ts));
      return now.includes('adopting this was asked for by') && !now.includes('holdfast.adopt');
    });

    const pull = { number: Number(number), head: head.sha };
    await scenario.review(operator, pull, 'APPROVED');
    await scenario.review(bench.approver, pull, 'APPROVED');
    const tip = await scenario.merge(scenario.owner, pull);
    await bench.synced('settings', tip);
    await bench.until('the end', () => slack.workspace.messages.get(message.ts)?.text.startsWith('RESOLVED'));
    expect(await bench.colour()).toBe('violet');
  });
});

it('/sync rollback opens a revert, which its asker cannot approve alone', async () => {
  const { scenario } = bench;
  const landed = await scenario.land(bench.author, [bench.approver], {
    'manifests/settings/more.yaml': configMap(bench.app, 'more', { x: '1' }),
  });
  await bench.synced('settings', landed.mergeCommit);
  const use = mode.command(asOperator, `rollback #${landed.number}`);
  await answered(use, 'is open');
  const [, number = ''] = /\/pulls\/(\d+)/.exec(textOf(use.answers)) ?? [];
  const pull = { number: Number(number), head: await scenario.tip(`holdfast/revert-${landed.number}`) };
  await scenario.review(operator, pull, 'APPROVED');
  const tip = await scenario.merge(scenario.owner, pull);
  const { code, stdout } = await bench.holdfast('verify', tip);
  expect(stdout).toContain('asked for this change');
  expect(code).toBe(1);
});

it('what Slack did not sign just now is refused, logged with its code and counted', async () => {
  const body = new URLSearchParams(
    commandFields(asOperator, '/sync', 'run settings', 'https://hooks.slack.com/x', 'T.http'),
  ).toString();
  const post = async (headers: Record<string, string>, text = body) =>
    (await fetch(`${bench.url}/slack/requests`, { method: 'POST', body: text, headers })).status;
  const hour = 3_600_000;
  const before = (await requested()).length;
  expect(await post({})).toBe(401);
  expect(await post(signedHeaders('another-secret', body, new Date()))).toBe(401);
  expect(await post(signedHeaders(signingSecret, body, new Date(Date.now() - hour)))).toBe(401);
  expect(await post(signedHeaders(signingSecret, body, new Date(Date.now() + hour)))).toBe(401);
  expect(await post({}, 'x'.repeat(300_000))).toBe(413);
  const help = body.replace('run+settings', 'help');
  const good = signedHeaders(signingSecret, help, new Date());
  expect(await post(good, help)).toBe(200);
  expect(await post(good, help)).toBe(401);
  expect((await requested()).length).toBe(before);
  const metrics = (await bench.get('/metrics')).text;
  const counts = { HF1746: 2, HF1747: 2, HF1748: 1, HF1749: 1 };
  for (const [code, count] of Object.entries(counts)) {
    expect(metrics).toContain(`holdfast_slack_requests_total{kind="http",outcome="${code}"} ${count}`);
    await bench.logged([code]);
  }
});

it('no secret of the installation is in anything that went to Slack, the console or the log', async () => {
  const everything = [textOf(slack.calls), bench.told(), bench.log()].join('\n');
  for (const secret of [slack.token, mode.appToken, signingSecret, machine.token, bench.scenario.owner.token])
    expect(everything).not.toContain(secret);
});
