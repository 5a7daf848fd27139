import type { Json, JsonObject } from '../../src/json/json.ts';

/** A schema of `spec` and a value of it, with what the API server says; test/real/validate holds each against a real one. */
export interface CustomCase {
  name: string;
  schema: JsonObject;
  spec: Json;
  verdict: 'valid' | 'invalid';
}

const named = { type: 'object', properties: { name: { type: 'string' } } };
const keyed = {
  type: 'array',
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['name'],
  items: { ...named, required: ['name'] },
};

type Row = readonly [name: string, schema: JsonObject, valid: readonly Json[], invalid: readonly Json[]];

const rows: readonly Row[] = [
  ['an integer', { type: 'integer' }, [1, -5, 2 ** 40], ['1', 1.5, true, {}, []]],
  [
    'an integer of 32 bits, whose format is not checked',
    { type: 'integer', format: 'int32' },
    [1, 2 ** 40],
    ['1'],
  ],
  ['a number', { type: 'number' }, [1, 1.5], ['1']],
  ['a string', { type: 'string' }, ['', 'x'], [1, true, []]],
  ['a boolean', { type: 'boolean' }, [true], ['true', 0]],
  ['a null that is dropped', { type: 'string' }, [null], []],
  ['a null that may be', { type: 'string', nullable: true, minLength: 1 }, [null, 'x'], ['']],
  ['a null in an enum', { type: 'string', nullable: true, enum: ['a'] }, ['a'], ['b', null]],
  [
    'a null that loses a required field',
    { type: 'object', required: ['a'], properties: { a: { type: 'string' } } },
    [{ a: 'x' }],
    [{ a: null }, {}],
  ],
  [
    'a null that is filled in',
    { type: 'object', required: ['a'], properties: { a: { type: 'string', default: 'x' } } },
    [{ a: null }, {}],
    [{ a: 1 }],
  ],
  ['a null as an item', { type: 'array', items: { type: 'string' } }, [['x']], [[null], [1]]],
  [
    'a null as an item that is filled in',
    { type: 'array', items: { type: 'string', default: 'x' } },
    [[null]],
    [[1]],
  ],
  [
    'a null in a map',
    { type: 'object', additionalProperties: { type: 'string' } },
    [{ a: null }, { a: 'x' }],
    [{ a: 1 }],
  ],
  ['an unknown field', { type: 'object', properties: { a: { type: 'string' } } }, [{ a: 'x' }], [{ b: 'x' }]],
  [
    'a field that must be kept',
    { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    [{ a: { b: 1 } }],
    ['x'],
  ],
  [
    'an unknown field below a specified one in what must be kept',
    { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { a: named } },
    [{ a: { name: 'x' }, b: { c: 1 } }],
    [{ a: { nome: 'x' } }],
  ],
  ['a value of any type', { 'x-kubernetes-preserve-unknown-fields': true }, [1, 'x', { a: 1 }, [1]], []],
  [
    'a map of objects',
    { type: 'object', additionalProperties: named },
    [{ a: { name: 'x' } }],
    [{ a: { nome: 'x' } }, { a: 'x' }],
  ],
  [
    'a map of anything',
    { type: 'object', additionalProperties: true },
    [{ a: 1, b: 'x' }],
    [{ a: { b: 1 } }],
  ],
  ['an integer or a string', { 'x-kubernetes-int-or-string': true }, [1, '1'], [1.5, true, {}]],
  [
    'an integer or a string, spelt out',
    {
      'x-kubernetes-int-or-string': true,
      anyOf: [{ type: 'integer' }, { type: 'string' }],
      pattern: '^\\d+%$',
    },
    [1, '50%'],
    ['50', true],
  ],
  [
    'a list by keys',
    keyed,
    [[{ name: 'a' }, { name: 'b' }], []],
    [[{ name: 'a' }, { name: 'a' }], ['a'], [{}]],
  ],
  [
    'a list by two keys',
    {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['port', 'protocol'],
      items: {
        type: 'object',
        required: ['port'],
        properties: { port: { type: 'integer' }, protocol: { type: 'string', default: 'TCP' } },
      },
    },
    [[{ port: 1 }, { port: 1, protocol: 'UDP' }]],
    [[{ port: 1 }, { port: 1, protocol: 'TCP' }]],
  ],
  [
    'a set',
    { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
    [['a', 'b']],
    [['a', 'a']],
  ],
  [
    'an atomic list',
    { type: 'array', 'x-kubernetes-list-type': 'atomic', items: { type: 'string' } },
    [['a', 'a']],
    [],
  ],
  [
    'an embedded object',
    { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
    [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { labels: { a: 'b' } }, data: { a: 1 } }],
    [
      { kind: 'ConfigMap' },
      { apiVersion: 'v1', kind: '' },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { labels: { a: 1 } } },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { lables: {} } },
    ],
  ],
  ['a pattern anywhere in the text', { type: 'string', pattern: '[0-9]' }, ['a1b'], ['ab']],
  [
    'a length in characters, not bytes',
    { type: 'string', maxLength: 2, minLength: 2 },
    ['äö', '😀😀'],
    ['a', 'abc'],
  ],
  ['limits', { type: 'integer', minimum: 1, maximum: 3 }, [1, 3], [0, 4]],
  [
    'exclusive limits',
    { type: 'integer', minimum: 1, exclusiveMinimum: true, maximum: 3, exclusiveMaximum: true },
    [2],
    [1, 3],
  ],
  ['a multiple', { type: 'integer', multipleOf: 5 }, [10], [11]],
  ['a multiple of a fraction', { type: 'number', multipleOf: 0.1 }, [0.3], [0.35]],
  [
    'a number of items',
    { type: 'array', minItems: 1, maxItems: 2, items: { type: 'integer' } },
    [[1]],
    [[], [1, 2, 3]],
  ],
  [
    'a number of fields',
    { type: 'object', minProperties: 1, maxProperties: 1, additionalProperties: { type: 'string' } },
    [{ a: 'x' }],
    [{}, { a: 'x', b: 'x' }],
  ],
  ['an enum of texts', { type: 'string', enum: ['a', 'b'] }, ['a'], ['c', 'A']],
  ['an enum of numbers', { type: 'integer', enum: [1, 2] }, [1], [3]],
  [
    'one of',
    {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'string' } },
      oneOf: [{ required: ['a'] }, { required: ['b'] }],
    },
    [{ a: 'x' }],
    [{}, { a: 'x', b: 'x' }],
  ],
  [
    'any of',
    {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'string' } },
      anyOf: [{ required: ['a'] }, { required: ['b'] }],
    },
    [{ a: 'x', b: 'x' }],
    [{}],
  ],
  ['all of', { type: 'integer', allOf: [{ minimum: 1 }, { maximum: 3 }] }, [2], [0, 4]],
  [
    'not',
    { type: 'object', properties: { a: { type: 'string' } }, not: { required: ['a'] } },
    [{}],
    [{ a: 'x' }],
  ],
  [
    'ipv4',
    { type: 'string', format: 'ipv4' },
    ['10.0.0.1', '010.000.0.1', '::ffff:10.0.0.1'],
    ['10.0.0', '10.0.0.256', 'fe80::1'],
  ],
  ['ipv6', { type: 'string', format: 'ipv6' }, ['fe80::1', '::'], ['10.0.0.1', 'fe80:::1', 'fe80::1%eth0']],
  [
    'cidr',
    { type: 'string', format: 'cidr' },
    ['10.0.0.0/8', 'fe80::/64'],
    ['10.0.0.0', '10.0.0.0/33', '10.0.0.0/a'],
  ],
  [
    'date-time',
    { type: 'string', format: 'date-time' },
    ['2026-08-01T14:02:11Z', '2026-08-01t14:02:11.5+02:00'],
    ['2026-08-01', '2026-02-30T00:00:00Z', '2026-08-01T24:00:00Z', '2026-08-01T14:02:11'],
  ],
  [
    'date',
    { type: 'string', format: 'date' },
    ['2026-08-01', '2028-02-29'],
    ['2026-02-29', '2026-8-1', '01.08.2026'],
  ],
  [
    'duration',
    { type: 'string', format: 'duration' },
    ['1h30m', '22 ns', '1.5s', '-2m', '0', '3 days'],
    ['soon', '1', 'h', '5 x'],
  ],
  [
    'uuid',
    { type: 'string', format: 'uuid' },
    ['123E4567-e89b-12d3-a456-426614174000', '123e4567e89b12d3a456426614174000'],
    ['123e4567'],
  ],
  [
    'uuid4',
    { type: 'string', format: 'uuid4' },
    ['123e4567-e89b-42d3-a456-426614174000'],
    ['123e4567-e89b-12d3-a456-426614174000'],
  ],
  ['byte', { type: 'string', format: 'byte' }, ['eDE=', 'abcd'], ['eDE', '!!!!', '']],
  ['mac', { type: 'string', format: 'mac' }, ['00:00:5e:00:53:01', '0000.5e00.5301'], ['00:00:5e', 'x']],
  [
    'hostname',
    { type: 'string', format: 'hostname' },
    ['example.com', 'a', 'EXAMPLE', 'ünïcode.com'],
    ['-a.com', 'a..b', 'a_b'],
  ],
  [
    'uri',
    { type: 'string', format: 'uri' },
    ['https://example.com/a?b', '/path', 'mailto:a@example.com'],
    ['example', ''],
  ],
  ['email', { type: 'string', format: 'email' }, ['a@example.com'], ['example.com']],
  ['hexcolor', { type: 'string', format: 'hexcolor' }, ['#FFF', 'aabbcc'], ['#FFFF', 'red']],
  ['a format that nobody knows', { type: 'string', format: 'bogus' }, ['anything'], [1]],
];

/** Every row taken apart. */
export const customCases: readonly CustomCase[] = rows.flatMap(([name, schema, valid, invalid]) => [
  ...valid.map(spec => ({
    name: `${name}, ${JSON.stringify(spec)}`,
    schema,
    spec,
    verdict: 'valid' as const,
  })),
  ...invalid.map(spec => ({
    name: `${name}, ${JSON.stringify(spec)}`,
    schema,
    spec,
    verdict: 'invalid' as const,
  })),
]);
