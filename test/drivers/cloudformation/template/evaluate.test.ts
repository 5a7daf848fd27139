import { describe, expect, it } from 'vitest';
import { evaluateTemplate } from '../../../../src/drivers/cloudformation/template/evaluate.ts';
import { readTemplate } from '../../../../src/drivers/cloudformation/template/template.ts';
import { unresolved } from '../../../../src/drivers/cloudformation/template/unresolved.ts';
import type { JsonObject } from '../../../../src/json/json.ts';

/** What `A: <value>` of a resource is. */
function meaningOf(value: string, head = ''): unknown {
  const { body } = readTemplate(
    Buffer.from(
      `${head}Resources:\n  R:\n    Type: AWS::X::Y\n    Properties:\n      A: ${value}\n  S: {Type: AWS::X::Z}\n`,
    ),
  );
  return evaluated(body)[0]?.properties['A'];
}

function evaluated(body: JsonObject) {
  return evaluateTemplate(body, {
    account: '111111111111',
    region: 'eu-west-1',
    stackName: 'shop',
    stackId: 'arn:stack',
    parameters: new Map([
      ['Env', 'prod'],
      ['Nets', 'a, b'],
      ['Secret', unresolved],
    ]),
    references: new Map([['S', 's-1']]),
    attribute: (id, name) => (id === 'S' && name === 'Arn' ? 'arn:s' : undefined),
  });
}

const head = `Parameters: {Env: {Type: String}, Nets: {Type: CommaDelimitedList}, Secret: {Type: String}}
Mappings: {Sizes: {prod: {n: 3}}}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  NotProd: !Not [!Condition IsProd]
  Both: !And [!Condition IsProd, !Or [!Condition NotProd, !Equals [a, a]]]
  Hidden: !Equals [!Ref Secret, x]
`;

describe('a function of a template', () => {
  it.each<[string, unknown]>([
    ['!Ref Env', 'prod'],
    ['!Ref Nets', ['a', 'b']],
    ['!Ref S', 's-1'],
    ['!Ref AWS::Partition', 'aws'],
    ['!Sub "${AWS::StackName}-${Env}-${S}-${S.Arn}-${!x}"', 'shop-prod-s-1-arn:s-${x}'],
    ['!Sub ["${x}", {x: !Ref Env}]', 'prod'],
    ['!GetAtt S.Arn', 'arn:s'],
    ['!GetAtt S.Other', unresolved],
    ['!Join ["-", [a, !Ref Env]]', 'a-prod'],
    ['!Join ["-", [a, !Ref Secret]]', unresolved],
    ['!Split [",", "a,b"]', ['a', 'b']],
    ['!Select [1, [a, b]]', 'b'],
    ['!FindInMap [Sizes, !Ref Env, n]', 3],
    ['!If [IsProd, yes-it-is, "no"]', 'yes-it-is'],
    ['!If [Both, a, b]', 'a'],
    ['!If [Hidden, a, b]', unresolved],
    ['!If [NotProd, a, !Ref AWS::NoValue]', undefined],
    ['[a, !If [NotProd, b, !Ref AWS::NoValue]]', ['a']],
    ['!Base64 hello', 'aGVsbG8='],
    ['"{{resolve:ssm:/a}}"', unresolved],
    ['!ImportValue x', unresolved],
    ['!GetAZs ""', unresolved],
    ['{Condition: {Bool: {a: "true"}}}', { Condition: { Bool: { a: 'true' } } }],
  ])('%s', (value, expected) => {
    expect(meaningOf(value, head)).toEqual(expected);
  });

  it('that goes round in circles is not known', () => {
    expect(meaningOf('!If [A, a, b]', 'Conditions: {A: !Not [!Condition B], B: !Not [!Condition A]}\n')).toBe(
      unresolved,
    );
  });
});

it('a resource whose condition does not hold is not declared', () => {
  const { body } = readTemplate(
    Buffer.from(
      `${head}Resources:\n  A: {Type: AWS::X::Y, Condition: NotProd}\n  B: {Type: AWS::X::Y, Condition: IsProd}\n`,
    ),
  );
  expect(evaluated(body).map(({ logicalId }) => logicalId)).toEqual(['B']);
});
