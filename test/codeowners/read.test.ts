import { expect, it } from 'vitest';
import type { Dialect } from '../../src/codeowners/codeowners.ts';
import { readCodeOwners } from '../../src/codeowners/read.ts';
import type { SourceTree } from '../../src/declared/tree.ts';

function treeOf(files: Record<string, string>, links: string[] = []): SourceTree {
  return {
    revision: null,
    links,
    files: Object.entries(files).map(([path, text]) => ({ path, content: text, size: text.length })),
    read: async paths => new Map(paths.map(path => [path, Buffer.from(files[path] ?? '')])),
  };
}

it.each<[Dialect, string]>([
  ['github', '.github/CODEOWNERS'],
  ['gitea', 'CODEOWNERS'],
  ['gitlab', 'CODEOWNERS'],
])('reads the file that %s would read', async (dialect, place) => {
  const files = { 'docs/CODEOWNERS': '.* @docs', CODEOWNERS: '.* @root', '.github/CODEOWNERS': '* @hub' };
  expect((await readCodeOwners(treeOf(files), dialect))?.file).toBe(place);
});

it('has none where no place has a file', async () => {
  expect(await readCodeOwners(treeOf({ 'x/CODEOWNERS': '* @a' }), 'github')).toBeNull();
});

it('follows no symbolic link, and says so', async () => {
  const owners = await readCodeOwners(treeOf({}, ['CODEOWNERS']), 'github');
  expect(owners?.errors).toEqual([{ line: 1, message: expect.stringContaining('symbolic link') }]);
});
