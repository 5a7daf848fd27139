import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { readArchive } from '../../../src/declared/helm/archive.ts';
import { tarOf } from './tar.ts';

it('gives the regular files by their path', () => {
  const bytes = gzipSync(
    tarOf([
      ['web/Chart.yaml', 'name: web\n'],
      ['web/templates/a.yaml', 'x'.repeat(600)],
    ]),
  );
  const files = readArchive(bytes);
  expect([...(files ?? [])].map(([path, content]) => [path, content.length])).toEqual([
    ['web/Chart.yaml', 10],
    ['web/templates/a.yaml', 600],
  ]);
});

it('leaves out links and what leads out of it', () => {
  const bytes = gzipSync(
    tarOf([
      ['web/link', '', '2'],
      ['../out', 'x'],
      ['/etc/passwd', 'x'],
      ['web/ok', 'x'],
    ]),
  );
  expect([...(readArchive(bytes)?.keys() ?? [])]).toEqual(['web/ok']);
});

it('what is no archive is none', () => {
  expect(readArchive(Buffer.from('nonsense'))).toBeUndefined();
});

it('one that unpacks to more than may be is refused, and so are several that do together', () => {
  const tooLarge = expect.objectContaining({ code: 'HF1806' });
  expect(() => readArchive(gzipSync(Buffer.alloc(101 * 1024 * 1024)))).toThrow(tooLarge);
  const budget = { bytes: 3_000 };
  const small = gzipSync(tarOf([['web/a', 'x']]));
  expect(readArchive(small, budget)?.size).toBe(1);
  expect(() => [1, 2, 3].map(() => readArchive(small, budget))).toThrow(tooLarge);
});

it('a broken length ends it, and never throws', () => {
  const tar = tarOf([['web/a', 'x']]);
  tar.write('zzzzzzzzzzz', 124);
  expect(readArchive(gzipSync(tar))?.size).toBe(0);
});
