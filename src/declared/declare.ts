import { setImmediate } from 'node:timers/promises';
import { Failure } from '../failure/failure.ts';
import { ParseCache } from './cache.ts';
import { loadSettings } from './config/load.ts';
import type { Declaration, DeclaredUnit, UnitDefinition } from './declaration.ts';
import { hashText } from './hash.ts';
import { type Capabilities, defaultCapabilities } from './helm/capabilities.ts';
import { helmUnit } from './helm/unit.ts';
import { renderUnits, type UnitRendering } from './kustomize/unit.ts';
import { compact, type FileContents, largestFile, readFile } from './objects/file.ts';
import type { SourceTree, TreeFile } from './tree.ts';
import { unitName } from './units/conventions.ts';
import { unitDefinitions } from './units/definitions.ts';
import { type UnitFiles, unitFiles } from './units/files.ts';
import { declarationFinding } from './units/findings.ts';
import { kubernetesUnit } from './units/kubernetes.ts';
import { assignNamespaces } from './units/managed.ts';
import { baseName } from './units/paths.ts';
import { reachesOf, type UnitReach } from './units/reach.ts';

export interface DeclareOptions {
  /** The unit's name when the tree is a plain folder of manifests; `manifests` unless told. */
  name?: string;
  environment?: string | undefined;
  /** Only this folder of the tree is compared, as a plain one: one unit, and no holdfast.yaml counts. */
  folder?: string | undefined;
  /** Held by the caller from one revision to the next. */
  cache?: ParseCache | undefined;
  /** False: of charts that are not in the tree only those that are kept here are used, as for a revision that nobody authorized. */
  fetchCharts?: boolean | undefined;
  /** What charts are told of the cluster, asked for when there is one; without it, or where it fails, what is known offline. */
  capabilities?: (() => Promise<Capabilities>) | undefined;
}

/**
 * Everything that a tree declares: its settings and units, sorted by name. What is wrong with single files is in the
 * findings of their unit. Throws HF1104 when holdfast.yaml is wrong, and HF1001 when the environment does not fit it.
 * The objects are shared with the cache: treat them as read-only.
 */
export async function declare(tree: SourceTree, options: DeclareOptions = {}): Promise<Declaration> {
  const { name = 'manifests', environment, folder } = options;
  const loaded = await loadSettings(folder === undefined ? tree : { ...tree, files: [] }, environment);
  const definitions =
    folder === undefined
      ? await unitDefinitions(tree, loaded, { name, environment })
      : [{ name: unitName(name), driver: 'kubernetes' as const, path: folder }];
  // the files of a unit that runs in other environments are not those of the unit around it
  const places = [...definitions, ...loaded.settings.units];
  const files = new Map(definitions.map(unit => [unit, unitFiles(tree, unit, places)]));
  const cache = options.cache ?? new ParseCache(1);
  cache.begin();
  const contents = await readContents(tree, definitions, files, options.cache);
  const reaches = await reachesOf(tree, files);
  const rendered = await renderUnits(tree, files, { environment, cache });
  const charts = definitions.some(({ driver }) => driver === 'helm');
  const asked = charts ? await options.capabilities?.().catch(() => undefined) : undefined;
  const capabilities = asked ?? defaultCapabilities;
  const units = await Promise.all(
    definitions.map(async unit => {
      const own = files.get(unit) ?? noFiles;
      return unit.driver === 'helm'
        ? helmUnit(unit, tree, own, capabilities, { environment, cache, fetch: options.fetchCharts ?? true })
        : declareUnit(unit, tree, own, path => contents.get(path), rendered.get(unit), reaches.get(unit));
    }),
  );
  assignNamespaces(units);
  const ignoreLines = loaded.settings.ignore.map((_, index) => loaded.lineOf(['ignore', index]));
  return { revision: tree.revision, settings: loaded.settings, ignoreLines, units };
}

const noFiles: UnitFiles = { manifests: [], unrendered: [], links: [], all: [] };

function declareUnit(
  unit: UnitDefinition,
  tree: SourceTree,
  files: UnitFiles,
  contentsOf: (path: string) => FileContents | undefined,
  rendering: UnitRendering | undefined,
  reach: UnitReach | undefined,
): DeclaredUnit {
  if (files.all.length === 0 && files.links.length === 0) return emptyUnit(unit);
  if (unit.driver === 'kubernetes') return kubernetesUnit(unit, files, contentsOf, rendering);
  const { name, driver, path, namespace, terraform, ansible, cloudformation } = unit;
  const reached = reach?.files ?? files.all;
  const settings = [terraform ?? ansible ?? cloudformation].filter(set => set !== undefined);
  const hash = hashText(
    JSON.stringify([
      name,
      driver,
      path,
      namespace ?? null,
      reached.map(file => [file.path, file.content]),
      ...settings,
    ]),
  );
  const sources = { tree, files: files.all, ...(reach === undefined ? {} : { reached }) };
  return { definition: unit, objects: [], findings: reach?.findings ?? [], notObjects: [], sources, hash };
}

/** A unit without files says nothing, which is not the same as declaring that nothing should be there. */
function emptyUnit(unit: UnitDefinition): DeclaredUnit {
  const source = unit.source ?? { file: unit.path };
  const resource = { type: 'Unit', name: unit.name };
  const what = `there is no file in ${unit.path === '.' ? 'the folder' : unit.path}`;
  const finding = declarationFinding(unit.name, 'unknown', 'HF1105', what, source, resource);
  return {
    definition: unit,
    objects: [],
    findings: [finding],
    notObjects: [],
    hash: hashText(`empty ${unit.name}`),
  };
}

async function readContents(
  tree: SourceTree,
  units: readonly UnitDefinition[],
  files: ReadonlyMap<UnitDefinition, UnitFiles>,
  cache: ParseCache | undefined,
): Promise<Map<string, FileContents>> {
  const wanted = new Map<string, TreeFile>();
  for (const unit of units) {
    if (unit.driver !== 'kubernetes') continue;
    for (const file of files.get(unit)?.manifests ?? []) wanted.set(file.path, file);
  }
  const contents = new Map<string, FileContents>();
  const unread: TreeFile[] = [];
  for (const [path, file] of wanted) {
    const known = cache?.get(cacheKey(file));
    if (known !== undefined) contents.set(path, known);
    else if (file.size > largestFile) contents.set(path, tooLarge);
    else unread.push(file);
  }
  await readUnread(tree, unread, cache, contents);
  return contents;
}

async function readUnread(
  tree: SourceTree,
  unread: readonly TreeFile[],
  cache: ParseCache | undefined,
  contents: Map<string, FileContents>,
): Promise<void> {
  let count = 0;
  for (let from = 0; from < unread.length; from += atOnce) {
    for (const [file, bytes] of await readEach(tree, unread.slice(from, from + atOnce))) {
      const read = readFile(bytes, baseName(file.path));
      count += 1;
      const kept = count > fewFiles ? compact(read) : read;
      cache?.set(cacheKey(file), kept);
      contents.set(file.path, kept);
      // answers from elsewhere are waiting, and probes
      if (count % 100 === 0) await setImmediate();
    }
  }
}

/** So many files are held while they are read. */
const atOnce = 2_000;
/** Beyond so many files memory counts for more than the time that it takes to save some. */
const fewFiles = 6_000;

const tooLarge: FileContents = {
  objects: [],
  problems: [{ line: 1, code: 'HF1101', message: 'it is larger than 10 MiB and was not read' }],
  foreign: [],
};

/** The base name counts, since it may say that a file is not for the cluster. */
function cacheKey(file: TreeFile): string {
  return `${file.content} ${baseName(file.path)}`;
}

/** All at once; one by one when that fails, so that a file that cannot be read does not hide the others. */
async function readEach(tree: SourceTree, files: readonly TreeFile[]): Promise<[TreeFile, Buffer][]> {
  const read: [TreeFile, Buffer][] = [];
  const add = (bytes: Map<string, Buffer>, some: readonly TreeFile[]) => {
    for (const file of some) {
      const found = bytes.get(file.path);
      if (found !== undefined) read.push([file, found]);
    }
  };
  try {
    add(await tree.read(files.map(({ path }) => path)), files);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'HF1105') throw error;
    for (const file of files) add(await tree.read([file.path]).catch(() => new Map()), [file]);
  }
  return read;
}
