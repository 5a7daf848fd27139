import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, inject, it } from 'vitest';
import { compareTree } from '../../../src/cli/tree.ts';
import type { DeclaredUnit } from '../../../src/declared/declaration.ts';
import { declare } from '../../../src/declared/declare.ts';
import { configMap } from '../../declared/tree.ts';
import { onDisk } from '../declared/kustomize/folder.ts';

let files: ReturnType<typeof onDisk> | undefined;
afterEach(() => files?.remove());

const content = {
  'apps/base/kustomization.yaml': 'resources: [a.yaml]',
  'apps/base/a.yaml': configMap('a'),
  'apps/production/kustomization.yaml': 'namePrefix: p-\nresources: [../base]',
  'plain/b.yaml': configMap('b'),
  'holdfast.yaml': 'units: []\n',
};

function checkout(): string {
  files = onDisk(content);
  const { root } = files;
  const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { stdio: 'pipe' });
  git('init', '--quiet');
  git('add', '.');
  git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '--message', 'all');
  return root;
}

async function unitAt(path: string, revision?: string): Promise<DeclaredUnit | undefined> {
  process.env['HOLDFAST_KUSTOMIZE'] = inject('kubectl');
  const { tree, folder } = await compareTree(path, revision);
  const { units } = await declare(tree, { name: 'production', folder });
  expect(units).toHaveLength(1);
  return units[0];
}

it('a folder whose kustomization reaches above it is read with the whole of its checkout', async () => {
  const unit = await unitAt(join(checkout(), 'apps/production'));
  expect(unit?.findings).toEqual([]);
  expect(unit?.objects).toMatchObject([
    { ref: { name: 'p-a' }, source: { file: 'apps/base/a.yaml', line: 1 } },
  ]);
});

it('at a revision, all is of that revision', async () => {
  const root = checkout();
  writeFileSync(join(root, 'apps/base/a.yaml'), configMap('changed'));
  const unit = await unitAt(join(root, 'apps/production'), 'HEAD');
  expect(unit?.objects).toMatchObject([{ ref: { name: 'p-a' } }]);
});

it('a folder that needs nothing above it is read alone', async () => {
  expect(await compareTree(join(checkout(), 'plain'))).toMatchObject({
    tree: { files: [{ path: 'b.yaml' }] },
  });
  expect(await compareTree(join(files?.root ?? '', 'plain'))).not.toHaveProperty('folder');
});

it('outside of a checkout it is said that something is missing', async () => {
  files = onDisk(content);
  const unit = await unitAt(join(files.root, 'apps/production'));
  expect(unit?.findings).toMatchObject([
    { type: 'unknown', code: 'HF1106', source: { file: 'kustomization.yaml', line: 2 } },
  ]);
});
