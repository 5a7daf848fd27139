import { Failure } from '../../failure/failure.ts';
import type { Finding } from '../../findings/finding.ts';
import type { ParseCache } from '../cache.ts';
import type { UnitDefinition } from '../declaration.ts';
import type { SourceTree } from '../tree.ts';
import type { UnitFiles } from '../units/files.ts';
import { declarationFinding } from '../units/findings.ts';
import { folderOf } from '../units/paths.ts';
import { quoted } from '../yaml/problem.ts';
import type { Rendered } from './output.ts';
import { type Reach, type Refusal, reachOf } from './reach.ts';
import { isRendered, type NotRendered, type Rendering, render, renderKey } from './render.ts';
import { type Choice, rootsOf } from './roots.ts';
import { TreeIndex } from './tree-index.ts';

/** What the kustomizations of one unit declare. */
export interface UnitRendering {
  rendered: Rendered[];
  /** Files that its kustomizations read: they declare nothing by themselves. */
  reached: ReadonlySet<string>;
  /** What could not be rendered, as `unknown` findings. */
  findings: Finding[];
  /** Set when something could not be rendered: whether trying again may help, or the files must change. */
  failed?: 'passing' | 'lasting';
}

export interface RenderOptions {
  environment?: string | undefined;
  cache: ParseCache;
}

/** Renders the kustomizations of all units, each once per content. Never throws for what the files hold. */
export async function renderUnits(
  tree: SourceTree,
  units: ReadonlyMap<UnitDefinition, UnitFiles>,
  options: RenderOptions,
): Promise<Map<UnitDefinition, UnitRendering>> {
  const found = [...units].filter(([unit, files]) => unit.driver === 'kubernetes' && hasKustomization(files));
  if (found.length === 0) return new Map();
  const index = new TreeIndex(tree);
  const reaches = new Map(await Promise.all(found.map(([unit, files]) => reachesOf(index, unit, files))));
  return new Map(
    await Promise.all(
      found.map(async ([unit]): Promise<[UnitDefinition, UnitRendering]> => {
        const others = found.flatMap(([other]) => (other === unit ? [] : (reaches.get(other) ?? [])));
        return [unit, await renderUnit(tree, unit, reaches.get(unit) ?? [], others, options)];
      }),
    ),
  );
}

function hasKustomization({ unrendered }: UnitFiles): boolean {
  return unrendered.some(({ what }) => what === 'kustomization');
}

async function reachesOf(
  index: TreeIndex,
  unit: UnitDefinition,
  { unrendered }: UnitFiles,
): Promise<[UnitDefinition, Reach[]]> {
  const folders = unrendered.flatMap(({ file, what }) =>
    what === 'kustomization' ? [folderOf(file.path)] : [],
  );
  return [unit, await Promise.all([...new Set(folders)].map(folder => reachOf(index, folder)))];
}

async function renderUnit(
  tree: SourceTree,
  unit: UnitDefinition,
  reaches: readonly Reach[],
  others: readonly Reach[],
  { environment, cache }: RenderOptions,
): Promise<UnitRendering> {
  const own = reaches.filter(reach => standsForItself(reach, unit, others));
  const { rendered: roots, choices } = rootsOf(own, unit.path, environment);
  const rendering: UnitRendering = {
    rendered: [],
    reached: new Set(reaches.flatMap(({ files }) => files.map(({ path }) => path))),
    findings: choices.map(choice => choiceFinding(unit, choice)),
  };
  if (choices.length > 0) rendering.failed = 'lasting';
  const results = await Promise.all(roots.map(root => renderOnce(tree, root, cache)));
  for (const [place, result] of results.entries()) {
    if (isRendered(result)) rendering.rendered.push(result);
    else {
      const only = roots.length === 1 && choices.length === 0;
      rendering.findings.push(failureFinding(unit, roots[place], result, only));
      if (rendering.failed !== 'passing') rendering.failed = result.passing ? 'passing' : 'lasting';
    }
  }
  return rendering;
}

/** What is a component, or the base of another unit, is a unit only where its folder is that of one. */
function standsForItself(
  { folder, kustomizations }: Reach,
  unit: UnitDefinition,
  others: readonly Reach[],
): boolean {
  if (folder === unit.path) return true;
  const component = kustomizations.get(folder)?.fields.kind === 'Component';
  return !component && !others.some(other => other.kustomizations.has(folder));
}

/** What passes by itself is not remembered; all else is, so that a broken kustomization is not tried at each commit. */
async function renderOnce(tree: SourceTree, reach: Reach, cache: ParseCache): Promise<Rendering> {
  const [refusal] = reach.refusals;
  if (refusal !== undefined) return refused(reach, refusal);
  const key = renderKey(reach);
  const known = cache.renderings.get(key);
  if (known !== undefined) return known;
  const rendering = await render(tree, reach);
  if (isRendered(rendering) || !rendering.passing) cache.renderings.set(key, rendering);
  return rendering;
}

function refused({ refusals }: Reach, first: Refusal): NotRendered {
  const others = refusals
    .slice(1, 4)
    .map(({ message, source: { file, line } }) => `; ${file}:${line ?? 1}: ${message}`);
  const more = refusals.length > 4 ? `; and ${refusals.length - 4} more` : '';
  const failure = new Failure('HF1106', `${first.message}${others.join('')}${more}`, { where: first.source });
  return { failure, passing: false };
}

/** About the unit where it is one kustomization, else about that kustomization, so that each trouble keeps its name. */
function failureFinding(
  unit: UnitDefinition,
  reach: Reach | undefined,
  { failure: { code, message, where } }: NotRendered,
  only: boolean,
): Finding {
  const source = { file: where.file ?? unit.path, ...(where.line === undefined ? {} : { line: where.line }) };
  const resource = only
    ? { type: 'Unit', name: unit.name }
    : { type: 'File', name: reach?.folder ?? unit.path };
  return declarationFinding(unit.name, 'unknown', code, message, source, resource);
}

function choiceFinding(unit: UnitDefinition, { folders, file }: Choice): Finding {
  const within = folders.map(folder =>
    folder.startsWith(`${unit.path}/`) ? folder.slice(unit.path.length + 1) : folder,
  );
  const shown = within.length > 6 ? [...within.slice(0, 6), '…'] : within;
  const what = `it has kustomizations in ${shown.map(quoted).join(', ')} and it is not said which one is meant: name the environment, or give the unit the path of one in holdfast.yaml`;
  const source = { file: file.path, line: 1 };
  return declarationFinding(unit.name, 'unknown', 'HF1106', what, source, { type: 'Unit', name: unit.name });
}
