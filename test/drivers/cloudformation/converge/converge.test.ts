import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StackSettings } from '../../../../src/declared/settings/stack.ts';
import { cloudFormationDriver } from '../../../../src/drivers/cloudformation/driver.ts';
import type { AppliedResource, Driver, Plan } from '../../../../src/drivers/driver.ts';
import { FakeAws } from '../../../fakes/aws/server.ts';
import { shopFiles, stackUnit } from '../support/unit.ts';

const template = `Parameters:
  Delay: {Type: Number, Default: 5}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: !Ref Delay
      QueueName: work
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: Shop
      Owner: !Ref Queue
`;

let aws: FakeAws;
let driver: Driver;
beforeEach(async () => {
  aws = await FakeAws.start();
  for (const [name, value] of Object.entries(aws.environment)) vi.stubEnv(name, value);
  driver = cloudFormationDriver({ patience: { everyMs: 1, mostMs: 2000 } });
  aws.world.types.set('AWS::SQS::Queue', {
    detects: true,
    schema: {
      properties: {},
      primaryIdentifier: ['/properties/Url'],
      handlers: { read: {} },
      createOnlyProperties: ['/properties/QueueName'],
    },
  });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await aws.close();
});

function repository(text = template, deployment = '', settings: StackSettings = {}) {
  return stackUnit(shopFiles(text, deployment), settings);
}

const plan = ({ unit, declaration }: ReturnType<typeof repository>) => driver.plan(unit, declaration);
const shortPlan = ({ actions, refused }: Plan) => [
  ...actions.map(({ action, resource, paths = [] }) => [action, resource.name, ...paths].join(' ')),
  ...refused.map(({ resource, message }) => `refused ${resource.name} ${message}`),
];

async function applied(
  repo: ReturnType<typeof repository>,
  planned: Plan,
  signal = new AbortController().signal,
) {
  const told: AppliedResource[] = [];
  const results = await driver.apply(repo.unit, repo.declaration, planned, {
    onResource: each => told.push(each),
    signal,
    healthTimeoutMs: 1000,
  });
  return { told, results };
}
const short = (all: AppliedResource[]) =>
  all.map(({ resource, result, message = '' }) => `${result} ${resource.name} ${message}`.trim());

function changeByHand(logicalId: string, values: Record<string, string | number>): void {
  const resource = aws.world.resource('shop', logicalId);
  resource.live = { ...resource.live, ...values };
}

describe('a plan', () => {
  it('is empty where all is as declared, and leaves nothing behind', async () => {
    aws.world.create('shop', template);
    expect(shortPlan(await plan(repository()))).toEqual([]);
    expect(aws.count('CreateChangeSet')).toBe(0);
  });

  it('reverts drift by a drift-aware change set, and removes that again', async () => {
    aws.world.create('shop', template);
    changeByHand('Topic', { DisplayName: 'Hacked' });
    expect(shortPlan(await plan(repository()))).toEqual(['change Topic /DisplayName']);
    expect(aws.changeSets.size).toBe(0);
  });

  it('carries a merge out by a plain one, with what refers to what was changed', async () => {
    aws.world.create('shop', template);
    const merged = repository(
      template.replace('DisplayName: Shop', 'DisplayName: Store'),
      'parameters: {Delay: 7}\n',
    );
    expect(shortPlan(await plan(merged))).toEqual([
      'change Queue /DelaySeconds',
      'change Topic /DisplayName',
    ]);
  });

  it('has the same digest for the same changes, and another for other values', async () => {
    aws.world.create('shop', template);
    changeByHand('Topic', { DisplayName: 'Hacked' });
    const [one, two] = [await plan(repository()), await plan(repository())];
    expect(one.digest).toBe(two.digest);
    changeByHand('Topic', { DisplayName: 'Again' });
    expect((await plan(repository())).digest).not.toBe(one.digest);
  });

  it('makes a stack that is not there', async () => {
    expect(shortPlan(await plan(repository()))).toEqual(['create Queue', 'create Topic']);
  });

  it('removes a set that has no changes', async () => {
    aws.world.create('shop', template);
    const moved = repository(template.replace('Parameters:', 'Description: more words\nParameters:'));
    expect(shortPlan(await plan(moved))).toEqual([]);
    expect(aws.count('CreateChangeSet')).toBe(1);
    expect(aws.changeSets.size).toBe(0);
  });
});

describe('a plan is refused', () => {
  beforeEach(() => {
    aws.world.create('shop', template);
  });

  it('when the set would do more than was found', async () => {
    changeByHand('Topic', { DisplayName: 'Hacked' });
    aws.world.trouble.phantom = 'Queue';
    expect(shortPlan(await plan(repository()))).toEqual([
      'refused Queue HF1931 nothing was found of it and the merge does not touch it',
    ]);
    expect(aws.changeSets.size).toBe(0);
  });

  it('when the set would change another property of what was found', async () => {
    changeByHand('Topic', { DisplayName: 'Hacked' });
    aws.world.trouble.phantom = 'Topic';
    expect(shortPlan(await plan(repository()))).toEqual([
      'refused Topic HF1931 of it ResourceId would change too, which was not found',
    ]);
  });

  it('when data would be lost and nobody allowed that', async () => {
    const renamed = template.replace('QueueName: work', 'QueueName: jobs');
    expect(shortPlan(await plan(repository(renamed)))).toEqual([
      expect.stringMatching(/^refused Queue HF1934 its replacement would lose/),
    ]);
    const gone = template
      .replace(/ {2}Queue:[\s\S]*QueueName: work\n/, '')
      .replace('Owner: !Ref Queue', 'Owner: me');
    expect(shortPlan(await plan(repository(gone)))).toEqual([
      expect.stringMatching(/^refused Queue HF1934 its deletion/),
    ]);
    const allowed = await plan(repository(renamed, '', { allow: ['replacement'] }));
    expect(shortPlan(allowed)).toEqual(['recreate Queue /QueueName']);
  });

  it('by a stack policy', async () => {
    aws.world.find('shop').policy =
      '{"Statement":[{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"},{"Effect":"Deny","Action":"Update:*","Principal":"*","Resource":"LogicalResourceId/Topic"}]}';
    changeByHand('Topic', { DisplayName: 'Hacked' });
    expect(shortPlan(await plan(repository()))).toEqual([
      'refused Topic HF1932 the stack policy forbids to update it',
    ]);
  });

  it('for a template that is too large to be given without S3', async () => {
    const large = `${template}# ${'x'.repeat(51_200)}\n`;
    changeByHand('Topic', { DisplayName: 'Hacked' });
    await expect(plan(repository(large))).rejects.toMatchObject({
      code: 'HF1935',
      where: { file: 'templates/shop.yaml' },
    });
    expect(aws.count('CreateChangeSet')).toBe(0);
  });

  it('for what no template ever declared', async () => {
    aws.world.resource('shop', 'Topic').live = {
      DisplayName: 'Shop',
      Owner: 'shop-Queue-1A2B3C4D5E6F',
      Tags: [{ Key: 'mine', Value: '1' }],
    };
    expect(shortPlan(await plan(repository()))).toEqual([
      expect.stringMatching(/^refused Topic HF1932 CloudFormation does not take away/),
    ]);
    expect(aws.count('CreateChangeSet')).toBe(0);
  });

  it.each<[string, string, string]>([
    ['is on its way', 'UPDATE_IN_PROGRESS', 'HF1921'],
    ['is cleaning up', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'HF1921'],
    ['could not be rolled back', 'UPDATE_ROLLBACK_FAILED', 'HF1932'],
    ['could not be made', 'ROLLBACK_COMPLETE', 'HF1932'],
  ])('for a stack that %s', async (_, status, code) => {
    aws.world.find('shop').status = status;
    changeByHand('Topic', { DisplayName: 'Hacked' });
    await expect(plan(repository())).rejects.toMatchObject({ code });
    expect(aws.count('CreateChangeSet') + aws.count('DeleteStack')).toBe(0);
  });
});

describe('applying', () => {
  it('executes what was planned, and the stack is as declared after it', async () => {
    aws.world.create('shop', template);
    changeByHand('Topic', { DisplayName: 'Hacked' });
    const repo = repository();
    const { told, results } = await applied(repo, await plan(repo));
    expect(short(told)).toEqual(['applied Topic']);
    expect(results).toEqual(told);
    expect((await driver.compare(repo.unit, repo.declaration)).verdict).toBe('in-sync');
    expect(aws.world.find('shop').status).toBe('UPDATE_COMPLETE');
  });

  it('lets a comparison wait, which would only see that the stack is being changed', async () => {
    aws.world.create('shop', template);
    changeByHand('Topic', { DisplayName: 'Hacked' });
    const repo = repository();
    const applying = applied(repo, await plan(repo));
    const beside = await driver.compare(repo.unit, repo.declaration);
    await applying;
    expect(beside.verdict).toBe('in-sync');
  });

  it('makes a missing stack', async () => {
    const repo = repository();
    expect(short((await applied(repo, await plan(repo))).told)).toEqual(['applied Queue', 'applied Topic']);
    expect((await driver.compare(repo.unit, repo.declaration)).verdict).toBe('in-sync');
  });

  it('refuses when live moved since the plan', async () => {
    aws.world.create('shop', template);
    changeByHand('Topic', { DisplayName: 'Hacked' });
    const repo = repository();
    const planned = await plan(repo);
    changeByHand('Topic', { DisplayName: 'Moved' });
    await expect(applied(repo, planned)).rejects.toMatchObject({ code: 'HF1602' });
    expect(aws.count('ExecuteChangeSet')).toBe(0);
    expect(aws.changeSets.size).toBe(0);
  });

  it('watches a rollback to its end, and says why', async () => {
    aws.world.create('shop', template);
    aws.world.trouble.failing = new Map([['Topic', { reason: 'Invalid parameter: DisplayName' }]]);
    const repo = repository(
      template.replace('DisplayName: Shop', 'DisplayName: Store'),
      'parameters: {Delay: 7}\n',
    );
    const { results } = await applied(repo, await plan(repo));
    expect(short(results)).toEqual([
      'failed Queue HF1933 it was rolled back (UPDATE_ROLLBACK_COMPLETE); Topic: Invalid parameter: DisplayName',
      'failed Topic HF1933 Invalid parameter: DisplayName',
    ]);
    expect(aws.world.find('shop').status).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  it('leaves a rollback that fails to a person, and never makes the stack anew', async () => {
    aws.world.create('shop', template);
    aws.world.trouble.failing = new Map([['Topic', { reason: 'no', stuck: true }]]);
    const repo = repository(template.replace('DisplayName: Shop', 'DisplayName: Store'));
    const { results } = await applied(repo, await plan(repo));
    expect(short(results)).toEqual(['failed Topic HF1933 no']);
    await expect(plan(repo)).rejects.toMatchObject({ code: 'HF1932' });
    expect(aws.count('DeleteStack')).toBe(0);
  });

  it('begins nothing once it is told to stop', async () => {
    aws.world.create('shop', template);
    changeByHand('Topic', { DisplayName: 'Hacked' });
    const repo = repository();
    const planned = await plan(repo);
    const stop = new AbortController();
    stop.abort();
    await applied(repo, planned, stop.signal).catch(() => undefined);
    expect(aws.count('ExecuteChangeSet')).toBe(0);
  });
});
