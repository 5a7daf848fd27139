import { Failure } from '../../failure/failure.ts';
import type { Source } from '../../findings/finding.ts';
import type { Json, JsonObject } from '../../json/json.ts';
import { isMap, valueAt } from '../../json/value.ts';
import type { UnitDefinition } from '../declaration.ts';
import type { SourceTree, TreeFile } from '../tree.ts';
import { folderOf, normalFolder } from '../units/paths.ts';
import { isProblem, readDocuments } from '../yaml/document.ts';
import { mergeValues } from './merge.ts';

/** Values from one place, with the lines that say them. */
export interface ValuesLayer {
  values: JsonObject;
  placeOf(path: readonly string[]): Source;
}

/**
 * The files of values of a unit in the order in which they count: by convention `values-ENVIRONMENT.yaml` in its folder (and
 * `values.yaml` where the chart is elsewhere), then those that holdfast.yaml names. Throws HF1811 for one that is not there.
 */
export function valuesFiles(
  tree: SourceTree,
  { path, helm, source }: UnitDefinition,
  environment: string | undefined,
): TreeFile[] {
  const find = (wanted: string) => tree.files.find(file => file.path === wanted);
  const inFolder = (name: string) => find(path === '.' ? name : `${path}/${name}`);
  const found = [
    ...(helm?.chart === undefined ? [] : [inFolder('values.yaml')]),
    ...(environment === undefined ? [] : [inFolder(`values-${environment}.yaml`)]),
  ];
  const named = (helm?.valuesFiles ?? []).map(name => {
    const file = find(normalFolder(name) ?? name);
    if (file !== undefined) return file;
    const linked = tree.links.some(link => name === link || folderOf(name).startsWith(link));
    const why = linked ? 'it is a symbolic link, which is not followed' : 'there is no such file';
    throw new Failure('HF1811', `the file of values ${name} cannot be read: ${why}`, {
      where: source ?? { file: name },
    });
  });
  return [...found.filter(file => file !== undefined), ...named];
}

/** Reads one file of values as helm does. Throws HF1811 with the line where it is no map of values. */
export function readValues(bytes: Buffer, file: string): ValuesLayer {
  const [document, second] = readDocuments(bytes, 'last');
  if (document === undefined) return { values: {}, placeOf: () => ({ file, line: 1 }) };
  if (isProblem(document))
    throw new Failure('HF1811', document.reason, { where: { file, line: document.line } });
  if (second !== undefined)
    throw new Failure('HF1811', 'a second document is not read', { where: { file, line: second.line } });
  const { value } = document;
  if (!isMap(value))
    throw new Failure('HF1811', 'it holds no values: a map is needed', {
      where: { file, line: document.line },
    });
  return { values: value, placeOf: path => ({ file, line: document.lineOfPath(path) }) };
}

/** All that is said beside the chart, the last layer over the others: what Helm records as the values of the release. */
export function merged(layers: readonly ValuesLayer[]): JsonObject {
  return layers.reduce<JsonObject>((under, { values }) => mergeValues(under, values), {});
}

/** The place of the layer that says what is at a path, the last that does; undefined where none does. */
export function placeOfValue(layers: readonly ValuesLayer[], path: readonly string[]): Source | undefined {
  const layer = layers.findLast(({ values }) => valueAt(values as Json, path) !== undefined);
  return layer?.placeOf(path);
}
