import { describe, expect, it } from 'vitest';
import { expandLoops } from '../../../../src/drivers/cloudformation/template/for-each.ts';
import { isExpanded, makerOf } from '../../../../src/drivers/cloudformation/template/macros.ts';
import { readTemplate } from '../../../../src/drivers/cloudformation/template/template.ts';
import type { Json, JsonObject } from '../../../../src/json/json.ts';

const bodyOf = (text: string) => readTemplate(Buffer.from(text)).body;
const serverless = bodyOf(`Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Resources:
  Fn: {Type: AWS::Serverless::Function}
  FnTable: {Type: AWS::DynamoDB::Table}
  Net: {Type: Acme::Net::Vpc::MODULE}
  Fn::ForEach::Topics:
    - Name
    - [a, b]
    - Topic\${Name}: {Type: AWS::SNS::Topic}
      Fn::ForEach::Queues: [Kind, [x], {'Queue\${Name}&{Kind}': {Type: AWS::SQS::Queue}}]
`);

describe('who makes a resource of an expanded template', () => {
  it.each<[string, string, string | undefined, string | undefined]>([
    ['FnTable', 'AWS::DynamoDB::Table', undefined, undefined],
    ['Fn', 'AWS::Lambda::Function', 'made by the macro AWS::Serverless-2016-10-31 from Fn', 'Resources/Fn'],
    ['FnRole', 'AWS::IAM::Role', 'made by the macro AWS::Serverless-2016-10-31 from Fn', 'Resources/Fn'],
    [
      'FnTableX',
      'AWS::X::Y',
      'made by the macro AWS::Serverless-2016-10-31 from FnTable',
      'Resources/FnTable',
    ],
    ['NetSubnet', 'AWS::EC2::Subnet', 'made by the module Acme::Net::Vpc::MODULE', 'Resources/Net'],
    ['Topica', 'AWS::SNS::Topic', 'made by Fn::ForEach::Topics', 'Resources/Fn::ForEach::Topics'],
    ['Queueax', 'AWS::SQS::Queue', 'made by Fn::ForEach::Topics', 'Resources/Fn::ForEach::Topics'],
    ['Other', 'AWS::X::Y', 'made by the macro AWS::Serverless-2016-10-31', 'Transform'],
  ])('%s as %s', (logicalId, type, words, path) => {
    const found = makerOf(serverless, { logicalId, type });
    expect([found?.words, found?.path.join('/')]).toEqual([words, path]);
  });

  it('is asked for where there are transforms, calls of them, or modules', () => {
    expect(
      [
        'Resources: {A: {Type: AWS::SNS::Topic}}',
        'Resources: {A: {Type: X::Y::Z::MODULE}}',
        'Transform: Mine\nResources: {A: {Type: AWS::SNS::Topic}}',
        'Resources: {A: {Type: AWS::SNS::Topic, Properties: {Fn::Transform: {Name: Mine}}}}',
      ].map(text => isExpanded(bodyOf(text))),
    ).toEqual([false, true, true, true]);
  });
});

describe('loops', () => {
  const items = (declared: Json) => (Array.isArray(declared) ? declared.map(String) : undefined);
  const expanded = (text: string) => expandLoops(bodyOf(text), items);

  it('are written out, within one another too', () => {
    const { body, left } = expanded(`Resources:
  Fn::ForEach::Outer:
    - Name
    - [a-1, b-2]
    - Topic&{Name}:
        Type: AWS::SNS::Topic
        Properties: {TopicName: !Ref Name, DisplayName: !Sub 'of \${Name}', Owner: !Ref Other}
      Fn::ForEach::Inner: [Kind, [x], {'Queue&{Name}\${Kind}': {Type: AWS::SQS::Queue}}]
`);
    expect(left).toEqual([]);
    expect(Object.keys(body['Resources'] as JsonObject)).toEqual([
      'Topica1',
      'Queuea1x',
      'Topicb2',
      'Queueb2x',
    ]);
    expect((body['Resources'] as JsonObject)['Topica1']).toEqual({
      Type: 'AWS::SNS::Topic',
      Properties: {
        TopicName: 'a-1',
        DisplayName: { 'Fn::Sub': 'of a-1' },
        Owner: { Ref: 'Other' },
      },
    });
  });

  it('stay as they are where their items are not known, or where they would grow beyond all bounds', () => {
    const unknown = 'Resources: {"Fn::ForEach::Loop": [Name, !Ref Names, {"T${Name}": {Type: A::B::C}}]}';
    expect(expanded(unknown)).toEqual({ body: bodyOf(unknown), left: ['Fn::ForEach::Loop'] });
    let nested = '{"T${N1}${N2}${N3}${N4}${N5}": {Type: A::B::C}}';
    const many = JSON.stringify(Array.from({ length: 100 }, (_, at) => `i${at}`));
    for (const at of [5, 4, 3, 2, 1]) nested = `{"Fn::ForEach::L${at}": [N${at}, ${many}, ${nested}]}`;
    expect(expanded(`Resources: ${nested}`).left.length).toBeGreaterThan(0);
  });
});
