import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { declare } from '../../src/declared/declare.ts';
import { folderTree } from '../../src/declared/folder.ts';
import { hashOf } from '../../src/declared/hash.ts';
import { compact, readFile } from '../../src/declared/objects/file.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'holdfast-large-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('a large repository', () => {
  it('is declared as a small one is, however its objects are held', async () => {
    for (let index = 0; index < 6_100; index += 1)
      writeFileSync(
        join(root, `${index}.yaml`),
        `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c${index}}\ndata: {a: "${index}"}\n`,
      );

    const { units } = await declare(await folderTree(root));

    const [unit] = units;
    expect(unit?.findings).toEqual([]);
    expect(unit?.objects).toHaveLength(6_100);
    // one assertion for all: thousands of them take longer than what they are about
    const wrong = (unit?.objects ?? []).filter(({ ref, object }) => {
      const { metadata, data } = object as { metadata?: { name?: string }; data?: { a?: string } };
      return metadata?.name !== ref.name || data?.a !== ref.name.slice(1);
    });
    expect(wrong).toEqual([]);
  }, 60_000);

  it('holds the same objects in less memory', () => {
    const text =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {__proto__: x, n: 1, t: true}\n';
    const read = readFile(Buffer.from(text), 'c.yaml');

    expect(compact(read)).toEqual(read);
    const [before, after] = [read, compact(read)].map(({ objects }) =>
      objects.map(({ object }) => hashOf(object)),
    );
    expect(after).toEqual(before);
  });
});
