import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Moto, startMoto } from '../../../sandbox/aws/moto.ts';
import { type ChangeSetPorts, changeSetsOf } from '../../../src/aws/change-sets.ts';
import { AwsPlaces, type AwsPorts } from '../../../src/aws/place.ts';

/** What asks CloudFormation, held to another server than our own fake: moto, in what that does well. */
const template = 'Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n    Properties: {DelaySeconds: 5}\n';

let moto: Moto;
let places: AwsPlaces;
let aws: AwsPorts;
let sets: ChangeSetPorts;
const before = { ...process.env };
beforeAll(async () => {
  moto = await startMoto();
  Object.assign(process.env, moto.environment);
  places = new AwsPlaces();
  aws = await places.at({ region: 'us-east-1' });
  sets = await changeSetsOf(aws.clients.cloudFormation);
});
afterAll(async () => {
  await places.close();
  process.env = before;
  await moto.stop();
});

it('knows no stack that is not there', async () => {
  expect(await aws.stacks.stack('none')).toBeUndefined();
});

it('makes a stack by a change set, and reads it back', async () => {
  const id = await sets.create({
    StackName: 'shop',
    ChangeSetName: 'one',
    ChangeSetType: 'CREATE',
    TemplateBody: template,
    Tags: [{ Key: 'team', Value: 'shop' }],
  });
  const set = await sets.describe(id);
  expect(set).toMatchObject({ status: 'CREATE_COMPLETE', execution: 'AVAILABLE' });
  expect(set.changes).toMatchObject([
    { Action: 'Add', LogicalResourceId: 'Queue', ResourceType: 'AWS::SQS::Queue' },
  ]);
  await sets.execute(id, 'token');

  const stack = await aws.stacks.stack('shop');
  expect(stack).toMatchObject({ StackStatus: 'CREATE_COMPLETE', Tags: [{ Key: 'team', Value: 'shop' }] });
  expect(await aws.stacks.template('shop', 'Original')).toBe(template);
  expect(await aws.stacks.resources('shop')).toMatchObject([
    { LogicalResourceId: 'Queue', ResourceType: 'AWS::SQS::Queue' },
  ]);
  expect(await aws.stacks.policy('shop')).toBeUndefined();
  const events = await aws.stacks.events('shop');
  expect(events.at(-1)).toMatchObject({ LogicalResourceId: 'shop', ResourceStatus: 'CREATE_COMPLETE' });
  expect(await aws.stacks.events('shop', events.at(-1)?.EventId)).toEqual([]);
});

it('changes it by another one', async () => {
  const TemplateBody = template.replace('5', '9');
  const id = await sets.create({
    StackName: 'shop',
    ChangeSetName: 'two',
    ChangeSetType: 'UPDATE',
    TemplateBody,
  });
  expect((await sets.describe(id)).changes).toMatchObject([{ Action: 'Modify', LogicalResourceId: 'Queue' }]);
  await sets.execute(id, 'token2');
  expect((await aws.stacks.stack('shop'))?.StackStatus).toBe('UPDATE_COMPLETE');
  expect(await aws.stacks.template('shop', 'Original')).toBe(TemplateBody);
});
