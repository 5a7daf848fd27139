import type { JsonObject } from '../../json/json.ts';
import { canonical } from '../hash.ts';
import { isProblem, readDocuments } from '../yaml/document.ts';
import type { ReadKustomization } from './reach.ts';

const wanted = 'originAnnotations';
const annotation = 'config.kubernetes.io/origin';

/** Where an object comes from, as kustomize tells; paths are relative to the kustomization that was rendered. */
export interface Origin {
  /** The file that holds it. */
  path?: string;
  /** The kustomization that generates it, and by what. */
  configuredIn?: string;
  generator?: string;
}

/** Whether the kustomization itself asks for the annotations, so that they are part of what it declares. */
export function asksForOrigins({ fields }: ReadKustomization): boolean {
  return fields.buildMetadata?.includes(wanted) ?? false;
}

/** The text of a kustomization that also asks where each object comes from. Everything else in it stays as it is. */
export function withOrigins(read: ReadKustomization): Buffer {
  if (asksForOrigins(read)) return read.text;
  const value = read.document.value as JsonObject;
  const next = { ...value, buildMetadata: [...(read.fields.buildMetadata ?? []), wanted] };
  const appended = Buffer.concat([read.text, Buffer.from(`\nbuildMetadata: [${wanted}]\n`)]);
  const [document, second] = 'buildMetadata' in value ? [] : readDocuments(appended);
  const same =
    document !== undefined &&
    !isProblem(document) &&
    second === undefined &&
    canonical(document.value) === canonical(next);
  // Where a line cannot just be added, such as behind a flow mapping, the whole is written anew; JSON is YAML too.
  return same ? appended : Buffer.from(JSON.stringify(next));
}

/** The origin that kustomize wrote into an object, which is taken out of it unless `keep` is set. */
export function takeOrigin(object: JsonObject, keep: boolean): Origin {
  const { metadata } = object;
  if (!isMapping(metadata)) return {};
  const { annotations } = metadata;
  if (!isMapping(annotations)) return {};
  const text = annotations[annotation];
  if (typeof text !== 'string') return {};
  if (!keep) {
    delete annotations[annotation];
    if (Object.keys(annotations).length === 0) delete metadata['annotations'];
  }
  return originOf(text);
}

function originOf(text: string): Origin {
  const [document] = readDocuments(Buffer.from(text, 'utf8'));
  if (document === undefined || isProblem(document) || !isMapping(document.value)) return {};
  const { path, configuredIn, configuredBy } = document.value;
  const generator = isMapping(configuredBy) ? configuredBy['kind'] : undefined;
  return {
    ...(typeof path === 'string' ? { path } : {}),
    ...(typeof configuredIn === 'string' ? { configuredIn } : {}),
    ...(typeof generator === 'string' ? { generator } : {}),
  };
}

function isMapping(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
