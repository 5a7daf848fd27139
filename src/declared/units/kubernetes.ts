import { type ObjectRef, resourceTitle, type Source } from '../../findings/finding.ts';
import type { Json, JsonObject } from '../../json/json.ts';
import { isMap } from '../../json/value.ts';
import type { DeclaredObject, DeclaredUnit, UnitDefinition } from '../declaration.ts';
import { hashOf, hashText } from '../hash.ts';
import type { Rendered } from '../kustomize/output.ts';
import type { UnitRendering } from '../kustomize/unit.ts';
import type { FileContents } from '../objects/file.ts';
import type { TreeFile } from '../tree.ts';
import type { UnitFiles } from './files.ts';
import { declarationFinding } from './findings.ts';

/** The contents of each manifest by path; undefined for one that could not be read. */
export type ContentsOf = (path: string) => FileContents | undefined;

/** Puts a kubernetes unit together from what its files hold. The first declaration of an object counts. */
export function kubernetesUnit(
  definition: UnitDefinition,
  files: UnitFiles,
  contentsOf: ContentsOf,
  rendering?: UnitRendering,
): DeclaredUnit {
  let hash: string | undefined;
  // only these are held for the hash, not all files
  let unread: readonly TreeFile[] = [];
  const unit: DeclaredUnit = {
    definition,
    objects: [],
    findings: [],
    notObjects: [],
    get hash() {
      hash ??= unitHash(unit, unread);
      return hash;
    },
  };
  const byIdentity = new Map<string, DeclaredObject>();
  for (const { path } of files.manifests) {
    if (rendering?.reached.has(path)) continue;
    const contents = contentsOf(path);
    if (contents === undefined) {
      unit.findings.push(
        declarationFinding(definition.name, 'unknown', 'HF1105', 'it cannot be read', { file: path }),
      );
    } else addContents(unit, inFile(path, contents), byIdentity);
  }
  for (const rendered of rendering?.rendered ?? []) addContents(unit, rendered, byIdentity);
  unit.findings.push(...(rendering?.findings ?? []));
  if (rendering?.failed !== undefined) unit.unrendered = rendering.failed;
  addUnrendered(unit, files);
  if (unit.unrendered !== undefined || files.unrendered.some(({ what }) => what === 'Helm chart'))
    unread = files.all;
  return unit;
}

/** The contents of a plain file in the form of what is rendered. */
function inFile(file: string, { objects, problems, foreign }: FileContents): Rendered {
  const placed = <T extends { line: number }>({ line, ...rest }: T) => ({ ...rest, source: { file, line } });
  return { objects: objects.map(placed), problems: problems.map(placed), foreign: foreign.map(placed) };
}

function addContents(unit: DeclaredUnit, contents: Rendered, seen: Map<string, DeclaredObject>): void {
  const { name } = unit.definition;
  for (const { source, code, message } of contents.problems) {
    unit.findings.push(declarationFinding(name, 'invalid', code, message, source));
  }
  for (const { source, reason } of contents.foreign) unit.notObjects?.push({ ...source, reason });
  for (const { identity, object, source } of contents.objects) {
    const namespace = identity.namespace ?? unit.definition.namespace;
    const { apiVersion, kind, name: objectName } = identity;
    const ref = { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }), name: objectName };
    const declared = new PlainObject(ref, object, source);
    const key = JSON.stringify([groupOf(apiVersion), kind, namespace ?? null, objectName]);
    const first = seen.get(key);
    if (first !== undefined) addDuplicate(unit, first, declared);
    else {
      seen.set(key, declared);
      place(unit, declared);
    }
  }
}

/** There are many: a getter of its own would make each several times as large. */
class PlainObject implements DeclaredObject {
  readonly ref: ObjectRef;
  readonly object: JsonObject;
  readonly source: Source;

  constructor(ref: ObjectRef, object: JsonObject, source: Source) {
    this.ref = ref;
    this.object = object;
    this.source = source;
  }

  get hash(): string {
    return hashOf(this.object);
  }
}

/** A Job with the annotation of a hook is run with syncs; it is nothing that should live all the time. */
function place(unit: DeclaredUnit, declared: DeclaredObject): void {
  const hook = hookOf(declared.object);
  if (hook === undefined) unit.objects.push(declared);
  else if (isJob(declared) && (hook === 'before' || hook === 'after'))
    unit.hooks = [...(unit.hooks ?? []), declared];
  else {
    const what = `its annotation ${hookAnnotation} must be before or after, and stand on a Job of batch/v1`;
    const { name } = unit.definition;
    unit.findings.push(declarationFinding(name, 'invalid', 'HF1612', what, declared.source, declared.ref));
  }
}

const hookAnnotation = 'holdfast.dev/hook';

function hookOf({ metadata }: JsonObject): Json | undefined {
  const annotations = isMap(metadata) ? metadata['annotations'] : undefined;
  return isMap(annotations) ? annotations[hookAnnotation] : undefined;
}

function isJob({ ref }: DeclaredObject): boolean {
  return ref.apiVersion === 'batch/v1' && ref.kind === 'Job';
}

function addDuplicate(unit: DeclaredUnit, first: DeclaredObject, second: DeclaredObject): void {
  const how = first.hash === second.hash ? 'the same way' : 'differently';
  const at = `${first.source.file}:${first.source.line ?? 1}`;
  const what = `${resourceTitle(second.ref)} is declared here and, ${how}, at ${at}; the one at ${at} counts`;
  const { name } = unit.definition;
  unit.findings.push(declarationFinding(name, 'invalid', 'HF1103', what, second.source, second.ref));
}

function addUnrendered(unit: DeclaredUnit, files: UnitFiles): void {
  const { name } = unit.definition;
  for (const { file, what } of files.unrendered) {
    if (what === 'kustomization') continue;
    const words = `the ${what} cannot be rendered by this release, so what it declares is not known`;
    unit.findings.push(declarationFinding(name, 'unknown', 'HF1108', words, { file: file.path, line: 1 }));
  }
  for (const link of files.links) {
    const words = 'it is a symbolic link, which is not followed';
    unit.findings.push(declarationFinding(name, 'unknown', 'HF1105', words, { file: link }));
  }
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash === -1 ? '' : apiVersion.slice(0, slash);
}

/** Covers what is declared, not on which lines: moving an object to another file declares the same. */
function unitHash(unit: DeclaredUnit, unread: readonly TreeFile[]): string {
  const { definition, objects, hooks = [], findings } = unit;
  const { name, driver, path, namespace } = definition;
  const hashes = [...objects, ...hooks].map(object => object.hash).sort();
  const trouble = findings.map(({ type, code, resource }) => [type, code, resource]);
  const bytes = unread.map(file => [file.path, file.content]);
  return hashText(JSON.stringify([name, driver, path, namespace ?? null, hashes, trouble, bytes]));
}
