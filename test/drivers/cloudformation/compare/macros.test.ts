import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cloudFormationDriver } from '../../../../src/drivers/cloudformation/driver.ts';
import type { Driver, Plan } from '../../../../src/drivers/driver.ts';
import type { Comparison } from '../../../../src/findings/finding.ts';
import { FakeAws } from '../../../fakes/aws/server.ts';
import { shopFiles, stackUnit } from '../support/unit.ts';

const serverless = `Transform: AWS::Serverless-2016-10-31
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: Shop}}
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      MemorySize: 128
      Events: {Hourly: {Type: Schedule}}
`;
const loop = `Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList, Default: "a,b"}}
Resources:
  Fn::ForEach::Topics:
    - Name
    - !Ref Names
    - Topic\${Name}: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Name}}
`;
const moduled = `Resources:
  Net: {Type: Acme::Net::Vpc::MODULE, Properties: {Size: 1}}
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref NetTopic}}
`;

let aws: FakeAws;
let driver: Driver;
beforeEach(async () => {
  aws = await FakeAws.start();
  for (const [name, value] of Object.entries(aws.environment)) vi.stubEnv(name, value);
  driver = cloudFormationDriver({ patience: { everyMs: 1, mostMs: 2000 } });
  aws.world.expansions.modules.set('Acme::Net::Vpc::MODULE', {
    Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'net' } },
  });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await aws.close();
});

const repository = (template: string, deployment = '') => stackUnit(shopFiles(template, deployment));
async function compared(template: string, deployment = ''): Promise<Comparison> {
  const { unit, declaration } = repository(template, deployment);
  return driver.compare(unit, declaration);
}
async function planned(template: string, deployment = ''): Promise<string[]> {
  const { unit, declaration } = repository(template, deployment);
  return shortPlan(await driver.plan(unit, declaration));
}
const shortPlan = ({ actions, refused }: Plan) => [
  ...actions.map(({ action, resource, paths = [] }) => [action, resource.name, ...paths].join(' ')),
  ...refused.map(({ resource, message }) => `refused ${resource.name} ${message}`),
];
const short = ({ findings }: Comparison) =>
  findings.map(
    ({ type, resource, changes = [], source, message = '' }) =>
      `${type} ${resource.name} ${changes.map(({ path }) => path).join(' ')} :${source?.line} ${/it is made by.*/.exec(message)?.[0] ?? ''}`,
  );
function byHand(logicalId: string, values: Record<string, string | number>): void {
  const resource = aws.world.resource('shop', logicalId);
  resource.live = { ...resource.live, ...values };
}

describe('a stack that a macro, transform or module made', () => {
  it.each([
    ['the Serverless transform', serverless, 4],
    ['a loop', loop, 2],
    ['a module', moduled, 2],
  ])('is in sync with all that %s made', async (_, template, resources) => {
    aws.world.create('shop', template);
    const comparison = await compared(template);
    expect(comparison.findings).toEqual([]);
    expect(comparison.resources).toEqual({ declared: resources + 1, inSync: resources + 1 });
  });

  it.each([
    [
      'the Serverless transform',
      serverless,
      'FnRole',
      'changed FnRole /Description :4 it is made by the macro AWS::Serverless-2016-10-31 from Fn',
      { Description: 'other' },
    ],
    [
      'the Serverless transform, of one that it rewrites',
      serverless,
      'Fn',
      'changed Fn /MemorySize :4 it is made by the macro AWS::Serverless-2016-10-31 from Fn',
      { MemorySize: 256 },
    ],
    ['nothing, beside it', serverless, 'Topic', 'changed Topic /DisplayName :3 ', { DisplayName: 'Other' }],
    [
      'a loop',
      loop,
      'Topicb',
      'changed Topicb /DisplayName :4 it is made by Fn::ForEach::Topics',
      { DisplayName: 'Other' },
    ],
    [
      'a module',
      moduled,
      'NetTopic',
      'changed NetTopic /DisplayName :2 it is made by the module Acme::Net::Vpc::MODULE',
      { DisplayName: 'Other' },
    ],
  ])(
    'shows what was changed by hand of a resource made by %s, and puts it right',
    async (_, template, id, told, values) => {
      aws.world.create('shop', template);
      byHand(id, values);
      expect(short(await compared(template))).toEqual([told]);
      expect(await planned(template)).toEqual([`change ${id} /${Object.keys(values)[0]}`]);
    },
  );

  it('shows what was deleted of it, with its maker', async () => {
    aws.world.create('shop', loop);
    aws.world.resource('shop', 'Topica').live = undefined;
    expect(short(await compared(loop))).toEqual(['missing Topica  :4 it is made by Fn::ForEach::Topics']);
  });

  it('is held to what it was made from, and told once as another template, after a merge', async () => {
    aws.world.create('shop', serverless);
    const merged = serverless.replace('128', '256');
    expect(short(await compared(merged))).toEqual([
      'changed shop /Template/Resources/Fn/Properties/MemorySize :7 ',
    ]);
    expect(await planned(merged)).toEqual(['change Fn /MemorySize']);
  });

  it('is updated in what the macro makes of a merge', async () => {
    aws.world.create('shop', serverless);
    const merged = serverless.replace('{Hourly:', '{Daily: {Type: Schedule}, Hourly:');
    expect(await planned(merged)).toEqual(['create FnDailyPermission']);
    aws.world.create('other', loop);
    expect(await planned(serverless)).toEqual([]);
  });

  it('follows a parameter that a loop goes through', async () => {
    aws.world.create('shop', loop);
    expect(await planned(loop, 'parameters: {Names: [a, b, c]}\n')).toEqual(['create Topicc']);
  });

  it('is not changed by a macro that makes something else of the same text', async () => {
    const template = 'Transform: Mine\nResources: {A: {Type: AWS::SNS::Topic}, B: {Type: AWS::SNS::Topic}}\n';
    let size = 1;
    aws.world.expansions.macros.set('Mine', ({ Transform: _, ...body }) => ({
      ...body,
      Resources: Object.fromEntries(
        ['A', 'B'].map(id => [id, { Type: 'AWS::SNS::Topic', Properties: { DisplayName: `${id}${size}` } }]),
      ),
    }));
    aws.world.create('shop', template);
    const processed = aws.world.find('shop');
    processed.processed = aws.world.processed(template, {});
    size = 2;
    byHand('A', { DisplayName: 'hand' });
    const refused = await planned(template);
    expect(refused).toEqual(['refused B HF1931 nothing was found of it and the merge does not touch it']);
    expect(aws.count('ExecuteChangeSet')).toBe(0);
  });
});
