import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { FakeAws } from '../../fakes/aws/server.ts';
import { FakeSlack } from '../../fakes/slack/slack.ts';
import { type DaemonBench, daemonBench } from '../support/daemon.ts';
import { waitUntil } from '../support/wait-until.ts';

vi.setConfig({ testTimeout: 900_000, hookTimeout: 300_000 });

const slow = 300_000;
const roles = ['read', 'apply'].map(name => `arn:aws:iam::111111111111:role/${name}`);
const filesOf = (name: string) => ({
  'infra-state/shop/deployment.yaml': 'template-file-path: templates/shop.yaml\ntags: {team: shop}\n',
  'templates/shop.yaml': `Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: ${name}
  Network:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: network.yaml}
`,
  'templates/network.yaml': 'Resources: {Inner: {Type: AWS::SNS::Topic, Properties: {DisplayName: inner}}}\n',
});

let aws: FakeAws;
let slack: FakeSlack;
let bench: DaemonBench;
beforeAll(async () => {
  aws = await FakeAws.start();
  slack = await FakeSlack.start();
  bench = await daemonBench({
    files: () => ({
      ...filesOf('shop'),
      'holdfast.yaml': `units:
  - name: shop
    driver: cloudformation
    path: infra-state/shop
    schedule: '* * * * *'
    cloudformation: {region: eu-west-1, bucket: templates, role: '${roles[0]}', applyRole: '${roles[1]}'}
`,
    }),
    env: {
      ...aws.environment,
      SLACK_BOT_TOKEN: slack.token,
      SLACK_API_URL: slack.url,
      HOLDFAST_SLACK_CHANNEL: 'C0ALERTS',
      HOLDFAST_HEALTH_SECONDS: '300',
    },
  });
});
afterAll(async () => {
  await bench?.close();
  await slack?.close();
  await aws?.close();
});

const converged = (revision: string) =>
  bench.until(
    `the sync to ${revision.slice(0, 7)}`,
    async () =>
      (await bench.syncs()).find(
        ({ spec, status }) => spec.revision === revision && status?.finishedAt !== undefined,
      ),
    slow,
  );
const told = (beginning: string) => slack.messages.find(({ text }) => text.startsWith(beginning));

it('a stack is made when it is merged; drift is told in Slack, put right by the next merge, and resolved', async () => {
  bench.start();
  const first = await converged(bench.trustRoot);
  expect([first.status?.phase, first.status?.message]).toEqual([
    'Succeeded',
    expect.stringMatching(/applied, all as declared$/),
  ]);
  expect(aws.world.resource('shop', 'Topic').live).toEqual({ DisplayName: 'shop' });
  expect(aws.world.resource('shop-Network', 'Inner').live).toEqual({ DisplayName: 'inner' });

  aws.world.resource('shop', 'Topic').live = { DisplayName: 'by hand' };
  aws.world.trail.push({
    resource: aws.world.resource('shop', 'Topic').physicalId,
    name: 'SetTopicAttributes',
    arn: 'arn:aws:iam::111111111111:user/alice',
    time: new Date(Date.now() + 1000),
  });
  await waitUntil('the alert', () => told('DRIFT'), slow);
  const message = JSON.stringify(told('DRIFT'));
  for (const words of ['Topic', 'DisplayName', 'by hand', 'templates/shop.yaml', 'alice'])
    expect(message).toContain(words);

  const before = aws.sessions.filter(({ role }) => role === roles[1]).length;
  const merged = await bench.land(filesOf('store'));
  const second = await converged(merged);
  expect(second.status?.phase).toBe('Succeeded');
  expect(
    second.status?.plan?.actions.map(({ action, resource, paths }) => [action, resource.name, paths]),
  ).toEqual([['change', 'Topic', ['/DisplayName']]]);
  expect(aws.world.resource('shop', 'Topic').live).toEqual({ DisplayName: 'store' });
  expect(before).toBeGreaterThan(0);
  await waitUntil('the end of the story', () => told('RESOLVED'), slow);
  expect(slack.messages).toHaveLength(1);
  expect(aws.changeSets.size).toBeLessThanOrEqual(4);
});
