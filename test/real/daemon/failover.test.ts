import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../sandbox/processes/ports.ts';
import { openWorkplace, type Workplace } from '../../../sandbox/processes/workplace.ts';
import { FakeSlack } from '../../fakes/slack/slack.ts';
import { type DaemonBench, daemonBench } from '../support/daemon.ts';
import { type DaemonChild, daemonChild } from '../support/daemon-child.ts';
import { configMap, settingsOf } from '../support/settings.ts';

/** Two replicas of everything, a fake Slack that counts, and kill -9 for whichever leads. */
const many = 120;
let bench: DaemonBench;
let slack: FakeSlack;
let other: Workplace;
let replicas: DaemonChild[];

beforeAll(async () => {
  slack = await FakeSlack.start();
  bench = await daemonBench({
    files: app => ({
      ...settingsOf(app),
      'manifests/settings/others.yaml': ['first', 'second']
        .map(name => map(name, 'declared', app))
        .join('---\n'),
    }),
    env: {
      SLACK_BOT_TOKEN: slack.token,
      SLACK_API_URL: slack.url,
      HOLDFAST_SLACK_CHANNEL: 'C0ALERTS',
    },
  });
  other = openWorkplace('second');
  mkdirSync(other.path('data'));
  const listen = `127.0.0.1:${await freePort()}`;
  const second = daemonChild(other, () => ({
    ...bench.env,
    HOLDFAST_DATA: other.path('data'),
    HOLDFAST_LISTEN: listen,
  }));
  replicas = [bench, second];
  for (const replica of replicas) replica.start();
  await bench.synced('settings', bench.trustRoot);
  await bench.ready();
  await bench.until(
    'the second to be ready',
    async () => (await fetch(`http://${listen}/readyz`)).status === 200,
  );
});
afterAll(async () => {
  await Promise.all((replicas ?? []).map(replica => replica.stop()));
  await other?.close();
  await bench?.close();
  await slack?.close();
});

const map = (name: string, value: string, app = bench.app) => configMap(app, name, { value });
const edit = (name: string, value: string) =>
  bench.kubectl('patch', 'configmap', name, '-n', bench.app, '-p', JSON.stringify({ data: { value } }));
const messagesOf = (name: string) =>
  slack.messages.filter(({ text, blocks }) => JSON.stringify([text, blocks]).includes(name));

/** Who holds a lease, as the cluster says; the names that processes give themselves are in their logs. */
async function leader(lease: string): Promise<DaemonChild> {
  const path = ['get', 'lease', lease, '-n', bench.namespace, '-o', 'jsonpath={.spec.holderIdentity}'];
  return named(await bench.kubectl(...path), lease);
}

function named(holder: string, lease: string): DaemonChild {
  const found = replicas.find(replica => replica.log().includes(`${holder} holds the lease ${lease}`));
  if (found === undefined) throw new Error(`nobody said that ${holder} holds ${lease}`);
  return found;
}

describe('of two replicas', () => {
  it('the other tells after the one that told was killed, within its lease, and nothing twice', async () => {
    await edit('first', 'by-hand');
    await bench.until('a message about first', () => messagesOf('first').length === 1);
    const reports = () => bench.kubectl('get', 'driftreports', '-n', bench.namespace, '-o', 'json');
    await bench.until('it to be remembered', async () => (await reports()).includes('"slack/C0ALERTS"'));
    const killed = await leader('holdfast-observer');

    await killed.kill();
    const began = performance.now();
    await edit('second', 'by-hand');
    await bench.until('a message about second', () => messagesOf('second').length === 1);
    const tookMs = performance.now() - began;
    process.stdout.write(
      `told ${(tookMs / 1000).toFixed(1)} s after the leader was killed; the lease counts 6 s\n`,
    );

    await edit('first', 'declared');
    await edit('second', 'declared');
    const over = (name: string) => messagesOf(name).every(({ text }) => /resolved/i.test(text));
    await bench.until('both to be told as over', () => over('first') && over('second'));
    expect([messagesOf('first').length, messagesOf('second').length]).toEqual([1, 1]);
    // a lease of 6 s, the pause of a standby between two looks, and a busy machine
    expect(tookMs).toBeLessThan(12_000);
    killed.start();
  });

  it('the other ends the sync that the one which was killed had begun, and no other one', async () => {
    const files = Array.from({ length: many }, (_, index) => map(`many-${index}`, 'new'));
    const revision = await bench.land({ 'manifests/settings/many.yaml': files.join('---\n') });
    const begun = await bench.until('the sync to apply', async () =>
      (await bench.syncs()).find(
        ({ spec, status }) => spec.revision === revision && status?.phase === 'Applying',
      ),
    );

    // a lease names a holder that was killed until another takes over: whoever works on it is the one
    await named(begun.status?.holder ?? '', 'holdfast-converger').kill();
    const began = performance.now();
    await bench.until('another holder', async () => {
      const [now] = (await bench.syncs()).filter(({ spec }) => spec.revision === revision);
      return now?.status?.holder !== begun.status?.holder;
    });
    const tookMs = performance.now() - began;
    process.stdout.write(`taken up ${(tookMs / 1000).toFixed(1)} s after the kill; the lease counts 9 s\n`);

    const ended = await bench.synced('settings', revision);
    expect(ended.status).toMatchObject({
      phase: 'Succeeded',
      attempts: 2,
      resultCounts: { applied: many, failed: 0 },
    });
    expect((await bench.syncs()).filter(({ spec }) => spec.revision === revision)).toHaveLength(1);
    expect(tookMs).toBeLessThan(18_000);
    const list = ['get', 'configmaps', '-n', bench.app, '-o', 'jsonpath={.items[*].metadata.generation}'];
    expect(await bench.kubectl(...list)).not.toMatch(/[2-9]/);
    expect(slack.messages.filter(({ text }) => /many-/.test(text))).toEqual([]);
  });
});
