import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { chartTexts } from '../../../src/declared/helm/layout.ts';
import { cpuOf } from './cpu.ts';
import { tarOf } from './tar.ts';

type Contents = Readonly<Record<string, string | Buffer>>;

function textsOf(files: Contents) {
  const bytes = new Map(Object.entries(files).map(([path, content]) => [path, Buffer.from(content)]));
  return chartTexts(bytes, path => ({ source: { file: `helm/web/${path}` }, plain: true }));
}
const packaged = (files: Record<string, string>): Buffer =>
  gzipSync(tarOf(Object.entries(files).map(([path, text]) => [path, text])));

it('templates are named as helm names them, those of a dependency once for each alias', () => {
  const { name, texts, schemas } = textsOf({
    'Chart.yaml': 'name: web\ndependencies:\n  - { name: db, alias: one }\n  - { name: db, alias: two }\n',
    'templates/a.yaml': 'a',
    'charts/any-folder/Chart.yaml': 'name: db\n',
    'charts/any-folder/templates/b.yaml': 'b',
    'charts/any-folder/values.schema.json': '{}',
  });
  expect(name).toBe('web');
  expect([...texts.keys()]).toEqual([
    'web/templates/a.yaml',
    'web/charts/one/templates/b.yaml',
    'web/charts/two/templates/b.yaml',
  ]);
  expect(schemas.map(({ scope }) => scope)).toEqual([['one'], ['two']]);
});

it('of a packaged dependency the package is named', () => {
  const archive = packaged({ 'db/Chart.yaml': 'name: db\n', 'db/templates/b.yaml': 'b' });
  const { texts } = textsOf({ 'Chart.yaml': 'name: web\n', 'charts/db-1.0.0.tgz': archive });
  expect(texts.get('web/charts/db/templates/b.yaml')).toEqual({
    text: 'b',
    source: { file: 'helm/web/charts/db-1.0.0.tgz' },
    plain: false,
  });
});

describe('is refused, and costs little', () => {
  const aliases = Array.from({ length: 40 }, (_, at) => `  - { name: db, alias: db${at} }\n`).join('');
  it.each<[string, Contents]>([
    [
      'a package in which all packages together are too large',
      Object.fromEntries([
        ['Chart.yaml', 'name: web\n'],
        ...[1, 2, 3].map(at => [`charts/db-${at}.tgz`, gzipSync(Buffer.alloc(40 * 1024 * 1024))] as const),
      ]),
    ],
    [
      'aliases of aliases of aliases',
      {
        'Chart.yaml': `name: web\ndependencies:\n${aliases}`,
        'charts/db/Chart.yaml': `name: db\ndependencies:\n${aliases}`,
        'charts/db/charts/db/Chart.yaml': `name: db\ndependencies:\n${aliases}`,
        'charts/db/charts/db/charts/db/Chart.yaml': 'name: db\n',
      },
    ],
    [
      'charts in charts in charts',
      Object.fromEntries(
        Array.from({ length: 30 }, (_, depth) => [`${'charts/x/'.repeat(depth)}Chart.yaml`, 'name: x\n']),
      ),
    ],
  ])('%s', (_, files) => {
    const took = cpuOf(() => {
      expect(() => textsOf(files)).toThrow(expect.objectContaining({ code: 'HF1806' }));
    });
    expect(took).toBeLessThan(5_000);
  });
});
