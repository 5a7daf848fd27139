import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/json/json.ts';
import { checkCustom } from '../../src/validate/custom/check.ts';
import { customNode } from '../../src/validate/custom/node.ts';
import { shippedPack } from '../../src/validate/pack/pack.ts';
import { Findings, TooMuch } from '../../src/validate/problem.ts';
import { customCases } from './custom-cases.ts';

const pack = shippedPack();

/** The problems of a custom resource whose spec has this schema and value. */
function problemsOf(schema: JsonObject, spec: Json, rest: JsonObject = {}): string[] {
  const root = customNode({ type: 'object', properties: { spec: schema, status: { type: 'object' } } });
  const found = new Findings({ hidden: false });
  const object = { apiVersion: 'example.com/v1', kind: 'Gizmo', metadata: { name: 'one' }, spec, ...rest };
  checkCustom({ root, statusIsSubresource: true }, object, pack, found);
  return found.problems.map(({ path, what }) => `/${path.join('/')}: ${what}`);
}

describe('a custom resource', () => {
  it.each(customCases)('$name: $verdict', ({ schema, spec, verdict }) => {
    expect(problemsOf(schema, spec).length === 0).toBe(verdict === 'valid');
  });

  it.each<[string, JsonObject, Json, string]>([
    [
      'an unknown field',
      { type: 'object', properties: { size: { type: 'integer' } } },
      { sise: 1 },
      '/spec/sise: unknown field "sise"; did you mean size?',
    ],
    ['a wrong type', { type: 'integer' }, 'x', '/spec: it must be an integer, and is a string: "x"'],
    [
      'a missing field',
      { type: 'object', required: ['size'], properties: { size: { type: 'integer' } } },
      {},
      '/spec: the required field size is missing',
    ],
    ['a pattern', { type: 'string', pattern: '^a+$' }, 'b', '/spec: it must match ^a+$: "b"'],
    ['an enum', { type: 'string', enum: ['a', 'b'] }, 'c', '/spec: it must be one of a, b: "c"'],
    ['a format', { type: 'string', format: 'ipv4' }, '1.2.3', '/spec: it must be an IPv4 address: "1.2.3"'],
    [
      'no alternative',
      {
        type: 'object',
        properties: { a: { type: 'string' } },
        anyOf: [{ required: ['a'] }, { required: ['b'] }],
      },
      {},
      '/spec: it fits none of 2 alternatives (the required field a is missing; the required field b is missing)',
    ],
    [
      'a key twice',
      {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: { type: 'object', properties: { name: { type: 'string' } } },
      },
      [{ name: 'a' }, { name: 'a' }],
      '/spec/1: name=a is there twice',
    ],
  ])('says where and what: %s', (_, schema, spec, problem) => {
    expect(problemsOf(schema, spec)).toEqual([problem]);
  });

  it('has its metadata checked as that of any object', () => {
    expect(
      problemsOf({ type: 'object' }, {}, { metadata: { name: 'one', lables: {}, labels: { a: 1 } } }),
    ).toEqual([
      '/metadata/lables: unknown field "lables"; did you mean labels?',
      '/metadata/labels/a: it must be a string, and is an integer: 1',
    ]);
  });

  it('is not judged by its status, which the server drops', () => {
    expect(problemsOf({ type: 'object' }, {}, { status: {} })).toEqual([]);
    expect(problemsOf({ type: 'object' }, {}, { status: 3 })).toEqual([]);
  });

  it('and its schema may be anything: checking ends, without a crash', () => {
    const junk = fc.jsonValue({ maxDepth: 5 }) as fc.Arbitrary<Json>;
    const keyword = fc.constantFrom(
      'properties',
      'items',
      'allOf',
      'anyOf',
      'oneOf',
      'not',
      'enum',
      'pattern',
      'format',
      'required',
      'default',
      'type',
      'minimum',
      'maxLength',
      'additionalProperties',
    );
    const schema = fc.dictionary(keyword, junk) as fc.Arbitrary<JsonObject>;
    fc.assert(
      fc.property(schema, junk, (one, value) => {
        expect(Array.isArray(problemsOf(one, value))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it.each<[string, JsonObject, Json]>([
    [
      'alternatives of alternatives at every item',
      { type: 'array', items: nest(10) },
      Array.from({ length: 50_000 }, () => 'x'),
    ],
    [
      'large defaults at every item',
      { type: 'array', items: { type: 'object', properties: { a: { default: 'x'.repeat(100_000) } } } },
      Array.from({ length: 50_000 }, () => ({})),
    ],
    [
      'long enums at every item',
      { type: 'array', items: { type: 'string', enum: Array.from({ length: 5000 }, (_, n) => `e${n}`) } },
      Array.from({ length: 50_000 }, () => 'x'),
    ],
  ])('whose schema is a trap is given up: %s', (_, schema, spec) => {
    expect(() => problemsOf(schema, spec)).toThrow(TooMuch);
  });
});

/** Doubles the work with each level. */
function nest(levels: number): JsonObject {
  let schema: JsonObject = { type: 'integer' };
  for (let level = 0; level < levels; level++) schema = { anyOf: [schema, schema] };
  return schema;
}
