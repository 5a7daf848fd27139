import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../../sandbox/processes/ports.ts';
import { openWorkplace, type Workplace } from '../../../sandbox/processes/workplace.ts';
import { FakeSlack } from '../../fakes/slack/slack.ts';
import { commandFields, signedHeaders } from '../../fakes/slack/socket.ts';
import { type DaemonBench, daemonBench } from '../support/daemon.ts';
import { type DaemonChild, daemonChild } from '../support/daemon-child.ts';
import { configMap } from '../support/settings.ts';

/** Two observers to which Slack sends over HTTP: whichever gets a request, the one that tells carries it out. */
const signingSecret = 'signing-secret-of-the-fake';
let bench: DaemonBench;
let slack: FakeSlack;
let place: Workplace;
let second: DaemonChild & { url: string };

beforeAll(async () => {
  slack = await FakeSlack.start();
  bench = await daemonBench();
  const operator = await bench.scenario.person('operator', 'write');
  Object.assign(bench.env, {
    HOLDFAST_POD_IP: '127.0.0.1',
    SLACK_BOT_TOKEN: slack.token,
    SLACK_API_URL: slack.url,
    SLACK_SIGNING_SECRET: signingSecret,
    HOLDFAST_SLACK_CHANNEL: 'C0ALERTS',
    HOLDFAST_SLACK_TEAM: 'T0FAKE',
  });
  place = openWorkplace('second');
  mkdirSync(place.path('data'));
  const listen = `127.0.0.1:${await freePort()}`;
  const env = () => ({ ...bench.env, HOLDFAST_DATA: place.path('data'), HOLDFAST_LISTEN: listen });
  second = { ...daemonChild(place, env), url: `http://${listen}` };
  bench.start();
  const tip = await bench.land({
    'holdfast.yaml': `alerts:\n  slack:\n    channels: [C0ALERTS]\n    users:\n      U0OPERATOR: ${operator.login}\n`,
    'manifests/settings/settings.yaml': configMap(bench.app, 'settings', { colour: 'green', size: 'small' }),
  });
  await bench.synced('settings', tip);
  await bench.logged(['holds the lease holdfast-observer']);
  second.start();
  await bench.until('the second to be ready', async () =>
    fetch(`${second.url}/readyz`).then(
      answer => answer.ok,
      () => false,
    ),
  );
});
afterAll(async () => {
  await second?.stop();
  await bench?.stop();
  await place?.close();
  await slack?.close();
  await bench?.close();
});

it('a sync that is asked for at the other one is carried out once, and told in its thread', async () => {
  const requested = async () => (await bench.syncs()).filter(({ spec }) => spec.reason === 'request');
  const body = new URLSearchParams(
    commandFields({ user: 'U0OPERATOR' }, '/sync', 'run settings', `${slack.url}commands/1`, 'T.passed-on'),
  ).toString();
  const headers = signedHeaders(signingSecret, body, new Date());
  const response = await fetch(`${second.url}/slack/requests`, { method: 'POST', body, headers });
  expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('checking')]);
  await bench.until('the Sync', async () => (await requested()).length === 1);
  const count = async (url: string) =>
    /holdfast_slack_requests_total\{kind="command run",outcome="done"\} 1/.test(
      await (await fetch(`${url}/metrics`)).text(),
    );
  await bench.until('it to be counted where it was carried out', () => count(bench.url));
  expect(await count(second.url)).toBe(false);
  expect(await requested()).toHaveLength(1);
});
