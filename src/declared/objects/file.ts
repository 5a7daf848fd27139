import type { FailureCode } from '../../failure/codes.ts';
import type { Json, JsonObject } from '../../json/json.ts';
import { isProblem, readDocuments, type YamlDocument } from '../yaml/document.ts';
import { foreignDocument } from './foreign.ts';
import { type Identity, identify, isRefusal } from './identity.ts';

/** The largest file that is read, in bytes. */
export const largestFile = 10 * 1024 * 1024;
const deepestList = 4;

/** What one file declares, without its path: the same bytes under the same name always give the same. Treat as read-only. */
export interface FileContents {
  objects: { identity: Identity; object: JsonObject; line: number }[];
  problems: { line: number; code: FailureCode; message: string }[];
  /** Documents that are clearly not meant for the cluster. */
  foreign: { line: number; reason: string }[];
}

/** Reads a file of manifests, YAML or JSON; `name` is its base name. Never throws for what the file holds. */
export function readFile(bytes: Buffer, name: string): FileContents {
  const contents: FileContents = { objects: [], problems: [], foreign: [] };
  if (bytes.length > largestFile) {
    contents.problems.push({ line: 1, code: 'HF1101', message: 'it is larger than 10 MiB and was not read' });
    return contents;
  }
  for (const result of readDocuments(bytes)) {
    if (!isProblem(result)) readDocument(result, name, contents);
    else {
      const code = result.template === true ? 'HF1107' : 'HF1101';
      contents.problems.push({ line: result.line, code, message: result.reason });
    }
  }
  return contents;
}

/** Adds what one document holds; lists are taken apart. */
export function readDocument(document: YamlDocument, name: string, contents: FileContents): void {
  const reason = foreignDocument(document.value, name);
  if (reason !== undefined) contents.foreign.push({ line: document.line, reason });
  else readValue(document.value, document.line, document, 0, contents);
}

function readValue(
  value: Json,
  line: number,
  document: YamlDocument,
  depth: number,
  contents: FileContents,
): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    contents.problems.push({ line, code: 'HF1102', message: `it is ${described(value)}, not an object` });
    return;
  }
  const items = listItems(value);
  if (items !== undefined && depth < deepestList) {
    for (const item of items) {
      const itemLine = typeof item === 'object' && item !== null ? document.lineOf(item) : line;
      readValue(asListed(item, value), itemLine, document, depth + 1, contents);
    }
    return;
  }
  const identity = identify(value);
  if (isRefusal(identity)) contents.problems.push({ line, ...identity });
  else contents.objects.push({ identity, object: value, line });
}

/** The same in half the memory: texts that are parts of their file keep all of it, and objects made key by key are large. */
export function compact(contents: FileContents): FileContents {
  const objects = contents.objects.map(({ identity, object, line }) => ({
    identity: copyOf(identity),
    object: copyOf(object),
    line,
  }));
  return { ...contents, objects };
}

function copyOf<T extends Identity | JsonObject>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function described(value: Json): string {
  if (Array.isArray(value)) return 'a list';
  return value === null ? 'empty' : `a ${typeof value}`;
}

/** kubectl takes any object with top-level `items` for a list; here its kind must say so too. */
function listItems(value: JsonObject): Json[] | undefined {
  const { kind, items } = value;
  if (typeof kind !== 'string' || !kind.endsWith('List')) return undefined;
  if (Array.isArray(items)) return items;
  return items === null ? [] : undefined;
}

/** An item of a typed list (`DeploymentList`) may leave its kind to the list. */
function asListed(item: Json, list: JsonObject): Json {
  if (typeof item !== 'object' || item === null || Array.isArray(item) || item['kind'] !== undefined)
    return item;
  const kind = String(list['kind']).slice(0, -'List'.length);
  const { apiVersion } = list;
  if (kind === '' || apiVersion === undefined) return item;
  return { apiVersion, ...item, kind };
}
