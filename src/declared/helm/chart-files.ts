import { posix } from 'node:path';
import { Failure } from '../../failure/failure.ts';
import type { Source } from '../../findings/finding.ts';
import { largestFile } from '../objects/file.ts';
import type { SourceTree, TreeFile } from '../tree.ts';
import { isWithin, normalFolder } from '../units/paths.ts';
import { quoted } from '../yaml/problem.ts';
import { type ChartFile, readChartFile } from './chart-file.ts';

/** A chart that is a folder of the tree, with the dependencies that are other folders of it. */
export interface ChartFolder {
  folder: string;
  file: ChartFile;
  /** What helm is to see, by path below the chart: every file of the folder, and of folders that it depends on. */
  files: Map<string, TreeFile>;
}

const mostFiles = 5_000;
const mostBytes = 64 * 1024 * 1024;
const deepest = 8;

/**
 * Finds the files of a chart. A dependency that is not in `charts/` is taken from the folder that `file://` names, as
 * `helm dependency build` would, if it is in the tree; nothing is ever fetched for one. Throws HF1802 and HF1805.
 */
export async function chartFolder(
  tree: SourceTree,
  folder: string,
  namedAt: Source = { file: folder },
): Promise<ChartFolder> {
  const start = folder === '.' ? '' : `${folder}/`;
  if (!tree.files.some(({ path }) => path === `${start}Chart.yaml`)) {
    const what = `the folder ${quoted(folder)} has no Chart.yaml, and no chart from elsewhere is named`;
    throw new Failure('HF1805', what, { where: namedAt });
  }
  const link = tree.links.find(path => isWithin(path, folder));
  if (link !== undefined) {
    const what =
      'the chart has a symbolic link, which is not followed; helm would follow it out of the chart';
    throw new Failure('HF1805', what, { where: { file: link } });
  }
  const files = new Map<string, TreeFile>();
  const file = await addChart({ tree, files }, folder, '', 0);
  return { folder, file, files };
}

interface Adding {
  tree: SourceTree;
  files: Map<string, TreeFile>;
}

/** Adds the chart of `folder` under `prefix` (empty, or `charts/name/`). */
async function addChart(adding: Adding, folder: string, prefix: string, depth: number): Promise<ChartFile> {
  const { tree, files } = adding;
  const own = tree.files.filter(({ path }) => isWithin(path, folder) && path !== 'holdfast.yaml');
  const below = (path: string) => (folder === '.' ? path : path.slice(folder.length + 1));
  for (const each of own) files.set(prefix + below(each.path), each);
  checkSize(files, folder);
  const chart = own.find(({ path }) => below(path) === 'Chart.yaml');
  if (chart === undefined)
    throw new Failure('HF1805', `the folder ${quoted(folder)} has no Chart.yaml`, {
      where: { file: folder },
    });
  // charts of Helm 2 say in a file of its own what they depend on
  const older = own.find(({ path }) => below(path) === 'requirements.yaml');
  const sources = [chart.path, ...(older === undefined ? [] : [older.path])];
  const bytes = await tree.read(sources);
  const [read, ...more] = sources.map(file => readChartFile(bytes.get(file) ?? Buffer.alloc(0), file));
  if (read === undefined) throw new Failure('HF1805', 'it cannot be read', { where: { file: chart.path } });
  const dependencies = [read, ...more].flatMap((each, at) =>
    each.dependencies.map(dependency => ({ ...dependency, file: sources[at] ?? chart.path })),
  );
  for (const { name, repository, line, file } of dependencies) {
    if (!repository.startsWith('file://') || isVendored(files, prefix, name)) continue;
    const where = { file, line };
    const target = normalFolder(posix.join(folder, repository.slice('file://'.length)));
    if (repository.startsWith('file:///') || target === undefined)
      throw new Failure('HF1805', `the dependency ${quoted(name)} lies outside of the repository`, { where });
    if (depth >= deepest || isWithin(folder, target))
      throw new Failure('HF1805', `the dependency ${quoted(name)} depends on itself`, { where });
    if (!tree.files.some(({ path }) => path === `${target}/Chart.yaml`))
      throw new Failure('HF1802', `the dependency ${quoted(name)} is not at ${quoted(target)}`, { where });
    await addChart(adding, target, `${prefix}charts/${name}/`, depth + 1);
  }
  return read;
}

function isVendored(files: ReadonlyMap<string, TreeFile>, prefix: string, name: string): boolean {
  if (files.has(`${prefix}charts/${name}/Chart.yaml`)) return true;
  const start = `${prefix}charts/${name}-`;
  const isVersion = (rest: string) => /^v?\d[^/]*\.tgz$/.test(rest);
  return [...files.keys()].some(path => path.startsWith(start) && isVersion(path.slice(start.length)));
}

function checkSize(files: ReadonlyMap<string, TreeFile>, folder: string): void {
  let bytes = 0;
  for (const { size, path } of files.values()) {
    bytes += size;
    if (size > largestFile)
      throw new Failure('HF1805', 'it is larger than 10 MiB', { where: { file: path } });
  }
  if (files.size > mostFiles || bytes > mostBytes)
    throw new Failure('HF1805', 'the chart has more than 5,000 files or 64 MiB', { where: { file: folder } });
}
