import { expect, it } from 'vitest';
import { holdsSecret, secretTexts, withoutSecrets } from '../../../src/declared/helm/secret-values.ts';
import type { JsonObject } from '../../../src/json/json.ts';

const marking = (schema: JsonObject, ...scope: string[]) => ({ scope, schema });

it.each<[string, JsonObject, Parameters<typeof secretTexts>[1], string[]]>([
  ['by its name', { auth: { rootPassword: 'opensesame' } }, {}, ['opensesame']],
  ['by its name, in a list', { tokens: [], apiKey: ['key-one', 'key-two'] }, {}, ['key-one', 'key-two']],
  [
    'by the name of a map around it',
    { credentials: { url: 'postgres://ann:hush@db' }, passwords: ['one-of-them'] },
    {},
    ['postgres://ann:hush@db', 'one-of-them'],
  ],
  [
    'not where it names a Secret',
    { existingSecret: 'my-secret', secretName: 'other', imagePullSecrets: ['for-pulling'] },
    {},
    [],
  ],
  ['not where it is too short to be searched for', { password: 'abc' }, {}, []],
  [
    'by the schema: writeOnly',
    { mail: { login: 'somebody' } },
    { schemas: [marking({ properties: { mail: { properties: { login: { writeOnly: true } } } } })] },
    ['somebody'],
  ],
  [
    'by the schema: format password',
    { pin: '12345' },
    { schemas: [marking({ properties: { pin: { format: 'password' } } })] },
    ['12345'],
  ],
  [
    'by the schema of a chart in the chart, and what that refers to',
    { db: { pin: '12345' }, pin: '67890', global: { pin: '99999' } },
    {
      schemas: [
        marking(
          {
            properties: {
              pin: { $ref: '#/$defs/pin' },
              global: { properties: { pin: { $ref: '#/$defs/pin' } } },
            },
            $defs: { pin: { allOf: [{ writeOnly: true }] } },
          },
          'db',
        ),
      ],
    },
    ['12345', '99999'],
  ],
  [
    'by the schema, whatever the key',
    { logins: { ann: 'hush-hush' } },
    { schemas: [marking({ properties: { logins: { additionalProperties: { writeOnly: true } } } })] },
    ['hush-hush'],
  ],
  [
    'by a schema that refers to itself without end',
    { a: { a: { pin: '12345' } } },
    { schemas: [marking({ $ref: '#', properties: { a: { $ref: '#' }, pin: { writeOnly: true } } })] },
    ['12345'],
  ],
  [
    'by a glob',
    { mail: { host: 'mx.example.com', user: 'me-myself' } },
    { globs: ['mail.*'] },
    ['mx.example.com', 'me-myself'],
  ],
  [
    'by a glob over a map',
    { mail: { deep: { host: 'mx.example.com' } } },
    { globs: ['mail'] },
    ['mx.example.com'],
  ],
])('a value is secret %s', (_, values, marks, texts) => {
  expect(secretTexts(values, marks)).toEqual(texts);
});

it.each<[unknown, boolean]>([
  ['admin:opensesame', true],
  [Buffer.from('opensesame').toString('base64'), true],
  [{ env: [{ value: 'opensesame' }] }, true],
  ['open', false],
  [undefined, false],
])('%j holds it: %s', (value, holds) => {
  expect(holdsSecret(value, ['opensesame'])).toBe(holds);
});

it('words lose the longer secret before the shorter one in it', () => {
  expect(withoutSecrets('bad opensesame and sesame', ['sesame', 'opensesame'])).toBe('bad … and …');
});
