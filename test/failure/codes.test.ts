import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { failureCodes } from '../../src/failure/codes.ts';
import { Failure, toFailure } from '../../src/failure/failure.ts';
import { pageText, publishedPage } from '../../src/reference/errors.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = ['src', 'sandbox'].flatMap(folder =>
  readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !name.endsWith('failure/codes.ts'))
    .map(name => readFileSync(`${root}/${folder}/${name}`, 'utf8')),
);

describe('the table of codes', () => {
  it('is what docs/errors.md says; `npm run docs` writes it', () => {
    expect(readFileSync(publishedPage, 'utf8')).toBe(pageText());
  });

  it.each(Object.entries(failureCodes))(
    '%s is one line of plain words with advice',
    (_, { title, advice }) => {
      expect(title).toMatch(/^[^\n|]+[^.\n|]$/);
      expect(advice).toMatch(/^[A-Z][^\n|]+\.$/);
    },
  );

  it.each(Object.keys(failureCodes))('%s is used', code => {
    expect(sources.some(source => source.includes(code))).toBe(true);
  });
});

describe('a failure', () => {
  it.each([
    [{}, 'HF1101 broken. Correct the file at the line named; the rest is compared.'],
    [{ file: 'a.yaml' }, 'HF1101 broken (a.yaml). Correct the file at the line named; the rest is compared.'],
    [
      { file: 'a.yaml', line: 3 },
      'HF1101 broken (a.yaml:3). Correct the file at the line named; the rest is compared.',
    ],
    [{ subject: 'shop' }, 'HF1101 broken (shop). Correct the file at the line named; the rest is compared.'],
  ])('says code, what, where %j and what to do in one line', (where, line) => {
    expect(new Failure('HF1101', 'broken.', { where }).line).toBe(line);
  });

  it('is kept as it is, and anything else becomes one', () => {
    const failure = new Failure('HF1201', 'away');
    expect(toFailure(failure, 'HF1002')).toBe(failure);
    expect(toFailure(new Error('odd'), 'HF1002')).toMatchObject({ code: 'HF1002', message: 'odd' });
    expect(toFailure('odd', 'HF1002')).toMatchObject({ code: 'HF1002', message: 'odd' });
  });
});
