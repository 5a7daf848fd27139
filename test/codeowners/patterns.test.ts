import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Dialect, ownerText } from '../../src/codeowners/codeowners.ts';
import { codeOwnersIn } from '../../src/codeowners/read.ts';

const owners = (dialect: Dialect, text: string, path: string) =>
  codeOwnersIn(text, dialect)
    .ownersOf(path)
    .map(({ owners: list }) => list.map(ownerText).join(' '));

describe('GitHub', () => {
  it.each([
    ['*', 'a/b.yaml', true],
    ['*.js', 'deep/in/x.js', true],
    ['*.js', 'x.ts', false],
    ['/build/logs/', 'build/logs/a/b.txt', true],
    ['/build/logs/', 'sub/build/logs/a.txt', false],
    ['docs/*', 'docs/getting-started.md', true],
    ['docs/*', 'docs/build-app/troubleshooting.md', false],
    ['apps/', 'x/apps/y/z', true],
    ['/docs/', 'docs/x', true],
    ['/docs', 'docs/x/y', true],
    ['**/logs', 'build/logs/x', true],
    ['**/logs', 'deeply/nested/logs/a/b', true],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a/**/b', 'ab', false],
    ['/a/**', 'a/b/c', true],
    ['/a/**', 'a', false],
    ['**', 'x/y', true],
    ['/file?.txt', 'file1.txt', true],
    ['/file?.txt', 'file/.txt', false],
    ['with\\ blank.txt', 'with blank.txt', true],
    ['Cart.yaml', 'cart.yaml', false],
  ])('%s and %s: %s', (pattern, path, matches) => {
    expect(owners('github', `${pattern} @bob`, path)).toEqual(matches ? ['@bob'] : []);
  });

  it('lets the last pattern decide, and one without owners take ownership away', () => {
    const text = '* @all\n/apps/ @apps @acme/team # not @carol\n/apps/open\n';
    expect(owners('github', text, 'x')).toEqual(['@all']);
    expect(owners('github', text, 'apps/x')).toEqual(['@apps @acme/team']);
    expect(owners('github', text, 'apps/open/x')).toEqual([]);
  });

  it.each([
    ['!a @bob', 'must not begin with !'],
    ['[ab].js @bob', 'must not have [ ]'],
    ['*.js bob', 'bob is no account'],
    ['*.js @@maintainer', 'is no account'],
  ])('tells of what GitHub passes over: %s', (line, message) => {
    const { errors } = codeOwnersIn(`# who\n${line}\n`, 'github');
    expect(errors).toEqual([{ line: 2, message: expect.stringContaining(message) }]);
  });
});

describe('Gitea', () => {
  it('takes regular expressions of the whole path, and counts every rule that matches', () => {
    const text = ['.*\\\\.go @bob', 'docs/.* carol @acme/docs', '!/manifests/.* @dave # all else'].join('\n');
    expect(owners('gitea', text, 'docs/x.go')).toEqual(['@bob', '@carol @acme/docs', '@dave']);
    expect(owners('gitea', text, 'manifests/x.yaml')).toEqual([]);
    expect(owners('gitea', text, 'xgo')).toEqual(['@dave']);
  });

  it.each([
    ['( @bob', 'no regular expression'],
    ['.*', 'names nobody'],
    ['.* a/b/c', 'is no account or team'],
  ])('tells of what Gitea passes over: %s', (line, message) => {
    const { errors } = codeOwnersIn(line, 'gitea');
    expect(errors[0]).toEqual({ line: 1, message: expect.stringContaining(message) });
  });
});

describe('GitLab', () => {
  const text = [
    '* @root',
    '[Database][2] @db @acme/dba',
    'model/db/',
    '!model/db/seeds.rb',
    'schema.sql @carol',
    '^[Docs]',
    '/docs/*.md @@developer',
    '[DATABASE]',
    'late.sql @dave',
  ].join('\n');

  it('asks each section by itself, with its number of approvals and its default owners', () => {
    const { ownersOf, errors } = codeOwnersIn(text, 'gitlab');
    expect(errors).toEqual([]);
    expect(ownersOf('x/model/db/y.rb')).toMatchObject([
      { owners: [{ kind: 'user', name: 'root' }], approvals: 1 },
      { section: 'Database', approvals: 2, owners: [{ name: 'db' }, { kind: 'team', name: 'acme/dba' }] },
    ]);
    expect(ownersOf('docs/a.md')).toMatchObject([
      {},
      { section: 'Docs', optional: true, owners: [{ kind: 'role', name: 'developer' }] },
    ]);
  });

  it('leaves out what a section excludes, and joins sections of one name', () => {
    expect(owners('gitlab', text, 'model/db/seeds.rb')).toEqual(['@root']);
    expect(owners('gitlab', text, 'late.sql')).toEqual(['@root', '@dave']);
    expect(owners('gitlab', 'a[0-9].txt @bob', 'x/a7.txt')).toEqual(['@bob']);
    expect(owners('gitlab', '/docs/* @bob', 'docs/a/b')).toEqual([]);
  });

  it.each([
    ['[] @bob', 'the header of a section'],
    ['[Docs][0]', 'is no number of approvals'],
    ['a.txt bob', 'bob is no account'],
  ])('tells of what GitLab passes over: %s', (line, message) => {
    expect(codeOwnersIn(line, 'gitlab').errors).toEqual([
      { line: 1, message: expect.stringContaining(message) },
    ]);
  });
});

describe('hostile files', () => {
  it('never throws and never takes long', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Dialect>('github', 'gitea', 'gitlab'),
        fc.string({
          unit: fc.constantFrom('*', '/', 'a', '?', '[', ']', '\\', '!', '^', ' ', '@', '\n', '#'),
        }),
        fc.string({ unit: fc.constantFrom('a', '/', 'b') }),
        (dialect, file, path) => {
          codeOwnersIn(file, dialect).ownersOf(path);
        },
      ),
    );
    const stars = `${'*a'.repeat(200)}/${'**/'.repeat(100)}x @bob`;
    expect(owners('github', stars, `${'a'.repeat(3000)}/${'a/'.repeat(500)}`)).toEqual([]);
  });
});
