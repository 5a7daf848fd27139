import { describe, expect, it } from 'vitest';
import { createOnlyOf } from '../../../../src/drivers/cloudformation/declared/create-only.ts';
import { declaredStackResources } from '../../../../src/drivers/cloudformation/declared/resources.ts';
import { isReplaced } from '../../../../src/drivers/declared-resources.ts';
import { shopFiles, stackUnit } from '../support/unit.ts';

const template = `Parameters:
  Delay: {Type: Number, Default: 5}
  Password: {Type: String, NoEcho: true, Default: geheim123}
  Image: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /shop/image}
Conditions:
  Large: !Equals [!Ref Delay, 900]
Resources:
  Queue:
    Type: AWS::SQS::Queue
    DeletionPolicy: Retain
    Properties:
      DelaySeconds: !Ref Delay
      QueueName: !Sub '\${AWS::StackName}-work'
      Tags: [{Key: region, Value: !Ref AWS::Region}]
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: !GetAtt Queue.QueueName
      Image: !Ref Image
      Key: !Ref Password
      Note: uses geheim123
  Big: {Type: AWS::SNS::Topic, Condition: Large}
Outputs:
  Url: {Value: !Ref Queue}
`;

const read = (text = template, deployment = '', settings = {}) =>
  declaredStackResources(stackUnit(shopFiles(text, deployment), settings).unit);
const named = async (name: string, ...args: Parameters<typeof read>) =>
  (await read(...args)).resources.find(({ resource }) => resource.name === name);

describe('what a stack declares, told from its files', () => {
  it('is the stack and each resource whose condition holds, with file and line', async () => {
    const { resources } = await read();
    expect(
      resources.map(({ resource, source }) => `${resource.name} ${source?.file}:${source?.line}`),
    ).toEqual([
      'shop infra-state/shop/deployment.yaml:1',
      'Queue templates/shop.yaml:8',
      'Topic templates/shop.yaml:15',
    ]);
  });

  it('has values where they are known, and else the expression', async () => {
    expect((await named('Queue'))?.value).toEqual({
      DeletionPolicy: 'Retain',
      DelaySeconds: '5',
      QueueName: 'shop-work',
      Tags: [{ Key: 'region', Value: { Ref: 'AWS::Region' } }],
    });
    expect((await named('Topic'))?.value).toMatchObject({
      DisplayName: { 'Fn::GetAtt': ['Queue', 'QueueName'] },
      Image: { Ref: 'Image' },
      Key: { Ref: 'Password' },
    });
  });

  it('follows the parameters of the deployment file, and what holdfast.yaml says of the place', async () => {
    const files = [template, 'parameters: {Delay: 900}\n', { region: 'eu-west-1' }] as const;
    expect((await named('Queue', ...files))?.value).toMatchObject({
      DelaySeconds: '900',
      Tags: [{ Key: 'region', Value: 'eu-west-1' }],
    });
    expect(await named('Big', ...files)).toBeDefined();
    expect((await named('shop', ...files))?.value).toMatchObject({
      Parameters: { Delay: '900' },
      Template: { Outputs: { Url: { Value: { Ref: 'Queue' } } } },
    });
  });

  it('names what is secret: NoEcho parameters, and where their values stand', async () => {
    expect((await named('shop'))?.secret).toContain('/Parameters/Password');
    expect((await named('Topic'))?.secret).toEqual(['/Note']);
  });

  it('says what becomes of a resource that is declared no longer', async () => {
    expect([(await named('Queue'))?.whenRemoved, (await named('Topic'))?.whenRemoved]).toEqual([
      'no longer declared: CloudFormation forgets it, and it is left running (DeletionPolicy Retain)',
      'no longer declared: CloudFormation deletes it',
    ]);
  });

  it('tells which changes replace a resource', async () => {
    const before = (await named('Queue'))?.value ?? {};
    const [renamed, slower] = [
      await named('Queue', template.replace('-work', '-jobs')),
      await named('Queue', template, 'parameters: {Delay: 7}\n'),
    ];
    expect([renamed, slower].map(after => after && isReplaced(before, after))).toEqual([true, false]);
  });

  it('writes loops out, and says what a macro hides', async () => {
    const loop = `Transform: [AWS::LanguageExtensions, Mine]
Parameters: {Names: {Type: CommaDelimitedList, Default: 'a, b'}}
Resources:
  Fn::ForEach::Topics: [Name, !Ref Names, {'Topic\${Name}': {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Name}}}]
`;
    const { resources, notes } = await read(loop);
    expect(resources.slice(1).map(({ resource, value }) => [resource.name, value['DisplayName']])).toEqual([
      ['Topica', 'a'],
      ['Topicb', 'b'],
    ]);
    expect(notes?.[1]).toMatch(/^what the macro Mine makes is known to AWS alone/);
  });

  it('is a finding with file and line where it cannot be read', async () => {
    const { resources, findings, unreadable } = await read('Resources: {A: {Type: 5, Typo: 1}}');
    expect([resources, unreadable]).toEqual([[], true]);
    expect(findings).toMatchObject([
      { type: 'invalid', code: 'HF1902', source: { file: 'templates/shop.yaml', line: 1 } },
    ]);
  });
});

it('knows the create-only properties of types, those of items too', () => {
  expect(createOnlyOf('AWS::SQS::Queue')).toEqual(['/FifoQueue', '/QueueName']);
  expect(createOnlyOf('AWS::Nothing::Known')).toEqual([]);
});
