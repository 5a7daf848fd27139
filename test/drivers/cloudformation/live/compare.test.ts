import { describe, expect, it } from 'vitest';
import { compareModel } from '../../../../src/drivers/cloudformation/live/compare.ts';
import { Known } from '../../../../src/drivers/cloudformation/live/known.ts';
import { Paths, type TypeShape, unknownShape } from '../../../../src/drivers/cloudformation/live/shape.ts';
import { unresolved } from '../../../../src/drivers/cloudformation/template/unresolved.ts';
import type { Json, JsonObject } from '../../../../src/json/json.ts';

const place = { account: '111111111111', region: 'eu-west-1', keyAliases: { 'alias/aws/ebs': 'k-1' } };

/** What a comparison says: `op path` of each change, and the paths that were not read. */
function compared(
  declared: JsonObject,
  live: JsonObject,
  shape: Partial<TypeShape> = {},
  table = '',
): string[] {
  const { changes, unread } = compareModel(declared, live, {
    shape: { ...unknownShape('AWS::X::Y'), ...shape },
    place,
    known: Known.parse(table),
  });
  return [
    ...changes.map(({ op, path }) => `${op} ${path.join('/')}`),
    ...unread.map(({ path, reason }) => `${reason} ${path.join('/')}`),
  ];
}

describe('a live value is the declared one', () => {
  const arn = 'arn:aws:lambda:eu-west-1:111111111111:function:cart';
  it.each<[string, Json, Json]>([
    ['as a number and its text', '30', 30],
    ['as a boolean and its text, as Git sync writes it', 'true', true],
    ['in a list of one', 'a', ['a']],
    ['in another order', ['b', 'a'], ['a', 'b']],
    ['as JSON in a text', '{"a": [1]}', { a: ['1'] }],
    ['as JSON in another order', '{"a":1,"b":2}', '{"b": 2, "a": 1}'],
    ['as its ARN in this account and region', 'cart', arn],
    ['as the name of its ARN', arn, 'cart'],
    ['as an alias of AWS and its key', 'alias/aws/ebs', 'arn:aws:kms:eu-west-1:111111111111:key/k-1'],
    ['in the case that the service keeps', 'Content-Type', 'content-type'],
    ['with a dot at the end of a domain', 'shop.example.com', 'shop.example.com.'],
    ['with white space around it', 'a b', 'a b\n'],
    ['as an SSH key with another comment', 'ssh-ed25519 AAAA me', 'ssh-ed25519 AAAA cart-key'],
    ['at the same time in another notation', '2026-11-25T10:00:00Z', '2026-11-25T10:00:00.000Z'],
  ])('%s', (_, declared, live) => {
    expect(compared({ Field: declared }, { Field: live })).toEqual([]);
  });

  it('with the patch level of a version', () => {
    expect(compared({ EngineVersion: '5.0' }, { EngineVersion: '5.0.3' })).toEqual([]);
    expect(compared({ EngineVersion: '5.0' }, { EngineVersion: '5.1' })).toEqual(['changed EngineVersion']);
  });

  it('in a policy that AWS wrote anew', () => {
    const declared = {
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::111111111111:root' },
          Action: 's3:GetObject',
          Resource: ['b', 'a'],
        },
        {
          Effect: 'Deny',
          Principal: '*',
          Action: ['s3:*'],
          Resource: '*',
          Condition: { Bool: { x: false } },
        },
      ],
    };
    const live = {
      Statement: [
        {
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: 's3:*',
          Resource: '*',
          Condition: { Bool: { x: 'false' } },
        },
        {
          Effect: 'Allow',
          Principal: { AWS: '111111111111' },
          Action: ['s3:GetObject'],
          Resource: ['a', 'b'],
        },
      ],
    };
    expect(compared({ PolicyDocument: declared }, { PolicyDocument: live })).toEqual([]);
    expect(compared({ Policy: JSON.stringify(declared) }, { Policy: live })).toEqual([]);
  });
});

describe('a live value is another one', () => {
  it.each<[string, JsonObject, JsonObject, string[]]>([
    ['a number', { A: 1 }, { A: 2 }, ['changed A']],
    [
      'a name in another account',
      { A: 'cart' },
      { A: 'arn:aws:lambda:eu-west-1:222222222222:function:cart' },
      ['changed A'],
    ],
    [
      'a name in another region',
      { A: 'cart' },
      { A: 'arn:aws:lambda:us-east-1:111111111111:function:cart' },
      ['changed A'],
    ],
    ['prose in another case', { Description: 'Shop' }, { Description: 'shop' }, ['changed Description']],
    [
      'a variable in another case',
      { Variables: { A: 'Prod' } },
      { Variables: { A: 'prod' } },
      ['changed Variables/A'],
    ],
    [
      'a variable that is gone',
      { Variables: { A: 'x', B: 'y' } },
      { Variables: { A: 'x' } },
      ['removed Variables/B'],
    ],
    ['a block that is gone', { Cors: { Rules: ['x'] } }, {}, ['removed Cors']],
    ['a retention that is gone', { RetentionInDays: 30 }, {}, ['removed RetentionInDays']],
    [
      'an item by its key',
      { L: [{ Key: 'a', V: 1 }] },
      {
        L: [
          { Key: 'b', V: 3 },
          { Key: 'a', V: 2 },
        ],
      },
      ['changed L/Key=a/V', 'added L/Key=b'],
    ],
    ['an item that is gone', { L: ['a', 'b'] }, { L: ['b'] }, ['removed L/0']],
    [
      'layers in another order',
      { Layers: ['a', 'b'] },
      { Layers: ['b', 'a'] },
      ['changed Layers/0', 'changed Layers/1'],
    ],
    [
      'a policy with another action',
      { P: { Statement: { Effect: 'Allow', Action: 'a', Resource: '*' } } },
      { P: { Statement: [{ Effect: 'Allow', Action: ['a', 'b'], Resource: '*' }] } },
      ['added P/Statement/0/Action/1'],
    ],
  ])('%s', (_, declared, live, expected) => {
    expect(compared(declared, live)).toEqual(expected);
  });
});

describe('what cannot be compared is told, and is neither drift nor as declared', () => {
  it.each<[string, JsonObject, JsonObject, Partial<TypeShape>, string, string[]]>([
    [
      'write-only values',
      { A: { B: 'x' } },
      { A: {} },
      { writeOnly: new Paths(['A.B']) },
      '',
      ['write-only A/B'],
    ],
    [
      'write-only values in lists',
      { A: [{ B: 'x', N: 1 }] },
      { A: [{ N: 1 }] },
      { writeOnly: new Paths(['A.*.B']) },
      '',
      ['write-only A/0/B'],
    ],
    ['attributes of other resources', { A: unresolved }, { A: 'x' }, {}, '', ['unresolved A']],
    ['single values that are not given back', { A: 'x' }, {}, {}, '', ['not returned A']],
    ['secrets', { Login: { Password: 'x' } }, { Login: {} }, {}, '', ['not returned Login/Password']],
    [
      'values that a program of the schema rewrites',
      { A: 'x' },
      { A: 'y' },
      { transformed: new Paths(['A']) },
      '',
      ['not returned A'],
    ],
    [
      'blocks of nothing but write-only values',
      { A: { B: 'x' } },
      {},
      { writeOnly: new Paths(['A.B']) },
      '',
      ['write-only A'],
    ],
    [
      'what the table of types says',
      { A: { B: 'x' } },
      {},
      {},
      'AWS::X::Y\n  A unreadable',
      ['not returned A'],
    ],
  ])('%s', (_, declared, live, shape, table, expected) => {
    expect(compared(declared, live, shape, table)).toEqual(expected);
  });

  it('read-only values are no more than what is declared', () => {
    expect(compared({}, { Arn: 'x', A: { Id: 1, B: 2 } }, { readOnly: new Paths(['Arn', 'A.Id']) })).toEqual([
      'added A',
    ]);
  });

  it('a declared nothing that is not live is as declared', () => {
    expect(compared({ A: false, B: { C: 'NONE' }, D: [] }, {})).toEqual([]);
  });
});

it('large lists are compared in time', () => {
  const items = (order: number) =>
    Array.from({ length: 3000 }, (_, at) => ({ A: { N: (at * order) % 3001 }, B: [at] }));
  const started = performance.now();
  compareModel(
    { L: items(7) },
    { L: items(11) },
    { shape: unknownShape('AWS::X::Y'), place, known: Known.parse('') },
  );
  expect(performance.now() - started).toBeLessThan(5000);
});
