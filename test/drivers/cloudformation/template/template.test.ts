import { describe, expect, it } from 'vitest';
import { readTemplate } from '../../../../src/drivers/cloudformation/template/template.ts';

const read = (text: string) => readTemplate(Buffer.from(text));
const queue = (properties: string) =>
  `Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n    Properties:\n${properties}`;
const propertiesOf = (text: string) => {
  const { body, problems } = read(text);
  expect(problems).toEqual([]);
  return (body['Resources'] as Record<string, { Properties: unknown }>)['Queue']?.Properties;
};

describe('a template is read as CloudFormation reads it', () => {
  it.each<[string, string, unknown]>([
    ['!Ref', '      A: !Ref AWS::Region', { A: { Ref: 'AWS::Region' } }],
    ['!Sub of a text', '      A: !Sub "x-${AWS::Region}"', { A: { 'Fn::Sub': 'x-${AWS::Region}' } }],
    ['!Sub with its own map', '      A: !Sub ["${x}", {x: y}]', { A: { 'Fn::Sub': ['${x}', { x: 'y' }] } }],
    [
      '!GetAtt at its first dot alone',
      '      A: !Join ["", [!ImportValue x]]\n      B: !Base64 12',
      { A: { 'Fn::Join': ['', [{ 'Fn::ImportValue': 'x' }]] }, B: { 'Fn::Base64': '12' } },
    ],
    ['a date, which stays a text', '      A: 2010-09-09', { A: '2010-09-09' }],
    [
      'YAML 1.1 words and numbers',
      '      A: yes\n      B: 0644\n      C: "no"\n      D: N',
      { A: true, B: 420, C: 'no', D: 'N' },
    ],
    [
      'an integer that JavaScript would round',
      '      A: 12345678901234567890',
      { A: '12345678901234567890' },
    ],
    [
      'anchors and merge keys',
      '      A: &a {x: 1, y: 2}\n      B: {<<: *a, y: 3}',
      { A: { x: 1, y: 2 }, B: { x: 1, y: 3 } },
    ],
    [
      '!GetAZs of nothing',
      '      A: !GetAZs\n      B:\n        Fn::GetAZs:',
      { A: { 'Fn::GetAZs': '' }, B: { 'Fn::GetAZs': null } },
    ],
  ])('%s', (_, properties, expected) => {
    expect(propertiesOf(queue(properties))).toEqual(expected);
  });

  it('divides !GetAtt at the first dot', () => {
    const text = `${queue('      A: 1')}\nOutputs:\n  Out:\n    Value: !GetAtt Queue.Outputs.Arn`;
    expect(read(text).body).toMatchObject({
      Outputs: { Out: { Value: { 'Fn::GetAtt': ['Queue', 'Outputs.Arn'] } } },
    });
  });

  it('reads !Condition and Fn::ForEach', () => {
    const text =
      'Transform: AWS::LanguageExtensions\nConditions: {A: !Equals [a, b], B: !Not [!Condition A]}\nResources:\n  Fn::ForEach::Topics: [N, [a, b], {"Topic${N}": {Type: AWS::SNS::Topic}}]';
    const { body, problems } = read(text);
    expect(problems).toEqual([]);
    expect(body['Conditions']).toEqual({
      A: { 'Fn::Equals': ['a', 'b'] },
      B: { 'Fn::Not': [{ Condition: 'A' }] },
    });
  });

  it('reads JSON that is indented with tabs, with lines', () => {
    const text =
      '{\n\t"Resources": {\n\t\t"Queue": {\n\t\t\t"Type": "AWS::SQS::Queue",\n\t\t\t"Properties": {"DelaySeconds": 5}\n\t\t}\n\t}\n}';
    const { body, problems, lineOf } = read(text);
    expect(problems).toEqual([]);
    expect(body).toEqual(JSON.parse(text));
    expect(lineOf(['Resources', 'Queue', 'Properties', 'DelaySeconds'])).toBe(5);
  });

  it('knows the line of each property, and of a short form for what is inside it', () => {
    const { lineOf } = read(queue('      A:\n        - !Sub x\n        - !If [a, b, c]'));
    expect(lineOf(['Resources', 'Queue', 'Properties', 'A', 1, 'Fn::If', 2])).toBe(7);
    expect(lineOf(['Resources', 'Queue'])).toBe(2);
  });

  it('takes the last of two keys, and says so without calling the template wrong', () => {
    const { body, problems } = read(`${queue('      A: 1\n      A: 2')}`);
    expect(body).toMatchObject({ Resources: { Queue: { Properties: { A: 2 } } } });
    expect(problems).toMatchObject([{ line: 6, code: 'HF1902', remark: true }]);
  });
});

describe('what CloudFormation would refuse is told with its line', () => {
  it.each<[string, string, number, RegExp]>([
    ['no YAML', 'Resources:\n  A: [\n', 3, /./],
    ['no JSON', '{"Resources": {"A" {}}}', 1, /./],
    ['no mapping', 'just text', 1, /mapping with Resources/],
    ['an empty file', '', 1, /empty file/],
    ['no resources', 'Description: x', 1, /at least one resource/],
    ['an unknown section', `${queue('      A: 1')}\nResource: {}`, 6, /no section ‘Resource’/],
    ['another version', `AWSTemplateFormatVersion: 2010-09-10\n${queue('      A: 1')}`, 1, /2010-09-09/],
    ['a null', queue('      A: 1\n      B:'), 6, /null value.*\/Resources\/Queue\/Properties\/B/],
    ['a resource without a type', 'Resources:\n  A:\n    Properties: {}', 2, /no Type/],
    ['a wrong logical id', 'Resources:\n  a-b:\n    Type: AWS::SQS::Queue', 2, /letters and digits/],
    ['a reference to nothing', queue('      A: !Ref Nobody'), 5, /‘Nobody’/],
    [
      'a variable of Fn::Sub that is nothing',
      queue('      A: !Sub "${Nobody.Arn} ${!Literal}"'),
      5,
      /no resource ‘Nobody’/,
    ],
    [
      'an unknown condition',
      'Resources:\n  A:\n    Type: AWS::SQS::Queue\n    Condition: C',
      4,
      /no condition ‘C’/,
    ],
    ['resources that wait for one another', queue('      A: !GetAtt Queue.Arn'), 2, /circle: Queue → Queue/],
    [
      'a wrong DeletionPolicy',
      'Resources:\n  A:\n    Type: AWS::SQS::Queue\n    DeletionPolicy: Keep',
      4,
      /Retain/,
    ],
    ['a function as a key', queue('      A: [ !Sub x: y ]'), 5, /key must not be a function/],
    ['an attribute without a dot', queue('      A: !GetAtt Queue'), 5, /resource.attribute/],
    ['tags of a preprocessor', queue('      A: !Rain::Embed x'), 5, /Rain/],
    [
      'an unknown parameter type',
      `Parameters: {P: {Type: Text}}\n${queue('      A: 1')}`,
      1,
      /parameter type ‘Text’/,
    ],
  ])('%s', (_, text, line, message) => {
    const { problems } = read(text);
    expect(problems.find(problem => message.test(problem.message))).toMatchObject({ line });
  });

  it('does not look for what a macro may add', () => {
    expect(read(`Transform: Mine\n${queue('      A: !Ref Later')}`).problems).toEqual([]);
  });

  it('refuses a file that CloudFormation would not take for its size', () => {
    expect(readTemplate(Buffer.alloc(1_000_001, 'a')).problems[0]?.message).toMatch(/1 MB/);
  });

  it('survives aliases that expand without end', () => {
    const bomb = Array.from({ length: 12 }, (_, at) =>
      at === 0 ? 'a0: &a0 [x, x]' : `a${at}: &a${at} [${`*a${at - 1}, `.repeat(9)}]`,
    ).join('\n');
    expect(read(bomb).problems[0]).toMatchObject({ code: 'HF1901' });
  });
});
