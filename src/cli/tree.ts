import { realpath } from 'node:fs/promises';
import { folderTree } from '../declared/folder.ts';
import { leavesTree } from '../declared/kustomize/outside.ts';
import type { SourceTree } from '../declared/tree.ts';
import { type LocalRepository, openLocal } from '../git/local.ts';

/** What is read for a path, and the folder in it that is compared. */
export interface CompareTree {
  tree: SourceTree;
  /** Relative to the tree's root; absent for all of it. */
  folder?: string;
}

/**
 * The files at a path, as they stand on disk or at a revision. Where a kustomization among them refers to what lies above the
 * path, and the path is in a Git checkout, the whole checkout is read, and of it that folder compared.
 */
export async function compareTree(path: string, revision?: string): Promise<CompareTree> {
  const repository = revision === undefined ? undefined : await openLocal(path);
  const sha = revision === undefined ? undefined : await repository?.resolve(revision);
  const tree = await treeAt(path, repository, sha);
  if (!(await leavesTree(tree))) return { tree };
  const { prefix } = repository ?? (await openLocal(path).catch(() => ({ prefix: '' })));
  const folder = prefix.replace(/\/$/, '');
  const root = await realpath(path);
  if (folder === '' || !root.endsWith(`/${folder}`)) return { tree };
  const top = root.slice(0, -folder.length - 1);
  return { tree: await treeAt(top, repository && (await openLocal(top)), sha), folder };
}

async function treeAt(
  path: string,
  repository: LocalRepository | undefined,
  sha: string | undefined,
): Promise<SourceTree> {
  return repository === undefined || sha === undefined ? folderTree(path) : repository.tree(sha);
}
