import { describe, expect, it } from 'vitest';
import { classify } from '../../../../src/drivers/cloudformation/live/classify.ts';
import { compareModel } from '../../../../src/drivers/cloudformation/live/compare.ts';
import { Known, known } from '../../../../src/drivers/cloudformation/live/known.ts';
import { Paths, shapeOfSchema, unknownShape } from '../../../../src/drivers/cloudformation/live/shape.ts';
import type { JsonObject } from '../../../../src/json/json.ts';

const place = { account: '111111111111', region: 'eu-west-1', stackTags: { team: 'shop' } };

function origins(
  declared: JsonObject,
  live: JsonObject,
  options: { table?: string; shape?: object } = {},
): string[] {
  const shape = { ...unknownShape('AWS::X::Y'), ...options.shape };
  const table = Known.parse(options.table ?? '');
  return compareModel(declared, live, { shape, place, known: table })
    .changes.flatMap(change =>
      classify(change, {
        shape,
        place,
        known: table,
        logicalId: 'Queue',
        physicalId: 'shop-Queue-1ABCDEFGHIJK',
      }),
    )
    .map(({ path, origin }) => `${path.join('/')} ${origin}`);
}

describe('an undeclared value', () => {
  it.each<[string, JsonObject, JsonObject, string[]]>([
    [
      'that says nothing',
      {},
      { A: false, B: [], C: 'NONE', D: { E: 0 } },
      ['A default', 'B default', 'C default', 'D default'],
    ],
    [
      'that AWS made',
      {},
      { Id: 'sg-0a1b2c3d4e5f', Arn: 'arn:aws:sns:::x', Window: 'sun:04:00-sun:05:00' },
      ['Id managed', 'Arn managed', 'Window managed'],
    ],
    ['that is named after the resource', {}, { Name: 'shop-Queue-1ABCDEFGHIJK' }, ['Name managed']],
    ['of which nothing is known', {}, { Timeout: 3 }, ['Timeout presumed']],
    [
      'tags of CloudFormation and of the stack',
      {},
      {
        Tags: [
          { Key: 'aws:cloudformation:stack-name', Value: 'x' },
          { Key: 'team', Value: 'shop' },
        ],
      },
      ['Tags managed'],
    ],
    [
      'a tag that somebody put there',
      {},
      {
        Tags: [
          { Key: 'aws:x', Value: 'x' },
          { Key: 'mine', Value: '1' },
        ],
      },
      ['Tags/0 managed', 'Tags/1 real'],
    ],
    ['the tag of the stack with another value', {}, { Tags: { team: 'other' } }, ['Tags/team real']],
    [
      'one more rule in a declared list',
      { Rules: [{ Port: 1 }] },
      { Rules: [{ Port: 1 }, { Port: 2 }] },
      ['Rules/Port=2 real'],
    ],
    [
      'one more ARN in a declared list',
      { Policies: ['a'] },
      { Policies: ['a', 'arn:aws:iam::aws:policy/AdministratorAccess'] },
      ['Policies/1 real'],
    ],
    [
      'one more variable',
      { Variables: { A: 'x' } },
      { Variables: { A: 'x', B: 'https://evil.example' } },
      ['Variables/B real'],
    ],
    [
      'one more setting in a list of all settings',
      { OptionSettings: [{ OptionName: 'a', Value: 1 }] },
      {
        OptionSettings: [
          { OptionName: 'a', Value: 1 },
          { OptionName: 'b', Value: 2 },
        ],
      },
      ['OptionSettings/OptionName=b presumed'],
    ],
  ])('%s', (_, declared, live, expected) => {
    expect(origins(declared, live).map(each => each.replace('Rules/1', 'Rules/Port=2'))).toEqual(expected);
  });

  it('is at its default by the table or by the schema, and real when it is another one', () => {
    const table =
      'AWS::X::Y\n  Size = 128\n  Size = 256\n  Alarm absent\n  Zone chosen\n  Conf.A = "x"\n  Conf.B = "y"';
    const live = { Size: 256, Zone: 'anything', Conf: { A: 'x', B: 'z' } };
    expect(origins({}, live, { table })).toEqual([
      'Size default',
      'Zone managed',
      'Conf/A default',
      'Conf/B real',
    ]);
    expect(origins({}, { Size: 512, Alarm: { On: 1 } }, { table })).toEqual(['Size real', 'Alarm real']);
    const shape = { defaults: new Map([['Mode', 'slow']]) };
    expect(origins({}, { Mode: 'slow' }, { shape })).toEqual(['Mode default']);
    expect(origins({}, { Mode: 'fast' }, { shape })).toEqual(['Mode real']);
  });
});

describe('the shape of a type', () => {
  it('is read from its registry schema', () => {
    const shape = shapeOfSchema('AWS::X::Y', {
      properties: {
        Name: { type: 'string' },
        Rules: { type: 'array', insertionOrder: false, items: { $ref: '#/definitions/Rule' } },
        Env: { type: 'object', patternProperties: { '.*': { type: 'string' } } },
      },
      definitions: {
        Rule: {
          type: 'object',
          properties: { Port: { type: 'integer', default: 80 }, Self: { $ref: '#/definitions/Rule' } },
        },
      },
      readOnlyProperties: ['/properties/Arn'],
      writeOnlyProperties: ['/properties/Rules/*/Secret'],
      createOnlyProperties: ['/properties/Name'],
      propertyTransform: { '/properties/Name': '$lowercase(Name)' },
    });
    expect(shape.readOnly.covers(['Arn'])).toBe(true);
    expect(shape.writeOnly.covers(['Rules', '*', 'Secret', 'Text'])).toBe(true);
    expect(shape.createOnly.has(['Name'])).toBe(true);
    expect(shape.transformed.has(['Name'])).toBe(true);
    expect(shape.unordered.has(['Rules'])).toBe(true);
    expect(shape.freeForm.has(['Env'])).toBe(true);
    expect(shape.defaults.get('Rules.*.Port')).toBe(80);
  });

  it('covers paths below its own, and no others', () => {
    const paths = new Paths(['A.*.B']);
    expect([
      paths.covers(['A', '*', 'B', 'C']),
      paths.covers(['A', 'x', 'B']),
      paths.covers(['A', '*']),
    ]).toEqual([true, true, false]);
  });
});

describe('the table of known types', () => {
  it('is read without a line that is not understood', () => {
    expect(known.has('AWS::Lambda::Function')).toBe(true);
    expect(known.of('AWS::Lambda::Function', ['Timeout'])).toEqual({ what: 'default', values: [3] });
    expect(known.without('Lambda').has('AWS::Lambda::Function')).toBe(false);
    expect(() => Known.parse('AWS::X::Y\n  A perhaps')).toThrow(/not understood/);
  });
});
