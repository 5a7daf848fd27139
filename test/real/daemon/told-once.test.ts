import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeSlack } from '../../fakes/slack/slack.ts';
import { type DaemonBench, daemonBench } from '../support/daemon.ts';
import { waitUntil } from '../support/wait-until.ts';

let bench: DaemonBench;
let slack: FakeSlack;
beforeAll(async () => {
  slack = await FakeSlack.start();
  bench = await daemonBench({
    env: { SLACK_BOT_TOKEN: slack.token, SLACK_API_URL: slack.url, HOLDFAST_SLACK_CHANNEL: 'C0ALERTS' },
  });
  bench.start();
  await bench.synced('settings', bench.trustRoot);
});
afterAll(async () => {
  await bench.close();
  await slack.close();
});

const posts = () => slack.calls.filter(({ method }) => method === 'chat.postMessage').length;

describe('a daemon that is killed when Slack has its message and has not answered yet', () => {
  it('finds the message when it is started again, edits it, and posts no other', async () => {
    slack.trouble({ silent: true });
    await bench.setColour('red');
    await waitUntil('the post', () => posts() === 1);
    await bench.kill();
    expect(slack.messages).toHaveLength(1);

    bench.start();
    await bench.ready();
    await waitUntil('the message to be looked for', () =>
      slack.calls.some(({ method }) => method === 'conversations.history'),
    );
    await bench.setColour('green');
    await waitUntil('the end', () => slack.messages[0]?.text.startsWith('RESOLVED '), 30_000);

    expect(slack.messages).toHaveLength(1);
    const replies = slack.thread(slack.messages[0]?.ts ?? '').map(({ text }) => text);
    expect(new Set(replies).size).toBe(replies.length);
  });

  it('leaves an Event on the object for kubectl describe', async () => {
    await waitUntil('the events', async () => {
      const told = await bench.kubectl('describe', 'configmap', 'settings', '-n', bench.app);
      return told.includes('Drifted') && told.includes('AsDeclared');
    });
  });
});
