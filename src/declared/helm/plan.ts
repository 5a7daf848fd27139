import { Failure } from '../../failure/failure.ts';
import type { Source } from '../../findings/finding.ts';
import type { UnitDefinition } from '../declaration.ts';
import { hashText } from '../hash.ts';
import type { SourceTree, TreeFile } from '../tree.ts';
import { quoted } from '../yaml/problem.ts';
import { readArchive } from './archive.ts';
import { readChartFile } from './chart-file.ts';
import { type ChartFolder, chartFolder } from './chart-files.ts';
import { fetchChart } from './fetch.ts';
import type { ChartReference } from './options.ts';
import { releaseName } from './release-name.ts';
import { readValues, type ValuesLayer, valuesFiles } from './values.ts';

/** Which files a release is made from, before any but its Chart.yaml is read. */
export interface ReleasePlan {
  definition: UnitDefinition;
  tree: SourceTree;
  name: string;
  namespace: string;
  chart: ChartFolder | ChartReference;
  values: readonly TreeFile[];
  source: Source;
  /** Equal exactly when all that helm is given is equal. */
  key: string;
}

/** All bytes that helm is given, and what they are. */
export interface ReleaseFiles {
  chart: { name: string; version: string };
  /** The files of the chart by path in it, also where it is packaged. */
  files: ReadonlyMap<string, Buffer>;
  /** The packaged chart. */
  archive: Buffer | undefined;
  /** What each file of the chart is in the repository. */
  sourceOf(path: string): { source: Source; plain: boolean };
  /** Beside the chart, in their order. */
  layers: readonly ValuesLayer[];
}

/** Throws HF1802, HF1805 or HF1811 for what can be told from the names of files and Chart.yaml alone. */
export async function planRelease(
  tree: SourceTree,
  definition: UnitDefinition,
  environment: string | undefined,
): Promise<ReleasePlan> {
  const { helm, path } = definition;
  const chart = helm?.chart ?? (await chartFolder(tree, path, definition.source));
  const values = valuesFiles(tree, definition, environment);
  const release = releaseName(definition);
  const namespace = definition.namespace ?? 'default';
  const source = isReference(chart)
    ? (definition.source ?? { file: path })
    : { file: path === '.' ? 'Chart.yaml' : `${path}/Chart.yaml`, line: 1 };
  if (!isReference(chart) && chart.file.isLibrary)
    throw new Failure('HF1805', 'a library chart cannot be released by itself', { where: source });
  const content = isReference(chart)
    ? [chart.digest, chart.name, chart.version]
    : [...chart.files].map(([at, file]) => [at, file.path, file.content]);
  const inline = (helm?.inline ?? []).map(layer => layer.values);
  const files = values.map(file => [file.path, file.content]);
  const options = [helm?.crds ?? true, helm?.secretValues ?? []];
  const key = hashText(JSON.stringify(['helm', release, namespace, content, files, inline, options]));
  return { definition, tree, name: release, namespace, chart, values, source, key };
}

export function isReference(chart: ChartFolder | ChartReference): chart is ChartReference {
  return 'digest' in chart;
}

/** Reads all that helm is given; a chart that is referred to is fetched. Throws HF1105, HF1803 to HF1805, HF1811. */
export async function readRelease(plan: ReleasePlan, fetch = true): Promise<ReleaseFiles> {
  const { tree, values, definition, chart } = plan;
  const read = await tree.read([...new Set(values.map(({ path }) => path))]);
  const layers = [
    ...values.map(({ path }) => readValues(read.get(path) ?? Buffer.alloc(0), path)),
    ...(definition.helm?.inline ?? []).map(
      ({ values: inline, lineOf }): ValuesLayer => ({
        values: inline,
        placeOf: path => ({ file: 'holdfast.yaml', line: lineOf(path) }),
      }),
    ),
  ];
  return isReference(chart)
    ? { ...(await fetched(chart, plan.source, fetch)), layers }
    : { ...(await inTree(tree, chart)), layers };
}

async function inTree(tree: SourceTree, { file, files }: ChartFolder): Promise<Omit<ReleaseFiles, 'layers'>> {
  const bytes = await tree.read([...new Set([...files.values()].map(({ path }) => path))]);
  const contents = [...files].map(([at, { path }]) => [at, bytes.get(path) ?? Buffer.alloc(0)] as const);
  return {
    chart: file,
    files: new Map(contents),
    archive: undefined,
    sourceOf: path => ({ source: { file: files.get(path)?.path ?? path }, plain: true }),
  };
}

function bare(version: string): string {
  return version.replace(/^v/, '');
}

async function fetched(
  reference: ChartReference,
  where: Source,
  fetch: boolean,
): Promise<Omit<ReleaseFiles, 'layers'>> {
  const archive = await fetchChart(reference, where, fetch);
  const unpacked = readArchive(archive);
  const files = new Map(
    [...(unpacked ?? [])].map(([path, bytes]) => [path.slice(path.indexOf('/') + 1), bytes] as const),
  );
  const chart = files.get('Chart.yaml');
  if (chart === undefined)
    throw new Failure('HF1805', `the fetched chart ${reference.name} is no packaged chart`, { where });
  const { name, version, isLibrary } = readChartFile(chart, where.file);
  // what is kept is found by its digest alone: a new version with the digest of the old one would pass for it
  if (name !== reference.name || bare(version) !== bare(reference.version)) {
    const what = `${reference.digest} is the chart ${quoted(name)} ${quoted(version)}, and ${reference.name} ${reference.version} is pinned`;
    throw new Failure('HF1804', what, { where });
  }
  if (isLibrary) throw new Failure('HF1805', 'a library chart cannot be released by itself', { where });
  return { chart: { name, version }, files, archive, sourceOf: () => ({ source: where, plain: false }) };
}
