import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { threats } from './registry.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The numbers of threats in the titles of each test file, by its path under test/. */
function titles(): Map<string, Set<number>> {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(path =>
    path.endsWith('.test.ts'),
  );
  return new Map(
    files.map(path => {
      const text = readFileSync(join(root, path), 'utf8');
      const named = [...text.matchAll(/['"`]threat ((?:\d\d(?:, | and )?)+)/g)];
      return [path, new Set(named.flatMap(([, numbers = '']) => [...numbers.matchAll(/\d\d/g)].map(Number)))];
    }),
  );
}

it('has every row of the table, once and in order', () => {
  expect(threats.map(({ number }) => number)).toEqual(Array.from({ length: 42 }, (_, index) => index + 1));
});

const found = titles();
const isReal = (path: string) => path.startsWith('real/');

it.each(
  threats.filter(({ where }) => !where.includes('note')).map(row => [row.number, row.threat, row] as const),
)('carries out threat %i: %s', (number, _threat, { where }) => {
  const files = [...found].filter(([, numbers]) => numbers.has(number)).map(([path]) => path);
  if (where.includes('fake')) expect(files.filter(path => !isReal(path))).not.toEqual([]);
  if (where.includes('gitea') || where.includes('api-server')) expect(files.filter(isReal)).not.toEqual([]);
});
