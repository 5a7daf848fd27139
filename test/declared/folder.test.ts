import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderTree } from '../../src/declared/folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'holdfast-folder-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

describe('a folder on disk', () => {
  it('is its files in order, without hidden folders and node_modules', async () => {
    write('shop/b.yaml', 'b');
    write('shop/a/x.txt', 'x');
    write('shop/.git/config', '');
    write('shop/node_modules/p/a.yaml', '');
    const tree = await folderTree(join(root, 'shop'));

    expect(tree.name).toBe('shop');
    expect(tree.revision).toBeNull();
    expect(tree.files.map(({ path, size }) => [path, size])).toEqual([
      ['a/x.txt', 1],
      ['b.yaml', 1],
    ]);
    expect((await tree.read(['b.yaml', 'a/x.txt'])).get('a/x.txt')?.toString()).toBe('x');
  });

  it('does not lead out of itself', async () => {
    write('secret.yaml', 'secret');
    write('shop/a.yaml', 'a');
    symlinkSync('../secret.yaml', join(root, 'shop', 'link.yaml'));
    symlinkSync('..', join(root, 'shop', 'up'));
    const tree = await folderTree(join(root, 'shop'));

    expect(tree.files.map(file => file.path)).toEqual(['a.yaml']);
    expect(tree.links).toEqual(['link.yaml', 'up']);
    for (const path of ['link.yaml', 'up/secret.yaml', '../secret.yaml']) {
      await expect(tree.read([path])).rejects.toMatchObject({ code: 'HF1105', where: { file: path } });
    }
  });

  it('may be reached by a link, or be a single file', async () => {
    write('shop/a.yaml', 'a');
    symlinkSync('shop', join(root, 'link'));
    expect((await folderTree(join(root, 'link'))).files).toHaveLength(1);

    const single = await folderTree(join(root, 'shop', 'a.yaml'));
    expect([single.name, single.files.map(file => file.path)]).toEqual(['a', ['a.yaml']]);
  });

  it('has contents that change exactly when the bytes do', async () => {
    write('a.yaml', 'one');
    write('b.yaml', 'one');
    const before = (await folderTree(root)).files.map(file => file.content);
    write('b.yaml', 'two');
    const after = (await folderTree(root)).files.map(file => file.content);

    expect(before[0]).toBe(before[1]);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
  });

  it('must be there', async () => {
    await expect(folderTree(join(root, 'nothing'))).rejects.toMatchObject({ code: 'HF1105' });
  });
});
