import { posix } from 'node:path';
import { isMap } from '../../compare/value.ts';
import type { Source } from '../../findings/finding.ts';
import { isProblem, readDocuments } from '../yaml/document.ts';
import { readArchive } from './archive.ts';

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
  /** The values.yaml of the chart, and those of the charts in it. */
  values: readonly Buffer[];
}

/**
 * Names the texts of a chart as helm does: charts by the name in their Chart.yaml (or the alias under which they are depended
 * upon), whatever their folder is called. `sourceOf` tells where a file of it is in the repository.
 */
export function chartTexts(
  files: ReadonlyMap<string, Buffer>,
  sourceOf: (path: string) => { source: Source; plain: boolean },
): ChartTexts {
  const found: Found = { texts: new Map(), values: [] };
  const name = addTexts(found, files, sourceOf, '', undefined);
  return { name, ...found };
}

interface Found {
  texts: Map<string, ChartText>;
  values: Buffer[];
}

function addTexts(
  found: Found,
  files: ReadonlyMap<string, Buffer>,
  sourceOf: (path: string) => { source: Source; plain: boolean },
  parent: string,
  called: string | undefined,
): string {
  const { name: own, aliases } = namesIn(files.get('Chart.yaml'));
  const name = called ?? own;
  const prefix = `${parent}${name}/`;
  for (const [path, bytes] of files) {
    if (path === 'values.yaml') found.values.push(bytes);
    if (/^(templates|crds)\//.test(path))
      found.texts.set(prefix + path, { text: bytes.toString('utf8'), ...sourceOf(path) });
  }
  for (const chart of chartsIn(files)) {
    const place = chart.packaged
      ? () => ({ source: sourceOf(chart.path).source, plain: false })
      : (path: string) => sourceOf(`${chart.path}/${path}`);
    const { name: inner } = namesIn(chart.files.get('Chart.yaml'));
    for (const alias of aliases.get(inner) ?? [inner])
      addTexts(found, chart.files, place, `${prefix}charts/`, alias);
  }
  return name;
}

interface InnerChart {
  path: string;
  packaged: boolean;
  files: Map<string, Buffer>;
}

function chartsIn(files: ReadonlyMap<string, Buffer>): InnerChart[] {
  const found = new Map<string, InnerChart>();
  for (const [path, bytes] of files) {
    if (!path.startsWith('charts/')) continue;
    const [, folder = '', ...rest] = path.split('/');
    if (rest.length === 0) {
      if (!folder.endsWith('.tgz')) continue;
      const unpacked = [...(readArchive(bytes) ?? [])].map(
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

function namesIn(bytes: Buffer | undefined): { name: string; aliases: Map<string, string[]> } {
  const aliases = new Map<string, string[]>();
  const [document] = bytes === undefined ? [] : readDocuments(bytes, 'last');
  const value = document === undefined || isProblem(document) ? {} : document.value;
  if (!isMap(value)) return { name: '', aliases };
  const dependencies = Array.isArray(value['dependencies']) ? value['dependencies'] : [];
  for (const dependency of dependencies) {
    if (!isMap(dependency) || typeof dependency['name'] !== 'string') continue;
    const { name, alias } = dependency;
    const known = aliases.get(name) ?? [];
    aliases.set(name, [...known, typeof alias === 'string' && alias !== '' ? alias : name]);
  }
  return { name: typeof value['name'] === 'string' ? value['name'] : '', aliases };
}
