import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cloudFormationDriver } from '../../../../src/drivers/cloudformation/driver.ts';
import type { Comparison, Finding } from '../../../../src/findings/finding.ts';
import { FakeAws } from '../../../fakes/aws/server.ts';
import { shopFiles, stackUnit } from '../support/unit.ts';

const template = `AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Delay: {Type: Number, Default: 5}
  Secret: {Type: String, NoEcho: true, Default: geheim}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: !Ref Delay
      VisibilityTimeout: 60
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: Shop
      Subscription: !GetAtt Queue.Arn
      Token: !Ref Secret
`;

let aws: FakeAws;
beforeEach(async () => {
  aws = await FakeAws.start();
  for (const [name, value] of Object.entries(aws.environment)) vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await aws.close();
});

async function compared(text = template, deployment = '', settings = {}): Promise<Comparison> {
  const { unit, declaration } = stackUnit(shopFiles(text, deployment), settings);
  const driver = cloudFormationDriver({ patience: { everyMs: 1, mostMs: 2000 } });
  return driver.compare(unit, declaration);
}

const short = ({ findings }: Comparison) =>
  findings.map(
    ({ type, resource, changes = [], source, code }: Finding) =>
      `${type} ${resource.name}${code === undefined ? '' : ` ${code}`}${changes.map(({ op, path }) => ` ${op} ${path}`).join('')} ${source?.file}:${source?.line}`,
  );

describe('a stack that is as Git declares it', () => {
  it('is in sync, and tells how much was looked at', async () => {
    aws.world.create('shop', template, { parameters: { Secret: 'other' }, tags: { team: 'shop' } });
    const comparison = await compared(template, 'tags: {team: shop}\nparameters: {Delay: "5"}\n');
    expect(short(comparison)).toEqual([]);
    expect(comparison).toMatchObject({ verdict: 'in-sync', resources: { declared: 3, inSync: 3 } });
    expect(comparison.notes?.map(({ message }) => message)).toEqual([
      'of 2 resources of the stack shop drift detection checked 2 and the live model 2',
    ]);
  });

  it('asks once for each thing', async () => {
    aws.world.create('shop', template);
    await compared();
    expect(Object.fromEntries(aws.calls)).toEqual({
      DescribeStacks: 1,
      GetTemplate: 1,
      ListStackResources: 1,
      DetectStackDrift: 1,
      DescribeStackDriftDetectionStatus: 2,
      DescribeStackResourceDrifts: 1,
      DescribeType: 2,
      GetResource: 2,
    });
  });
});

describe('the stack itself', () => {
  it('differs in template, parameters and tags, each with its line', async () => {
    aws.world.create('shop', template.replace('VisibilityTimeout: 60', 'VisibilityTimeout: 30'), {
      parameters: { Delay: '7' },
      tags: { team: 'other', extra: '1' },
    });
    const comparison = await compared(template, 'parameters:\n  Delay: 5\ntags:\n  team: shop\n');
    const own = comparison.findings.find(
      ({ resource }) => 'type' in resource && resource.type === 'AWS::CloudFormation::Stack',
    );
    expect(own?.changes).toEqual([
      {
        path: '/Template/Resources/Queue/Properties/VisibilityTimeout',
        op: 'changed',
        declared: 60,
        live: 30,
      },
      { path: '/Parameters/Delay', op: 'changed', declared: '5', live: '7' },
      { path: '/Tags/extra', op: 'added', live: '1' },
      { path: '/Tags/team', op: 'changed', declared: 'shop', live: 'other' },
    ]);
    expect(own).toMatchObject({
      type: 'changed',
      source: { file: 'templates/shop.yaml', line: 10 },
      message: expect.stringContaining('with Git'),
    });
  });

  it('is missing when there is none', async () => {
    expect(short(await compared())).toEqual(['missing shop infra-state/shop/deployment.yaml:1']);
  });

  it.each<[string, string, string, string]>([
    ['on its way', 'UPDATE_IN_PROGRESS', 'looked at again', 'HF1921'],
    ['cleaning up', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'looked at again', 'HF1921'],
    ['that can only be deleted', 'ROLLBACK_COMPLETE', 'a person must decide', 'HF1932'],
    ['whose deletion failed', 'DELETE_FAILED', 'a person must decide', 'HF1932'],
  ])('%s is unknown, not drift', async (_, status, words, code) => {
    aws.world.create('shop', template).status = status;
    const comparison = await compared();
    expect(comparison.verdict).toBe('unknown');
    expect(comparison.findings[0]).toMatchObject({
      type: 'unknown',
      code,
      message: expect.stringContaining(words),
    });
    expect(aws.count('DetectStackDrift')).toBe(0);
  });

  it('in another account is not looked at', async () => {
    aws.world.create('shop', template);
    const comparison = await compared(template, '', { account: '222222222222' });
    expect(comparison.findings[0]).toMatchObject({ type: 'unknown', code: 'HF1912' });
  });
});

describe('a resource', () => {
  beforeEach(() => {
    aws.world.create('shop', template);
  });

  it('that was changed by hand is found in both ways, with who and when', async () => {
    const queue = aws.world.resource('shop', 'Queue');
    queue.live = { ...queue.live, VisibilityTimeout: 61 };
    const time = new Date(Date.now() + 1000);
    aws.world.trail.push({
      resource: queue.physicalId,
      name: 'SetQueueAttributes',
      arn: 'arn:aws:iam::111111111111:user/ann',
      time,
    });
    const { findings } = await compared();
    expect(findings).toEqual([
      {
        unit: 'shop',
        type: 'changed',
        resource: { type: 'AWS::SQS::Queue', name: 'Queue' },
        source: { file: 'templates/shop.yaml', line: 10 },
        changes: [
          {
            path: '/VisibilityTimeout',
            op: 'changed',
            declared: 60,
            live: 61,
            by: {
              manager: 'arn:aws:iam::111111111111:user/ann',
              operation: 'SetQueueAttributes',
              time: new Date(Math.floor(time.getTime() / 1)).toISOString(),
            },
          },
        ],
        message: 'found by drift detection and live model',
      },
    ]);
  });

  it('that has more than is declared is found by its live model alone', async () => {
    const queue = aws.world.resource('shop', 'Queue');
    queue.live = { ...queue.live, RedrivePolicy: { maxReceiveCount: 3 }, MessageRetentionPeriod: 345600 };
    const comparison = await compared();
    expect(short(comparison)).toEqual(['undeclared Queue added /RedrivePolicy templates/shop.yaml:8']);
    expect(comparison.findings[0]?.message).toBe('found by live model');
    expect(comparison.exempt).toContainEqual({
      resource: { type: 'AWS::SQS::Queue', name: 'Queue' },
      path: '/MessageRetentionPeriod',
      rule: 'the default of AWS',
    });
  });

  it('that was deleted is missing', async () => {
    aws.world.resource('shop', 'Topic').live = undefined;
    expect(short(await compared())).toEqual(['missing Topic templates/shop.yaml:11']);
  });

  it('never shows what a NoEcho parameter holds', async () => {
    const topic = aws.world.resource('shop', 'Topic');
    topic.live = { ...topic.live, DisplayName: 'geheim!', Token: 'other' };
    const comparison = await compared();
    expect(JSON.stringify(comparison)).not.toContain('geheim');
    expect(comparison.findings[0]?.changes?.[0]).toEqual({
      path: '/DisplayName',
      op: 'changed',
      redacted: true,
    });
  });
});

describe('what AWS does not say is unknown', () => {
  beforeEach(() => {
    aws.world.create('shop', template);
  });

  it('when it refuses', async () => {
    aws.world.trouble.denied = new Set(['DescribeStacks']);
    expect(short(await compared())).toEqual(['unknown shop HF1912 infra-state/shop:undefined']);
  });

  it('for a resource that may not be read and has no row', async () => {
    aws.world.trouble = { denied: new Set(['GetResource']), missingRows: new Set(['Topic']) };
    const comparison = await compared();
    expect(short(comparison)).toEqual(['unknown Topic HF1912 templates/shop.yaml:11']);
    expect(comparison.resources).toEqual({ declared: 3, inSync: 2 });
  });

  it('and does not hide what it does say', async () => {
    aws.world.trouble = {
      detectionFails: {
        reason:
          '{"Summary":"Failed to detect drift on resource [Topic]","Failures":[{"Resource":"Topic","FailureReason":"Rate exceeded"}]}',
        without: ['Topic'],
      },
      denied: new Set(['GetResource']),
    };
    const queue = aws.world.resource('shop', 'Queue');
    queue.live = { ...queue.live, VisibilityTimeout: 61 };
    expect(short(await compared())).toEqual([
      'changed Queue changed /VisibilityTimeout templates/shop.yaml:10',
      'unknown Topic HF1912 templates/shop.yaml:11',
    ]);
  });
});

it('a wrong template or deployment file is invalid, with its line', async () => {
  expect(short(await compared(template.replace('!Ref Delay', '!Ref Delai')))).toEqual([
    'invalid templates/shop.yaml HF1902 templates/shop.yaml:9',
  ]);
  expect(short(await compared(template, 'stack: x\n'))).toEqual([
    'invalid infra-state/shop/deployment.yaml HF1903 infra-state/shop/deployment.yaml:2',
  ]);
});
