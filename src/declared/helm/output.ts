import type { FailureCode } from '../../failure/codes.ts';
import type { JsonObject } from '../../json/json.ts';
import { isMap } from '../../json/value.ts';
import { hashJson } from '../hash.ts';
import { type FileContents, readDocument } from '../objects/file.ts';
import type { Identity } from '../objects/identity.ts';
import { isProblem, readDocuments } from '../yaml/document.ts';

/** One object that helm printed. */
export interface PrintedObject {
  identity: Identity;
  object: JsonObject;
  /** The template, as helm names it; empty where it does not. */
  template: string;
  hash: string;
}

/** An object that is no part of the release: helm makes it at certain moments, and often takes it away again. */
export interface Hook extends PrintedObject {
  /** `pre-install`, `test` … */
  events: string[];
}

export interface Printed {
  objects: PrintedObject[];
  hooks: Hook[];
  problems: { template: string; code: FailureCode; message: string }[];
}

const hookAnnotation = 'helm.sh/hook';

/** Takes what `helm template` or the manifest of a release holds apart. Of a key that is there twice the last counts, as in Helm. */
export function readPrinted(text: string): Printed {
  const printed: Printed = { objects: [], hooks: [], problems: [] };
  // a file of crds/ is printed as it is: only before its first document stands where it comes from
  let template = '';
  for (const part of text.replaceAll('\r\n', '\n').split(/^---(?=\s|$)/m)) {
    template = /^\s*# Source: (.+)$/m.exec(part.slice(0, 2_000))?.[1]?.trim() ?? template;
    for (const result of readDocuments(Buffer.from(part), 'last')) {
      if (isProblem(result)) {
        const message = `what helm renders cannot be read: ${result.reason}`;
        printed.problems.push({ template, code: 'HF1101', message });
        continue;
      }
      const contents: FileContents = { objects: [], problems: [], foreign: [] };
      readDocument(result, 'rendered', contents);
      for (const { code, message } of contents.problems) printed.problems.push({ template, code, message });
      for (const { identity, object } of contents.objects) add(printed, identity, object, template);
    }
  }
  return printed;
}

function add(printed: Printed, identity: Identity, object: JsonObject, template: string): void {
  const one = { identity, object, template, hash: hashJson(object) };
  const events = hookEvents(object);
  if (events === undefined) printed.objects.push(one);
  else printed.hooks.push({ ...one, events });
}

function hookEvents(object: JsonObject): string[] | undefined {
  const metadata = object['metadata'];
  const annotations = isMap(metadata) ? metadata['annotations'] : undefined;
  const hook = isMap(annotations) ? annotations[hookAnnotation] : undefined;
  if (typeof hook !== 'string' || hook.trim() === '') return undefined;
  return hook
    .split(',')
    .map(event => event.trim().toLowerCase())
    .map(event => (event === 'test-success' ? 'test' : event));
}

/** Objects are the same one by this, in whatever version and from whatever template. */
export function printedKey({ identity }: Pick<PrintedObject, 'identity'>): string {
  const { apiVersion, kind, namespace, name } = identity;
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return JSON.stringify([group, kind, namespace ?? '', name]);
}
