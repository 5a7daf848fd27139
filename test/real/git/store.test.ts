import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLocal } from '../../../src/git/local.ts';
import { type Mirror, openMirror } from '../../../src/git/mirror.ts';
import { Origin, type Scratch, scratch } from './origin.ts';

let place: Scratch;
let origin: Origin;
beforeEach(() => {
  place = scratch();
  origin = new Origin(join(place.path, 'origin'));
});
afterEach(() => place.dispose());

async function mirrored(): Promise<Mirror> {
  const mirror = await openMirror({
    directory: join(place.path, 'mirror'),
    url: origin.path,
    branch: 'main',
  });
  await mirror.fetch();
  return mirror;
}

describe('a tree', () => {
  it('lists files with their blob ids, in order, and tells links apart', async () => {
    symlinkSync('/etc/passwd', join(origin.path, 'link.yaml'));
    const sha = origin.commit('files', { 'b.yaml': 'b', 'a/x y.yaml': 'ü', 'a-b.yaml': '' });
    const tree = await (await mirrored()).tree(sha);

    expect(tree.revision).toBe(sha);
    expect(tree.files.map(({ path, size }) => [path, size])).toEqual([
      ['a-b.yaml', 0],
      ['a/x y.yaml', 2],
      ['b.yaml', 1],
    ]);
    expect(tree.files[2]?.content).toBe(origin.git('rev-parse', 'HEAD:b.yaml'));
    expect(tree.links).toEqual(['link.yaml']);
  });

  it('reads bytes as they are, also the same blob twice and none at all', async () => {
    const bytes = Buffer.from([0, 10, 255, 13, 10]);
    const sha = origin.commit('files', { a: bytes, b: bytes, c: '', d: 'x'.repeat(300_000) });
    const tree = await (await mirrored()).tree(sha);

    const read = await tree.read(['a', 'b', 'c', 'd']);

    expect([read.get('a'), read.get('b')]).toEqual([bytes, bytes]);
    expect(read.get('c')?.length).toBe(0);
    expect(read.get('d')?.length).toBe(300_000);
    expect((await tree.read([])).size).toBe(0);
    await expect(tree.read(['e'])).rejects.toMatchObject({ code: 'HF1105', where: { file: 'e' } });
  });
});

describe('commits', () => {
  it('are listed along first parents only, oldest first', async () => {
    const base = origin.commit('base', { a: '1' });
    origin.git('checkout', '--quiet', '-b', 'topic');
    const topic = origin.commit('topic\n\nHoldfast-Ratifies: abc', { b: '1' });
    origin.git('checkout', '--quiet', 'main');
    const direct = origin.commit('direct', { c: '1' });
    origin.git('merge', '--quiet', '--no-ff', '-m', 'merge', 'topic');
    const merge = origin.git('rev-parse', 'HEAD');
    const mirror = await mirrored();

    const commits = await mirror.firstParents(base, merge);

    expect(commits.map(commit => [commit.sha, commit.message, commit.parents])).toEqual([
      [direct, 'direct\n', [base]],
      [merge, 'merge\n', [direct, topic]],
    ]);
    expect(commits[1]?.tree).toBe(origin.git('rev-parse', 'HEAD^{tree}'));
    expect((await mirror.commit(topic)).message).toBe('topic\n\nHoldfast-Ratifies: abc\n');
    expect(await mirror.firstParents(merge, merge)).toEqual([]);
    expect(await mirror.isAncestor(base, merge)).toBe(true);
    expect(await mirror.isAncestor(merge, base)).toBe(false);
  });

  it('are merged as git would, or null on a conflict', async () => {
    const base = origin.commit('base', { a: '1\n' });
    origin.git('checkout', '--quiet', '-b', 'topic');
    const clean = origin.commit('clean', { b: '1\n' });
    const conflicting = origin.commit('conflict', { a: '2\n' });
    origin.git('checkout', '--quiet', 'main');
    const tip = origin.commit('main', { a: '3\n' });
    const mirror = await mirrored();
    for (const sha of [clean, conflicting]) {
      origin.git('update-ref', 'refs/pull/1/head', sha);
      await mirror.fetchCommit(sha, ['refs/pull/1/head']);
    }

    const merged = await mirror.mergedTree(tip, clean);

    origin.git('merge', '--quiet', '--no-ff', '-m', 'merge', clean);
    expect(merged).toBe(origin.git('rev-parse', 'HEAD^{tree}'));
    expect(await mirror.mergedTree(tip, conflicting)).toBeNull();
    expect(await mirror.isAncestor(base, clean)).toBe(true);
  });

  it('tell which paths differ', async () => {
    const from = origin.commit('from', { a: '1', b: '1', 'c d': '1' });
    const to = origin.commit('to', { a: '2', b: null, 'e\tf': '1' });
    const mirror = await mirrored();

    expect(await mirror.changedPaths(from, to)).toEqual([
      { path: 'a', change: 'changed' },
      { path: 'b', change: 'deleted' },
      { path: 'e\tf', change: 'added' },
    ]);
    expect(await mirror.changedPaths(to, to)).toEqual([]);
  });
});

describe('a checkout', () => {
  it('is read from its object store, at names that are resolved once, and shows the folder that was opened', async () => {
    const first = origin.commit('one', { 'manifests/a.yaml': 'a: 1', 'other.yaml': 'x' });
    origin.commit('two', { 'manifests/a.yaml': 'a: 2' });
    writeFileSync(join(origin.path, 'manifests', 'a.yaml'), 'not committed');
    const local = await openLocal(join(origin.path, 'manifests'));

    const sha = await local.resolve('HEAD~1');
    const tree = await local.tree(sha);

    expect(sha).toBe(first);
    expect(tree.files.map(file => file.path)).toEqual(['a.yaml']);
    expect((await tree.read(['a.yaml'])).get('a.yaml')?.toString()).toBe('a: 1');
    expect([local.prefix, local.name]).toEqual(['manifests/', 'manifests']);
  });

  it.each(['nothing', '--all', '', 'HEAD:manifests', 'a\0b', '-1'])('has no commit called %j', async name => {
    origin.commit('one', { 'manifests/a.yaml': 'a' });
    const local = await openLocal(origin.path);
    await expect(local.resolve(name)).rejects.toMatchObject({ code: 'HF1206' });
  });

  it('must be one', async () => {
    mkdirSync(join(place.path, 'plain'));
    await expect(openLocal(join(place.path, 'plain'))).rejects.toMatchObject({ code: 'HF1207' });
    await expect(openLocal(join(place.path, 'nothing'))).rejects.toMatchObject({ code: 'HF1105' });
  });
});
