import type { UnitDefinition } from '../declaration.ts';
import type { SourceTree, TreeFile } from '../tree.ts';
import { folderOf, isChart, isHidden, isKustomization, isManifest, isWithin } from './paths.ts';

/** The files of a kubernetes unit, sorted by what can be done with them. */
export interface UnitFiles {
  /** Manifests to be read as they stand. */
  manifests: TreeFile[];
  /** A file for each folder that must be rendered first: its kustomization or Chart.yaml. */
  unrendered: { file: TreeFile; what: 'kustomization' | 'Helm chart' }[];
  /** Symbolic links where a manifest or a folder of them might be. */
  links: string[];
  /** Everything below the unit's folder that is not another unit's: what its hash covers where it is not rendered. */
  all: TreeFile[];
}

/** A file belongs to the units with the deepest folder that holds it. */
export function unitFiles(
  tree: SourceTree,
  unit: UnitDefinition,
  units: readonly Pick<UnitDefinition, 'path'>[],
): UnitFiles {
  const deeper = units.filter(other => other.path !== unit.path && isWithin(other.path, unit.path));
  const mine = (path: string) =>
    isWithin(path, unit.path) && !isHidden(path) && !deeper.some(other => isWithin(path, other.path));
  const all = tree.files.filter(({ path }) => mine(path) && path !== 'holdfast.yaml');
  const unrendered = topmost(all);
  const folders = unrendered.map(({ file }) => folderOf(file.path));
  const plain = (path: string) => !folders.some(folder => isWithin(path, folder));
  return {
    all,
    unrendered,
    manifests: all.filter(({ path }) => isManifest(path) && plain(path)),
    links: tree.links.filter(
      path => mine(path) && plain(path) && (isManifest(path) || !/\.[^./]+$/.test(path)),
    ),
  };
}

/** Folders with a kustomization or a chart that are in no other such folder. */
function topmost(files: readonly TreeFile[]): UnitFiles['unrendered'] {
  const found: UnitFiles['unrendered'] = [];
  for (const file of [...files].sort((a, b) => depth(a.path) - depth(b.path))) {
    const what = isKustomization(file.path) ? 'kustomization' : isChart(file.path) ? 'Helm chart' : undefined;
    if (what === undefined) continue;
    if (!found.some(other => isWithin(file.path, folderOf(other.file.path)))) found.push({ file, what });
  }
  return found;
}

function depth(path: string): number {
  return path.split('/').length;
}
