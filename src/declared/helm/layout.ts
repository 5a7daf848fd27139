import { posix } from 'node:path';
import { Failure } from '../../failure/failure.ts';
import type { Source } from '../../findings/finding.ts';
import type { JsonObject } from '../../json/json.ts';
import { isMap } from '../../json/value.ts';
import { isProblem, readDocuments } from '../yaml/document.ts';
import { type ArchiveBudget, archiveBudget, readArchive } from './archive.ts';

/** A file of a chart that helm names in a `# Source:` comment, as text, and where it is in the repository. */
export interface ChartText {
  text: string;
  /** Its file; without a line where it is inside of a packaged chart. */
  source: Source;
  /** Its lines are those of `source.file`. */
  plain: boolean;
}

/** The texts of a chart and of the charts in it, by the name that helm prints: `shop/charts/db/templates/secret.yaml`. */
export interface ChartTexts {
  name: string;
  texts: ReadonlyMap<string, ChartText>;
  /** The values.yaml and the values.schema.json of the chart, and those of the charts in it. */
  values: readonly ScopedFile[];
  schemas: readonly ScopedFile[];
}

/** A file of a chart, and the keys under which its values stand in those of the topmost chart. */
export interface ScopedFile {
  scope: readonly string[];
  bytes: Buffer;
}

/**
 * Names the texts of a chart as helm does: charts by the name in their Chart.yaml (or the alias under which they are depended
 * upon), whatever their folder is called. `sourceOf` tells where a file of it is in the repository. Throws HF1806 for charts in
 * charts without end, and for archives that unpack to too much.
 */
export function chartTexts(
  files: ReadonlyMap<string, Buffer>,
  sourceOf: (path: string) => { source: Source; plain: boolean },
): ChartTexts {
  const found: Found = {
    texts: new Map(),
    values: [],
    schemas: [],
    archives: archiveBudget(),
    charts: 0,
  };
  const name = addTexts(found, files, sourceOf, '', []);
  return { name, texts: found.texts, values: found.values, schemas: found.schemas };
}

/** Files that are there for people: whatever becomes of them, a chart renders the same. */
export function isProse(path: string): boolean {
  return /(^|\/)((readme|changelog|license|notice|owners)[^/]*|notes\.txt|\.helmignore)$|^ci\//i.test(path);
}

interface Found {
  texts: Map<string, ChartText>;
  values: ScopedFile[];
  schemas: ScopedFile[];
  archives: ArchiveBudget;
  charts: number;
}

/** Each alias of a chart counts, and so do the charts in it. */
const mostCharts = 1_000;
const deepest = 20;

function addTexts(
  found: Found,
  files: ReadonlyMap<string, Buffer>,
  sourceOf: (path: string) => { source: Source; plain: boolean },
  parent: string,
  scope: readonly string[],
): string {
  found.charts += 1;
  if (found.charts > mostCharts || parent.split('/charts/').length > deepest)
    throw new Failure('HF1806', 'it has more than 1,000 charts, or 20 in one another');
  const { name: own, aliases } = namesIn(files);
  const name = scope.at(-1) ?? own;
  const prefix = `${parent}${name}/`;
  for (const [path, bytes] of files) {
    if (path === 'values.yaml') found.values.push({ scope, bytes });
    if (path === 'values.schema.json') found.schemas.push({ scope, bytes });
    if (/^(templates|crds)\//.test(path))
      found.texts.set(prefix + path, { text: bytes.toString('utf8'), ...sourceOf(path) });
  }
  for (const chart of chartsIn(files, found.archives)) {
    const place = chart.packaged
      ? () => ({ source: sourceOf(chart.path).source, plain: false })
      : (path: string) => sourceOf(`${chart.path}/${path}`);
    const { name: inner } = namesIn(chart.files);
    for (const alias of aliases.get(inner) ?? [inner])
      addTexts(found, chart.files, place, `${prefix}charts/`, [...scope, alias]);
  }
  return name;
}

interface InnerChart {
  path: string;
  packaged: boolean;
  files: Map<string, Buffer>;
}

function chartsIn(files: ReadonlyMap<string, Buffer>, archives: ArchiveBudget): InnerChart[] {
  const found = new Map<string, InnerChart>();
  for (const [path, bytes] of files) {
    if (!path.startsWith('charts/')) continue;
    const [, folder = '', ...rest] = path.split('/');
    if (rest.length === 0) {
      if (!folder.endsWith('.tgz')) continue;
      const unpacked = [...(readArchive(bytes, archives) ?? [])].map(
        ([inner, content]) => [inner.slice(inner.indexOf('/') + 1), content] as const,
      );
      found.set(path, { path, packaged: true, files: new Map(unpacked) });
    } else {
      const chart = found.get(folder) ?? { path: `charts/${folder}`, packaged: false, files: new Map() };
      chart.files.set(posix.join(...rest), bytes);
      found.set(folder, chart);
    }
  }
  return [...found.values()].filter(({ files: inner }) => inner.has('Chart.yaml'));
}

/** The name of a chart, and what the charts in it are called: by an alias each, or several. */
function namesIn(files: ReadonlyMap<string, Buffer>): { name: string; aliases: Map<string, string[]> } {
  const aliases = new Map<string, string[]>();
  const [chart, older] = ['Chart.yaml', 'requirements.yaml'].map(file => mapIn(files.get(file)));
  const listed = [chart, older].flatMap(map => {
    const list = map?.['dependencies'];
    return Array.isArray(list) ? list : [];
  });
  for (const dependency of listed) {
    if (!isMap(dependency) || typeof dependency['name'] !== 'string') continue;
    const { name, alias } = dependency;
    const known = aliases.get(name) ?? [];
    aliases.set(name, [...known, typeof alias === 'string' && alias !== '' ? alias : name]);
  }
  const name = chart?.['name'];
  return { name: typeof name === 'string' ? name : '', aliases };
}

function mapIn(bytes: Buffer | undefined): JsonObject {
  const [document] = bytes === undefined ? [] : readDocuments(bytes, 'last');
  return document !== undefined && !isProblem(document) && isMap(document.value) ? document.value : {};
}
