import type { SourceTree } from '../tree.ts';
import { conventionalUnits } from '../units/conventions.ts';
import { folderOf, isHidden, isKustomization } from '../units/paths.ts';
import { reachOf } from './reach.ts';
import { TreeIndex } from './tree-index.ts';

/**
 * Whether a plain folder has a kustomization that refers to what lies above it, so that a wider tree is needed to render it. A
 * Holdfast repository is never too narrow: nothing outside of it counts.
 */
export async function leavesTree(tree: SourceTree): Promise<boolean> {
  const folders = tree.files
    .filter(({ path }) => isKustomization(path) && !isHidden(path))
    .map(({ path }) => folderOf(path));
  if (folders.length === 0 || tree.files.some(({ path }) => path === 'holdfast.yaml')) return false;
  const [first] = await conventionalUnits(tree, 'plain', false);
  if (first?.path !== '.') return false;
  const index = new TreeIndex(tree);
  for (const folder of new Set(folders)) {
    const { refusals } = await reachOf(index, folder);
    if (refusals.some(({ outside }) => outside)) return true;
  }
  return false;
}
