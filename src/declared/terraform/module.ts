import type { Finding, Source } from '../../findings/finding.ts';
import type { SourceTree, TreeFile } from '../tree.ts';
import { declarationFinding } from '../units/findings.ts';
import { folderOf, isHidden, isWithin } from '../units/paths.ts';
import { quoted } from '../yaml/problem.ts';
import { type Block, blocksOf } from './blocks.ts';

/** A root module with all local modules that it calls, directly or not. */
export interface ModuleReach {
  /** Every file in the folders of these modules. */
  files: TreeFile[];
  /** The blocks of each module, by its folder. */
  blocks: ReadonlyMap<string, readonly Block[]>;
  /** Calls that leave the repository, go through a symbolic link or name no folder. */
  findings: Finding[];
}

const mostModules = 200;
const largestFile = 4 * 1024 * 1024;

/** Finds what a root module reads of its repository, from its files alone. */
export async function moduleReach(unit: string, tree: SourceTree, folder: string): Promise<ModuleReach> {
  const blocks = new Map<string, readonly Block[]>();
  const files = new Map<string, TreeFile>();
  const findings: Finding[] = [];
  const refuse = (what: string, source: Source) =>
    void findings.push(declarationFinding(unit, 'unknown', 'HF2009', what, source));
  const queue = [folder];
  for (const at of queue) {
    if (blocks.has(at)) continue;
    for (const link of linksIn(tree, at))
      refuse('it is a symbolic link, which is not followed', { file: link });
    for (const file of filesIn(tree, at)) files.set(file.path, file);
    const here = await read(tree, configurationIn(tree, at));
    blocks.set(at, here);
    for (const call of here) {
      const target = targetOf(call, at);
      const problem =
        queue.length > mostModules ? 'it calls more than 200 modules' : problemOf(tree, target, call);
      if (problem !== undefined) refuse(problem, call.source);
      else if (typeof target === 'string') queue.push(target);
    }
  }
  return { files: [...files.values()], blocks, findings };
}

/** Why a local module cannot be had. */
function problemOf(
  tree: SourceTree,
  target: string | null | undefined,
  { from = '' }: Block,
): string | undefined {
  if (target === undefined) return undefined;
  const it = `the module ${quoted(from)}`;
  if (target === null) return `${it} lies outside of the repository`;
  if (tree.links.some(link => isWithin(target, link)))
    return `${it} is a symbolic link, which is not followed`;
  return configurationIn(tree, target).length > 0 ? undefined : `${it} is no folder with configuration`;
}

/** The folder of a local module; null where that leaves the repository, undefined where the module comes from elsewhere. */
export function targetOf({ type, from }: Block, folder: string): string | null | undefined {
  if (type !== 'module' || from === undefined || !/^\.{1,2}(?:\/|$)/.test(from)) return undefined;
  const parts = folder === '.' ? [] : folder.split('/');
  for (const part of from.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.length === 0 ? '.' : parts.join('/');
}

/** Files that Terraform or OpenTofu reads as configuration. */
export function isConfiguration(path: string): boolean {
  return /\.(?:tf|tofu)(?:\.json)?$/.test(path);
}

function linksIn(tree: SourceTree, folder: string): string[] {
  return tree.links.filter(path => isWithin(path, folder) && !isHidden(path));
}

function configurationIn(tree: SourceTree, folder: string): TreeFile[] {
  return tree.files.filter(({ path }) => folderOf(path) === folder && isConfiguration(path));
}

function filesIn(tree: SourceTree, folder: string): TreeFile[] {
  return tree.files.filter(({ path }) => isWithin(path, folder) && !isHidden(path));
}

async function read(tree: SourceTree, files: readonly TreeFile[]): Promise<Block[]> {
  const small = files.filter(({ size }) => size <= largestFile);
  const contents = await tree.read(small.map(({ path }) => path));
  return small.flatMap(({ path }) => blocksOf(path, contents.get(path)?.toString('utf8') ?? ''));
}
