import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeSlack } from '../../fakes/slack/slack.ts';
import { type DaemonBench, daemonBench } from '../support/daemon.ts';
import { waitUntil } from '../support/wait-until.ts';

let bench: DaemonBench;
let slack: FakeSlack;
beforeAll(async () => {
  slack = await FakeSlack.start({ token: 'xoxb-a-token-that-nobody-may-see' });
  bench = await daemonBench({
    env: {
      SLACK_BOT_TOKEN: slack.token,
      SLACK_API_URL: slack.url,
      HOLDFAST_SLACK_CHANNEL: 'C0ALERTS',
    },
  });
  bench.start();
  await bench.synced('settings', bench.trustRoot);
});
afterAll(async () => {
  await bench.close();
  await slack.close();
});

const stored = (words: string) =>
  waitUntil(`${words} to be stored`, async () =>
    (await bench.kubectl('get', 'driftreports', '-n', bench.namespace, '-o', 'json')).includes(words),
  );

describe('an incident', () => {
  it('is one message in Slack, which is edited when it is over', async () => {
    await bench.setColour('red');
    await bench.alert(['DRIFT', 'settings', 'red']);
    const [message] = await waitUntil('a message', () =>
      slack.messages.length > 0 ? slack.messages : undefined,
    );
    expect(JSON.stringify(message)).toMatch(/DRIFT.*settings.*green.*red/s);
    await bench.setColour('green');
    await waitUntil('the edit', () => slack.messages[0]?.text.includes('RESOLVED'));
    expect(slack.messages).toHaveLength(1);
    expect(slack.messages[0]).toMatchObject({ channel: 'C0ALERTS', edits: 1 });
  });

  it('is told when Slack works again', async () => {
    slack.down = true;
    await bench.kubectl('label', 'configmap', 'settings', '-n', bench.app, 'by-hand=yes');
    await bench.alert(['DRIFT', 'by-hand']);
    await bench.logged(['HF1701', 'SLACK_BOT_TOKEN']);
    slack.down = false;
    await waitUntil('the message', () => JSON.stringify(slack.messages.at(-1)).includes('by-hand'), 30_000);
    await bench.kubectl('label', 'configmap', 'settings', '-n', bench.app, 'by-hand-');
    await waitUntil('the edit', () => slack.messages.at(-1)?.text.includes('RESOLVED'));
  });

  it('that began while the daemon was down is told once after its start', async () => {
    await stored('"resolved"');
    expect(await bench.stop()).toMatchObject({ status: 0 });
    const [from, before] = [bench.told().length, slack.messages.length];
    await bench.setColour('violet');
    bench.start();
    await bench.alert(['DRIFT', 'green', 'violet'], { from });
    await waitUntil('the message', () =>
      slack.messages.some(({ blocks }) => JSON.stringify(blocks).includes('violet')),
    );
    await stored('violet');
    expect(slack.messages.length - before).toBeLessThanOrEqual(1);
  });

  it('that ended while the daemon was down is told as over after its start', async () => {
    await bench.stop();
    const [from, before] = [bench.told().length, slack.messages.length];
    await bench.setColour('green');
    bench.start();
    await bench.alert(['RESOLVED', 'settings'], { from });
    await waitUntil('the edit', () => slack.messages.at(-1)?.text.includes('RESOLVED'));
    expect(slack.messages).toHaveLength(before);
    expect(bench.told().slice(from)).not.toContain('DRIFT');
  });

  it('never shows the token', () => {
    expect(bench.log() + bench.told()).not.toContain('a-token-that-nobody-may-see');
  });
});
