import { describe, expect, it } from 'vitest';
import { previewFiles, renderPreview } from '../../src/preview/files.ts';
import { previewed } from './sample.ts';

const value = 'hunter2-3f9c';
const coded = Buffer.from(value).toString('base64');
const unit = (text: string) => ({ 'manifests/shop/all.yaml': text });
const head = (kind: string, apiVersion = 'v1') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: token\n  namespace: shop\n`;

const copies: readonly (readonly [string, string, string])[] = [
  [
    'stringData',
    `${head('Secret')}stringData: { a: old }\n`,
    `${head('Secret')}stringData: { a: ${value} }\n`,
  ],
  ['data', `${head('Secret')}data: { a: b2xk }\n`, `${head('Secret')}data: { a: ${coded} }\n`],
  ['a new Secret', '', `${head('Secret')}stringData: { a: ${value} }\n`],
  ['a removed Secret', `${head('Secret')}stringData: { a: ${value} }\n`, ''],
  [
    'a renamed Secret',
    `${head('Secret')}stringData: { a: ${value} }\n`,
    `${head('Secret').replace('token', 'other')}stringData: { a: ${value} }\n`,
  ],
  ['data that is no map', `${head('Secret')}data: {}\n`, `${head('Secret')}data: ${value}\n`],
  ['a kind in other letters', `${head('secret')}data: {}\n`, `${head('secret')}data: { a: ${value} }\n`],
  [
    'a field that the server does not know',
    `${head('Secret')}stringdata: { a: old }\nData: { a: old }\n`,
    `${head('Secret')}stringdata: { a: ${value} }\nData: { a: ${value} }\npassword: ${value}\ntype: { a: ${value} }\n`,
  ],
  [
    'a field below metadata',
    '',
    `${head('Secret')}  data: { a: ${value} }\n  note: ${value}\ntype: [${value}]\n`,
  ],
  [
    'a new Secret with a misspelt field',
    '',
    `${head('Secret')}stringDta: ${value}\nspec: [{ a: ${value} }]\n`,
  ],
  [
    'another group',
    `${head('Secret', 'example.com/v1')}data: {}\n`,
    `${head('Secret', 'example.com/v1')}data: { a: ${value} }\n`,
  ],
  [
    'an annotation of a Secret',
    `${head('Secret')}  annotations: { note: old }\n`,
    `${head('Secret')}  annotations: { note: ${value} }\n`,
  ],
  [
    'last-applied of anything',
    `${head('ConfigMap')}  annotations: { kubectl.kubernetes.io/last-applied-configuration: old }\n`,
    `${head('ConfigMap')}  annotations: { kubectl.kubernetes.io/last-applied-configuration: ${value} }\n`,
  ],
];

describe('secret values', () => {
  it.each(copies)('of %s are in no output', async (_what, before, after) => {
    const other = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: other, namespace: shop }\n';
    const found = await previewed(unit(`${before}---\n${other}`), unit(`${after}---\n${other}`));

    expect(found.resources.length + found.failures.length).toBeGreaterThan(0);
    const outputs = [
      ...previewFiles(found, undefined).values(),
      renderPreview(found, 'text', { colour: false }),
    ];
    for (const text of outputs) {
      expect(text).not.toContain(value);
      expect(text).not.toContain(coded);
    }
  });

  it('say that they change', async () => {
    const [, before = '', after = ''] = copies[0] ?? [];
    const { resources } = await previewed(unit(before), unit(after));
    expect(resources[0]?.fields).toEqual([{ path: '/data/a', why: 'merge', redacted: true }]);
  });
});
