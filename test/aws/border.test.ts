import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { awsFailure, isNotFound, isUnsupported } from '../../src/aws/failures.ts';
import { AwsPlaces } from '../../src/aws/place.ts';
import { isOutage } from '../../src/failure/outage.ts';
import { FakeAws } from '../fakes/aws/server.ts';

const template = 'Resources: {Queue: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 5}}}';

function thrown(name: string, message = ''): Error {
  return Object.assign(new Error(message), { name });
}

describe('an error of AWS', () => {
  it.each<[string, string, string]>([
    ['Throttling', 'Rate exceeded', 'HF1913'],
    ['ThrottlingException', '', 'HF1913'],
    ['AccessDenied', 'is not authorized to perform', 'HF1912'],
    ['CredentialsProviderError', 'Could not load credentials', 'HF1912'],
    ['ExpiredTokenException', '', 'HF1912'],
    ['TimeoutError', 'socket hang up', 'HF1911'],
    ['InternalFailure', '', 'HF1911'],
  ])('%s %s is %s', (name, message, code) => {
    expect(awsFailure(thrown(name, message), 'DescribeStacks shop').code).toBe(code);
  });

  it('is one line without control characters, and says what was asked', () => {
    expect(awsFailure(thrown('X', 'a\n\u001b[31mb'), 'GetTemplate shop').message).toBe(
      'GetTemplate shop: X: a [31mb',
    );
  });

  it('tells what is not there from what cannot be done', () => {
    expect(isNotFound(awsFailure(thrown('ResourceNotFoundException'), ''))).toBe(true);
    expect(isUnsupported(awsFailure(thrown('UnsupportedActionException'), ''))).toBe(true);
    expect(isNotFound(awsFailure(thrown('AccessDenied'), ''))).toBe(false);
  });

  it('is waited out only where that may help', () => {
    expect((['HF1911', 'HF1912', 'HF1913', 'HF1921', 'HF1932'] as const).map(isOutage)).toEqual([
      true,
      false,
      true,
      true,
      false,
    ]);
  });
});

it('the SDK is loaded by what needs it, when it does', () => {
  const folder = new URL('../../src/', import.meta.url);
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(each =>
    each.endsWith('.ts'),
  )) {
    const text = readFileSync(new URL(path, folder), 'utf8');
    for (const [line] of text.matchAll(/^import .*from '@aws-sdk.*$/gm))
      expect.soft(line, path).toMatch(/^import type /);
  }
});

describe('clients', () => {
  let aws: FakeAws;
  let places: AwsPlaces;
  beforeEach(async () => {
    aws = await FakeAws.start();
    for (const [name, value] of Object.entries(aws.environment)) vi.stubEnv(name, value);
    places = new AwsPlaces();
    aws.world.create('shop', template);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await places.close();
    await aws.close();
  });

  it('take the role of a unit by the web identity of the pod', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
    writeFileSync(join(folder, 'token'), 'the-token');
    vi.stubEnv('AWS_WEB_IDENTITY_TOKEN_FILE', join(folder, 'token'));
    const role = 'arn:aws:iam::111111111111:role/reader';
    const { stacks } = await places.at({ region: 'eu-west-1', role });
    expect(await stacks.stack('shop')).toMatchObject({ StackName: 'shop' });
    expect(aws.sessions).toEqual([{ role, token: 'the-token' }]);
    rmSync(folder, { recursive: true });
  });

  it('take it by their own identity where there is no web identity', async () => {
    vi.stubEnv('AWS_WEB_IDENTITY_TOKEN_FILE', undefined);
    const role = 'arn:aws:iam::111111111111:role/reader';
    const { stacks } = await places.at({ region: 'eu-west-1', role });
    await stacks.stack('shop');
    expect(aws.sessions).toEqual([{ role, token: '' }]);
  });

  it('are opened once for a place', async () => {
    expect(await places.at({ region: 'eu-west-1' })).toBe(await places.at({ region: 'eu-west-1' }));
  });

  it('give undefined for what is not there, and live models for what is', async () => {
    const { stacks, models } = await places.at({ region: 'eu-west-1' });
    expect(await stacks.stack('none')).toBeUndefined();
    expect(await models.model('AWS::SQS::Queue', 'shop-Queue-1A2B3C4D5E6F')).toEqual({ DelaySeconds: 5 });
    expect(await models.model('AWS::SQS::Queue', 'other')).toBeUndefined();
  });

  it('name who changed a thing last, and neither CloudFormation nor readers', async () => {
    const time = (minute: number) => new Date(Date.UTC(2026, 10, 25, 12, minute));
    const resource = 'q';
    aws.world.trail.push(
      { resource, name: 'SetQueueAttributes', arn: 'arn:aws:iam::1:user/ann', time: time(1) },
      { resource, name: 'TagQueue', arn: 'arn:aws:iam::1:user/bob', time: time(2) },
      { resource, name: 'GetQueueAttributes', arn: 'arn:aws:iam::1:user/eve', time: time(3), readOnly: true },
      {
        resource,
        name: 'SetQueueAttributes',
        arn: 'arn:aws:iam::1:role/cfn',
        time: time(4),
        invokedBy: 'cloudformation.amazonaws.com',
      },
    );
    const { trail } = await places.at({ region: 'eu-west-1' });
    expect(await trail.lastChange(resource)).toEqual({
      manager: 'arn:aws:iam::1:user/bob',
      operation: 'TagQueue',
      time: '2026-11-25T12:02:00.000Z',
    });
    expect(await trail.lastChange(resource, time(3))).toBeUndefined();
  });
});
