import type { SourceTree, TreeFile } from '../tree.ts';
import { baseName, folderOf, isHidden, isKustomization, isManifest, isWithin } from '../units/paths.ts';
import type { Reach } from './reach.ts';

/** Kustomizations that cannot all be meant: bases, and variants of which one runs here. */
export interface Choice {
  /** Their folders, sorted. */
  folders: string[];
  file: TreeFile;
}

/** Which of a unit's kustomizations are rendered, and between which one must be chosen first. */
export interface Roots {
  rendered: Reach[];
  choices: Choice[];
}

/**
 * Of the kustomizations in a unit's folder that lie in no other: those that have nothing to do with another are all rendered.
 * Where one reaches another, several reach the same, or they are the folders of environments, the one named like the
 * environment is meant (`overlays/ENVIRONMENT` or `ENVIRONMENT`); without it nothing is guessed.
 */
export function rootsOf(reaches: readonly Reach[], unitPath: string, environment: string | undefined): Roots {
  const roots: Roots = { rendered: [], choices: [] };
  for (const group of related(reaches, environment)) {
    const [first] = group;
    if (first === undefined) continue;
    const whole = first.folder === unitPath;
    const free = group.length === 1 && (whole || !isVariant(first, reaches, environment));
    const meant = free ? group : group.filter(({ folder }) => isFor(folder, environment));
    roots.rendered.push(...meant);
    const file = first.kustomizations.get(first.folder)?.file;
    if (meant.length === 0 && file !== undefined)
      roots.choices.push({ folders: group.map(({ folder }) => folder).sort(), file });
    else if (meant.length === 0) roots.rendered.push(...group);
  }
  return roots;
}

/** Groups that share a kustomization or are variants beside each other. */
function related(reaches: readonly Reach[], environment: string | undefined): Reach[][] {
  let groups: { tags: Set<string>; members: Reach[] }[] = [];
  for (const reach of reaches) {
    const tags = new Set([reach.folder, ...reach.kustomizations.keys()]);
    if (isVariant(reach, reaches, environment)) tags.add(`variants in ${folderOf(reach.folder)}`);
    const touched = groups.filter(group => [...tags].some(tag => group.tags.has(tag)));
    groups = groups.filter(group => !touched.includes(group));
    groups.push({
      tags: new Set([...tags, ...touched.flatMap(group => [...group.tags])]),
      members: [...touched.flatMap(group => group.members), reach],
    });
  }
  return groups.map(({ members }) => members);
}

/** Whether the folder lies in `overlays`, or beside the one of the environment. */
function isVariant({ folder }: Reach, all: readonly Reach[], environment: string | undefined): boolean {
  const parent = folderOf(folder);
  if (folder === '.') return false;
  return (
    baseName(parent) === 'overlays' ||
    all.some(
      other => other.folder !== '.' && isFor(other.folder, environment) && folderOf(other.folder) === parent,
    )
  );
}

function isFor(folder: string, environment: string | undefined): boolean {
  return environment !== undefined && baseName(folder) === environment;
}

/**
 * Whether a folder holds nothing but kustomizations in folders of it, and one of `chosen` is such a folder: then naming it said
 * which one is meant, and the rest are its bases and variants.
 */
export function choiceIsMade({ files }: SourceTree, folder: string, chosen: readonly string[]): boolean {
  const inside = files.map(({ path }) => path).filter(path => isWithin(path, folder) && !isHidden(path));
  const kustomizations = new Set(inside.filter(isKustomization).map(folderOf));
  if (kustomizations.has(folder) || !chosen.some(path => isWithin(path, folder) && kustomizations.has(path)))
    return false;
  const within = (path: string) => [...kustomizations].some(kustomization => isWithin(path, kustomization));
  return inside.every(path => !isManifest(path) || within(path));
}
