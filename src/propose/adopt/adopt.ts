import { createHash } from 'node:crypto';
import type { Declaration, DeclaredObject, DeclaredUnit } from '../../declared/declaration.ts';
import { declare } from '../../declared/declare.ts';
import type { Identity } from '../../declared/objects/identity.ts';
import type { SourceTree } from '../../declared/tree.ts';
import { Failure } from '../../failure/failure.ts';
import { concealed } from '../../findings/concealed.ts';
import { type Finding, isObjectRef, resourceKey, resourceTitle } from '../../findings/finding.ts';
import type { BranchWriter } from '../../git/branch-writer.ts';
import type { Repository } from '../../git/repository.ts';
import type { Json } from '../../json/json.ts';
import { equal } from '../../json/value.ts';
import { changeWords } from '../../report/words.ts';
import {
  type ProposalPlace,
  type ProposedPull,
  propose,
  type Requester,
  requesterTrailer,
} from '../propose.ts';
import { markdownCode, oneLine } from '../text.ts';
import { fileWith } from './file.ts';
import { CannotEdit } from './nodes.ts';
import { stepsOf } from './steps.ts';

export interface AdoptParts extends ProposalPlace {
  repository: Repository;
  writer: BranchWriter;
  environment: string | undefined;
  now: () => Date;
}

/** A declaration in which one object says what live says, and how it was before. */
export interface Adopted {
  file: string;
  bytes: Buffer;
}

/**
 * Opens a pull request that writes what live says of one object into the file that declares it. The finding must be of now, with
 * whole values. Nothing is proposed that was not declared anew and compared: that object says what live says, in this environment,
 * and nothing else changes anywhere. Throws HF1456 with the reason where it cannot be written.
 */
export async function adopt(finding: Finding, parts: AdoptParts, by: Requester): Promise<ProposedPull> {
  const { repository, writer, environment, now } = parts;
  const tip = await repository.fetch();
  const tree = await repository.tree(tip);
  const { file, bytes } = await adoptedFile(finding, tree, environment);
  const title = `Adopt what is live: ${oneLine(resourceTitle(finding.resource), 100)}`;
  return propose(parts, {
    topic: topicOf(finding),
    title,
    body: bodyOf(finding, file, by),
    commit: async () =>
      writer.commit({
        tree: await writer.treeWith(tip, new Map([[file, bytes]])),
        parents: [tip],
        message: `${title}\n\n${fieldWords(finding).join('\n')}\n\nMade by Holdfast.${requesterTrailer(by)}`,
        at: now(),
      }),
  });
}

/** The file as it would be; pure but for reading the tree. Throws HF1456. */
export async function adoptedFile(
  finding: Finding,
  tree: SourceTree,
  environment: string | undefined,
): Promise<Adopted> {
  try {
    requireAdoptable(finding);
    const before = await declare(tree, { environment });
    const { unit, object } = declaredIn(before, finding);
    const { file } = object.source;
    const bytes = (await tree.read([file])).get(file) ?? Buffer.alloc(0);
    const { changes = [] } = finding;
    const after = fileWith(bytes, identity => isMeant(identity, object), changes);
    await requireOnlyThat(tree, { file, bytes: after }, { before, unit, object, finding, environment });
    return { file, bytes: after };
  } catch (error) {
    if (!(error instanceof CannotEdit)) throw error;
    const subject = oneLine(resourceTitle(finding.resource));
    throw new Failure('HF1456', `it cannot be written: ${error.message}`, { where: { subject } });
  }
}

function requireAdoptable(finding: Finding): void {
  const { type, resource, changes = [] } = finding;
  if (!isObjectRef(resource)) throw new CannotEdit('it is no Kubernetes object');
  if (resource.kind === 'Secret') throw new CannotEdit('values of Secrets are never written anywhere');
  if (type !== 'changed' && type !== 'undeclared')
    throw new CannotEdit(
      type === 'missing'
        ? 'nothing is live; remove the declaration by a pull request'
        : 'nothing declares it',
    );
  if (changes.length === 0) throw new CannotEdit('no field is known to differ');
  // The finding is of now, and may show more than the message did whose button was pressed.
  if (concealed(finding) !== finding) throw new CannotEdit('a secret value is never written anywhere');
}

function declaredIn({ units }: Declaration, { unit: name, resource }: Finding) {
  const unit = units.find(one => one.definition.name === name);
  if (unit === undefined) throw new CannotEdit('the branch declares the unit no more');
  const key = resourceKey(resource);
  const object = unit.objects.find(({ ref }) => resourceKey(ref) === key);
  const { driver } = unit.definition;
  if (driver !== 'kubernetes')
    throw new CannotEdit(`the unit is one of ${driver}, which makes its objects from templates or values`);
  if (unit.unrendered !== undefined) throw new CannotEdit('the unit cannot be rendered now');
  if (object === undefined) throw new CannotEdit('the branch declares it no more');
  return { unit, object };
}

/** The document that an object comes from; what kustomize renames has a part of the name there. */
function isMeant({ apiVersion, kind, name, namespace }: Identity, { ref }: DeclaredObject): boolean {
  if (apiVersion !== ref.apiVersion || kind !== ref.kind) return false;
  return (
    ref.name.includes(name) &&
    (namespace === undefined ||
      ref.namespace === undefined ||
      namespace === ref.namespace ||
      ref.name !== name)
  );
}

interface Before {
  before: Declaration;
  unit: DeclaredUnit;
  object: DeclaredObject;
  finding: Finding;
  environment: string | undefined;
}

/** Declares everything anew, for every environment, and compares. */
async function requireOnlyThat(tree: SourceTree, change: Adopted, was: Before): Promise<void> {
  const changed = treeWith(tree, change);
  const { before, unit, object, finding, environment } = was;
  const { expected } = stepsOf(object.object, finding.changes ?? []);
  const own = { unit: unit.definition.name, key: resourceKey(object.ref), expected };
  requireSame(before, await declare(changed, { environment }), own);
  for (const other of before.settings.environments) {
    if (other === environment) continue;
    const [old, now] = await Promise.all([
      declare(tree, { environment: other }),
      declare(changed, { environment: other }),
    ]);
    try {
      requireSame(old, now, undefined);
    } catch (error) {
      if (error instanceof CannotEdit)
        throw new CannotEdit(`its file also declares what runs in the environment ${other}`);
      throw error;
    }
  }
}

interface Own {
  unit: string;
  key: string;
  expected: Json;
}

function requireSame(before: Declaration, after: Declaration, own: Own | undefined): void {
  const same =
    before.units.length === after.units.length &&
    before.units.every((unit, index) => isSameUnit(unit, after.units[index], own));
  if (same) return;
  throw new CannotEdit(
    own === undefined
      ? 'something else would change'
      : 'what renders it says otherwise (a patch, an overlay or a transformer), or something else would change too',
  );
}

function isSameUnit(unit: DeclaredUnit, now: DeclaredUnit | undefined, own: Own | undefined): boolean {
  if (now?.definition.name !== unit.definition.name || now.unrendered !== unit.unrendered) return false;
  if (now.objects.length !== unit.objects.length || now.findings.length !== unit.findings.length)
    return false;
  if (unit.definition.driver !== 'kubernetes') return unit.hash === now.hash;
  return unit.objects.every(({ ref, object }, index) => {
    const other = now.objects[index];
    const key = resourceKey(ref);
    if (other === undefined || resourceKey(other.ref) !== key) return false;
    const isOwn = own !== undefined && own.unit === unit.definition.name && own.key === key;
    return equal(other.object, isOwn ? own.expected : object);
  });
}

function treeWith(tree: SourceTree, { file, bytes }: Adopted): SourceTree {
  const content = createHash('sha256').update(bytes).digest('hex');
  const files = tree.files.map(one =>
    one.path === file ? { path: file, content, size: bytes.length } : one,
  );
  return {
    ...tree,
    revision: tree.revision,
    files,
    links: tree.links,
    read: async paths => {
      const read = await tree.read(paths.filter(path => path !== file));
      return paths.includes(file) ? new Map([...read, [file, bytes]]) : read;
    },
  };
}

/** The same object with the same live values has the same topic. */
function topicOf({ unit, resource, changes = [] }: Finding): string {
  const told = changes.map(({ path, op, live }) => [path, op, live ?? null]);
  const digest = createHash('sha256')
    .update(JSON.stringify([unit, resourceKey(resource), told]))
    .digest('hex');
  const name = `${unit}-${resource.name}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 50);
  return `adopt-${name.replace(/^-+|-+$/g, '')}-${digest.slice(0, 12)}`;
}

function bodyOf(finding: Finding, file: string, by: Requester): string {
  const fields = (finding.changes ?? []).slice(0, 50).map(change => {
    const { path, declared, live, by: who } = changeWords(change);
    const author = who === undefined ? '' : ` by ${markdownCode(who)}`;
    return `- ${markdownCode(path)}: ${markdownCode(declared)} → ${markdownCode(live)}${author}`;
  });
  const more = (finding.changes ?? []).length - fields.length;
  return [
    `Writes into ${markdownCode(file)} what is live of ${markdownCode(resourceTitle(finding.resource))} in the unit ${markdownCode(finding.unit)}:`,
    `${fields.join('\n')}${more > 0 ? `\n- and ${more} more` : ''}`,
    `Asked for by ${markdownCode(by.words)}. If the declaration is right and not what is live, close this and converge instead.`,
  ].join('\n\n');
}

function fieldWords({ changes = [] }: Finding): string[] {
  return changes.slice(0, 50).map(({ path, op }) => `- ${op} ${oneLine(path, 200)}`);
}
