import type { DeclaredObject } from '../declared/declaration.ts';
import { isProblem, readDocuments, type YamlDocument } from '../declared/yaml/document.ts';
import type { Json } from '../json/json.ts';
import { isMap } from '../json/value.ts';

/** The line of a field of a declared object; undefined where it cannot be told. */
export type LineOf = (object: DeclaredObject, path: readonly string[]) => number | undefined;

interface Found {
  document: YamlDocument;
  /** Of the object in the document, where that is a list. */
  prefix: readonly string[];
}

/**
 * Finds lines in the text of one file. An object is looked for where its declaration says that it is, and only what is equal to
 * it there is it: rendered objects stand in no file as they are.
 */
export function linesOf(bytes: Buffer): LineOf {
  let objects: Map<number, Found[]> | undefined;
  return ({ source, object }, path) => {
    objects ??= objectsByLine(bytes);
    const found = (objects.get(source.line ?? 1) ?? []).find(each => holdsName(each, object));
    return found?.document.lineOfPath([...found.prefix, ...path]);
  };
}

function objectsByLine(bytes: Buffer): Map<number, Found[]> {
  const objects = new Map<number, Found[]>();
  const add = (document: YamlDocument, value: Json, line: number, prefix: readonly string[]): void => {
    if (!isMap(value)) return;
    objects.set(line, [...(objects.get(line) ?? []), { document, prefix }]);
    const { items } = value;
    if (!Array.isArray(items) || !String(value['kind']).endsWith('List') || prefix.length > 8) return;
    for (const [index, item] of items.entries()) {
      if (isMap(item)) add(document, item, document.lineOf(item), [...prefix, 'items', String(index)]);
    }
  };
  for (const result of readDocuments(bytes)) {
    if (!isProblem(result)) add(result, result.value, result.line, []);
  }
  return objects;
}

function holdsName({ document, prefix }: Found, object: DeclaredObject['object']): boolean {
  let at: Json | undefined = document.value;
  for (const step of prefix) at = Array.isArray(at) ? at[Number(step)] : isMap(at) ? at[step] : undefined;
  const [mine, theirs] = [object['metadata'], isMap(at) ? at['metadata'] : undefined];
  return (
    isMap(mine) &&
    isMap(theirs) &&
    mine['name'] === theirs['name'] &&
    mine['namespace'] === theirs['namespace']
  );
}
