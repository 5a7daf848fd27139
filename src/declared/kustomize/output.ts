import type { Source } from '../../findings/finding.ts';
import type { JsonObject } from '../../json/json.ts';
import { type FileContents, readDocument } from '../objects/file.ts';
import { isProblem, readDocuments, type YamlDocument } from '../yaml/document.ts';
import { type Origin, takeOrigin } from './build-metadata.ts';

type Placed<T> = Omit<T, 'line'> & { source: Source };

/** What a program declares that was made from files: like the contents of a file, each with its place in the repository. */
export interface Rendered {
  objects: Placed<FileContents['objects'][number]>[];
  problems: Placed<FileContents['problems'][number]>[];
  foreign: Placed<FileContents['foreign'][number]>[];
}

/**
 * Reads what kustomize printed. `sourceOf` finds the place of an object; the annotations that kustomize was asked for are taken
 * out unless `keepOrigins` is set.
 */
export function readOutput(
  output: Buffer,
  keepOrigins: boolean,
  sourceOf: (origin: Origin, kind?: string, name?: string) => Source,
): Rendered {
  const rendered: Rendered = { objects: [], problems: [], foreign: [] };
  for (const result of readDocuments(output)) {
    if (isProblem(result)) {
      const code = result.template === true ? 'HF1107' : 'HF1101';
      const message = `what kustomize gives cannot be read: ${result.reason}`;
      rendered.problems.push({ code, message, source: sourceOf({}) });
    } else addDocument(result, keepOrigins, sourceOf, rendered);
  }
  return rendered;
}

function addDocument(
  document: YamlDocument,
  keepOrigins: boolean,
  sourceOf: (origin: Origin, kind?: string, name?: string) => Source,
  rendered: Rendered,
): void {
  const { value } = document;
  const mapping = typeof value === 'object' && value !== null && !Array.isArray(value);
  const source = mapping ? placeOf(value, takeOrigin(value, keepOrigins), sourceOf) : sourceOf({});
  const contents: FileContents = { objects: [], problems: [], foreign: [] };
  readDocument(document, 'rendered', contents);
  for (const { line: _, ...object } of contents.objects) rendered.objects.push({ ...object, source });
  for (const { line: _, ...problem } of contents.problems) rendered.problems.push({ ...problem, source });
  for (const { line: _, ...foreign } of contents.foreign) rendered.foreign.push({ ...foreign, source });
}

function placeOf(
  { kind, metadata }: JsonObject,
  origin: Origin,
  sourceOf: (origin: Origin, kind?: string, name?: string) => Source,
): Source {
  const mapping = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata);
  const name = mapping ? metadata['name'] : undefined;
  return sourceOf(
    origin,
    typeof kind === 'string' ? kind : undefined,
    typeof name === 'string' ? name : undefined,
  );
}
