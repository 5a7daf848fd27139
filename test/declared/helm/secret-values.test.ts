import { expect, it } from 'vitest';
import type { JsonObject } from '../../../src/declared/declaration.ts';
import { holdsSecret, secretTexts, withoutSecrets } from '../../../src/declared/helm/secret-values.ts';

it.each<[string, JsonObject, Parameters<typeof secretTexts>[1], string[]]>([
  ['by its name', { auth: { rootPassword: 'opensesame' } }, {}, ['opensesame']],
  ['by its name, in a list', { tokens: [], apiKey: ['key-one', 'key-two'] }, {}, ['key-one', 'key-two']],
  ['not where it names a Secret', { existingSecret: 'my-secret', secretName: 'other' }, {}, []],
  ['not where it is too short to be searched for', { password: 'abc' }, {}, []],
  [
    'by the schema: writeOnly',
    { mail: { login: 'somebody' } },
    { schema: { properties: { mail: { properties: { login: { writeOnly: true } } } } } },
    ['somebody'],
  ],
  [
    'by the schema: format password',
    { pin: '12345' },
    { schema: { properties: { pin: { format: 'password' } } } },
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
