import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackResourceDriftsCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeAws } from './server.ts';
import { decodeQuery } from './wire.ts';

const template = 'Resources: {Queue: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 5}}}';

let aws: FakeAws;
let client: CloudFormationClient;
beforeEach(async () => {
  aws = await FakeAws.start();
  client = clientOf(aws);
});
afterEach(async () => {
  client.destroy();
  await aws.close();
});

function clientOf({ url }: FakeAws): CloudFormationClient {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  return new CloudFormationClient({ endpoint: url, region: 'eu-west-1', credentials, maxAttempts: 1 });
}

const changeSet = (more: object = {}) =>
  new CreateChangeSetCommand({ StackName: 'shop', ChangeSetName: 'one', TemplateBody: template, ...more });

describe('the fake CloudFormation', () => {
  it('speaks the Query protocol of the real client', async () => {
    aws.world.create('shop', template, { parameters: { A: 'a & <b>' }, tags: { t: '1' } });
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: 'shop' }));
    expect(Stacks?.[0]).toMatchObject({
      StackStatus: 'CREATE_COMPLETE',
      Parameters: [{ ParameterKey: 'A', ParameterValue: 'a & <b>' }],
      Tags: [{ Key: 't', Value: '1' }],
      CreationTime: expect.any(Date),
    });
    expect(decodeQuery('Tags.member.1.Key=a&Tags.member.2.Key=b&X=1')).toEqual({
      Tags: [{ Key: 'a' }, { Key: 'b' }],
      X: '1',
    });
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      'a stack that is not there',
      () => new DescribeStacksCommand({ StackName: 'none' }),
      /ValidationError.*does not exist/,
    ],
    ['a change set with a wrong name', () => changeSet({ ChangeSetName: '-x' }), /ValidationError/],
    [
      'a template that is too large',
      () => changeSet({ TemplateBody: `${template}\n#${'x'.repeat(51_200)}` }),
      /less than or equal to 51200/,
    ],
    [
      'reverting drift together with nested stacks',
      () => changeSet({ DeploymentMode: 'REVERT_DRIFT', IncludeNestedStacks: true }),
      /cannot be used together/,
    ],
    [
      'IAM without the capability',
      () => changeSet({ TemplateBody: 'Resources: {R: {Type: AWS::IAM::Role}}' }),
      /InsufficientCapabilities/,
    ],
    ['a template that is none', () => changeSet({ TemplateBody: 'x' }), /Template format error/],
    [
      'more than 100 rows a page',
      () => new DescribeStackResourceDriftsCommand({ StackName: 'shop', MaxResults: 101 }),
      /between 1 and 100/,
    ],
  ])('refuses %s', async (_, command, words) => {
    aws.world.create('shop', template);
    await expect(client.send(command() as DescribeStacksCommand)).rejects.toSatisfy(
      error =>
        words.test(String(error) + (error as Error).name) ||
        words.test(`${(error as Error).name} ${(error as Error).message}`),
    );
  });

  it('refuses to change a stack on its way, and to delete one that is protected', async () => {
    const stack = aws.world.create('shop', template);
    stack.status = 'UPDATE_IN_PROGRESS';
    await expect(client.send(changeSet())).rejects.toThrow(/can not be updated/);
    stack.protection = true;
    await expect(client.send(new DeleteStackCommand({ StackName: 'shop' }))).rejects.toThrow(
      /TerminationProtection/,
    );
  });

  it('gives pages of a hundred', async () => {
    const many = `Resources: {${Array.from({ length: 130 }, (_, at) => `Q${at}: {Type: AWS::SQS::Queue}`).join(', ')}}`;
    aws.world.create('shop', many);
    const first = await client.send(new ListStackResourcesCommand({ StackName: 'shop' }));
    expect([first.StackResourceSummaries?.length, first.NextToken]).toEqual([100, '100']);
  });

  it('hides NoEcho values, and what is not ASCII in templates', async () => {
    aws.world.create(
      'shop',
      `# Größe\nParameters: {P: {Type: String, NoEcho: true, Default: x}}\n${template}`,
    );
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: 'shop' }));
    expect(Stacks?.[0]?.Parameters).toEqual([{ ParameterKey: 'P', ParameterValue: '****' }]);
    expect((await client.send(new GetTemplateCommand({ StackName: 'shop' }))).TemplateBody).toContain(
      '# Gr??e',
    );
  });

  it('lets one detection run at a time', async () => {
    aws.world.create('shop', template);
    await client.send(new DetectStackDriftCommand({ StackName: 'shop' }));
    await expect(client.send(new DetectStackDriftCommand({ StackName: 'shop' }))).rejects.toThrow(
      /already in progress/,
    );
  });

  it('makes a set without changes FAILED, and does not execute it', async () => {
    aws.world.create('shop', template);
    await client.send(changeSet());
    const look = () => client.send(new DescribeChangeSetCommand({ StackName: 'shop', ChangeSetName: 'one' }));
    expect((await look()).Status).toBe('CREATE_IN_PROGRESS');
    expect(await look()).toMatchObject({
      Status: 'FAILED',
      StatusReason: expect.stringContaining("didn't contain changes"),
    });
    await expect(
      client.send(new ExecuteChangeSetCommand({ StackName: 'shop', ChangeSetName: 'one' })),
    ).rejects.toThrow(/execution status/);
  });

  it('makes other sets OBSOLETE when one is executed', async () => {
    aws.world.create('shop', template);
    const TemplateBody = template.replace('5', '6');
    await client.send(changeSet({ TemplateBody }));
    await client.send(changeSet({ TemplateBody, ChangeSetName: 'two' }));
    await client.send(new ExecuteChangeSetCommand({ StackName: 'shop', ChangeSetName: 'one' }));
    await expect(
      client.send(new ExecuteChangeSetCommand({ StackName: 'shop', ChangeSetName: 'two' })),
    ).rejects.toThrow(/OBSOLETE/);
  });

  it('throttles by action, and admits again as time goes on', async () => {
    const strict = await FakeAws.start({ rates: { DescribeStacks: { perSecond: 50, burst: 1 } } });
    strict.world.create('shop', template);
    const hasty = clientOf(strict);
    const ask = () => hasty.send(new DescribeStacksCommand({ StackName: 'shop' }));
    await ask();
    const results = await Promise.allSettled([ask(), ask(), ask()]);
    expect(results.some(({ status }) => status === 'rejected')).toBe(true);
    hasty.destroy();
    await strict.close();
  });
});
