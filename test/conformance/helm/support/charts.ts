import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { folderTree } from '../../../../src/declared/folder.ts';
import { readChartFile } from '../../../../src/declared/helm/chart-file.ts';
import type { SourceTree, TreeFile } from '../../../../src/declared/tree.ts';
import { folderOf, isWithin } from '../../../../src/declared/units/paths.ts';

/** A chart of the corpora, with the ways in which it is meant to be rendered. */
export interface CorpusChart {
  set: string;
  /** Its folder in the set. */
  path: string;
  name: string;
  tree: SourceTree;
  /** Files of values: none for the defaults, then those of ci/, then those of examples/. */
  variants: (string | undefined)[];
}

export const corpora = resolve(process.env['CORPORA'] ?? '../shared/corpora');
if (!existsSync(corpora)) throw new Error(`no corpora at ${corpora}: set CORPORA`);

const foldersIn = (path: string) =>
  readdirSync(path, { withFileTypes: true }).flatMap(entry => (entry.isDirectory() ? [entry.name] : []));
const sets = foldersIn(corpora).flatMap(set =>
  set === 'vectors' ? foldersIn(join(corpora, set)).map(vector => `${set}/${vector}`) : [set],
);

/** Every chart of every set that is in no other chart, whatever the sets are; a dependency is taken from another set if it is in one. */
export async function corpusCharts(): Promise<CorpusChart[]> {
  const found: CorpusChart[] = [];
  for (const set of sets.sort()) {
    const tree = await folderTree(join(corpora, set));
    const folders = tree.files
      .filter(({ path }) => /(^|\/)Chart\.yaml$/.test(path) && !path.split('/').includes('node_modules'))
      .map(({ path }) => folderOf(path));
    for (const path of folders) {
      const inner = folders.some(other => other !== path && isWithin(path, `${other}/charts`));
      if (inner) continue;
      const file = path === '.' ? 'Chart.yaml' : `${path}/Chart.yaml`;
      const bytes = (await tree.read([file])).get(file) ?? Buffer.alloc(0);
      found.push({
        set,
        path,
        name: readChartFile(bytes, file).name,
        tree,
        variants: variantsOf(tree, path),
      });
    }
  }
  return Promise.all(found.map(async chart => ({ ...chart, tree: await withDependencies(chart, found) })));
}

function variantsOf(tree: SourceTree, path: string): (string | undefined)[] {
  const values = tree.files
    .map(file => file.path)
    .filter(file => isWithin(file, path))
    .filter(file => {
      const rest = path === '.' ? file : file.slice(path.length + 1);
      return /^ci\/[^/]*\.ya?ml$/.test(rest) || /^examples\/[^/]+\/(?:[^/]+-)?values\.ya?ml$/.test(rest);
    });
  return [undefined, ...values];
}

/** The set, with copies of charts from elsewhere in the corpora in `charts/`, as `helm dependency build` would put them there. */
async function withDependencies(chart: CorpusChart, all: readonly CorpusChart[]): Promise<SourceTree> {
  const copies = new Map<string, { from: SourceTree; file: TreeFile }>();
  await addDependencies({ chart, all, copies }, chart, chart.path, 0);
  if (copies.size === 0) return chart.tree;
  const own = new Map([...copies].map(([path, { file }]) => [path, { ...file, path }]));
  const files = [...chart.tree.files, ...own.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    ...chart.tree,
    files,
    read: async paths => {
      const bytes = await chart.tree.read(paths.filter(path => !copies.has(path)));
      for (const path of paths) {
        const copy = copies.get(path);
        if (copy === undefined) continue;
        const read = (await copy.from.read([copy.file.path])).get(copy.file.path);
        if (read !== undefined) bytes.set(path, read);
      }
      return bytes;
    },
  };
}

interface Adding {
  chart: CorpusChart;
  all: readonly CorpusChart[];
  copies: Map<string, { from: SourceTree; file: TreeFile }>;
}

async function addDependencies(adding: Adding, of: CorpusChart, at: string, depth: number): Promise<void> {
  if (depth > 4) return;
  const file = `${of.path}/Chart.yaml`;
  const bytes = (await of.tree.read([file]).catch(() => new Map<string, Buffer>())).get(file);
  if (bytes === undefined) return;
  for (const { name, repository } of readChartFile(bytes, file).dependencies) {
    const there = of.tree.files.some(each => each.path.startsWith(`${of.path}/charts/${name}`));
    const other = adding.all.find(each => each.name === name && each !== of);
    if (there || other === undefined || repository.startsWith('file://')) continue;
    const place = `${at}/charts/${name}`;
    for (const each of other.tree.files.filter(({ path }) => isWithin(path, other.path)))
      adding.copies.set(`${place}${each.path.slice(other.path.length)}`, { from: other.tree, file: each });
    await addDependencies(adding, other, place, depth + 1);
  }
}
