import type { Json } from '../../json/json.ts';
import type { Duplicates } from './construct.ts';
import { jsonPrefix } from './json.ts';
import { LineIndex } from './lines.ts';
import { locator } from './locate.ts';
import { maxDepth, type Parsed, ParseFailure, parseJson, parseYaml } from './parse.ts';
import { readPlain } from './plain.ts';
import { lineAt, quoted, type YamlProblem } from './problem.ts';
import { type Chunk, splitDocuments } from './split.ts';
import { causedByTemplate } from './template.ts';

/** A document of a file. An empty one (comments, `null`) is not listed. */
export interface YamlDocument {
  value: Json;
  /** The line of its first key, from 1. */
  line: number;
  /** The line on which a mapping or sequence inside `value` starts. */
  lineOf(node: object): number;
  /** The line of the key or item at a path, or of the nearest place above it that exists. */
  lineOfPath(path: readonly PropertyKey[]): number;
}

export type YamlResult = YamlDocument | YamlProblem;

/**
 * Reads YAML or JSON exactly as kubectl does, document by document: one that cannot be read does not hide the next.
 * `duplicates` says what becomes of a key that is there twice in YAML; it is refused unless told.
 */
export function readDocuments(bytes: Buffer, duplicates?: Duplicates): YamlResult[] {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return [{ line: 1, reason: 'it is not UTF-8 text' }];
  }
  const unix = text.replaceAll('\r\n', '\n');
  return /^\s*\{/.test(unix) && !unix.startsWith('\ufeff')
    ? readJsonFile(unix)
    : readYaml(unix, 1, duplicates);
}

export function isProblem(result: YamlResult): result is YamlProblem {
  return 'reason' in result;
}

function readJsonFile(text: string): YamlResult[] {
  const { values, rest } = jsonPrefix(text);
  const results = values.map(({ text: json, offset }) => readJson(json, lineAt(text, offset)));
  if (rest >= text.length) return results;
  const line = lineAt(text, rest);
  if (values.length < 2) return [...results, ...readYaml(text.slice(rest), line)];
  return [...results, { line, reason: 'after several JSON objects comes something that is not JSON' }];
}

function readYaml(text: string, line: number, duplicates?: Duplicates): YamlResult[] {
  return splitDocuments(text, line).flatMap(chunk => readChunk(chunk, duplicates) ?? []);
}

function readChunk(
  { text, line, separator }: Chunk,
  duplicates: Duplicates | undefined,
): YamlResult | undefined {
  if (separator !== undefined) {
    return { line, reason: `only a comment may follow ‘---’ on its line, not ${quoted(separator)}` };
  }
  const plain = readPlain(text);
  if (plain !== undefined) return plainDocument(text, plain.value, line, line + plain.line - 1);
  try {
    const parsed = parseYaml(text, duplicates);
    return parsed.value === null ? undefined : positioned(parsed, line);
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    const template = causedByTemplate(text, error, each => parseYaml(each));
    return template === undefined
      ? { line: line + error.line - 1, reason: error.message }
      : {
          line: line + template - 1,
          reason: 'it holds a template that has not been rendered',
          template: true,
        };
  }
}

/** Valid JSON: read once more as YAML for the lines and for keys that are there twice; tabs and the like do not matter. */
function readJson(text: string, line: number): YamlResult {
  try {
    return positioned(parseJson(text), line);
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    if (error.kind === 'value') return { line: line + error.line - 1, reason: error.message };
    return { value: JSON.parse(text) as Json, line, lineOf: () => line, lineOfPath: () => line };
  }
}

/** Only whole objects are asked for their lines; what is asked for by its path is looked for then. */
function plainDocument(text: string, value: Json, first: number, line: number): YamlDocument {
  return {
    value,
    line,
    lineOf: () => line,
    lineOfPath: path => new LineIndex(text, first).lineAt(locator(text, maxDepth)(path)),
  };
}

function positioned({ value, starts, source }: Parsed, line: number): YamlDocument {
  const lines = new LineIndex(source, line);
  const lineOf = (node: object) => lines.lineAt(starts.get(node) ?? 0);
  const locate = locator(source, maxDepth);
  const lineOfPath = (path: readonly PropertyKey[]) => lines.lineAt(locate(path));
  return {
    value,
    line: typeof value === 'object' && value !== null ? lineOf(value) : line,
    lineOf,
    lineOfPath,
  };
}
