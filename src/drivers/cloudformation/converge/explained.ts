import type { ResourceChange } from '../../../aws/change-sets.ts';
import type { FieldChange, Finding } from '../../../findings/finding.ts';
import type { JsonObject } from '../../../json/json.ts';
import { isMap } from '../../../json/value.ts';
import { globMatches } from '../template/glob.ts';
import { referencesOf } from '../template/references.ts';

/** What may be changed: by name of the resource, the properties that were found to differ, or all of it. */
export type Explained = ReadonlyMap<string, ReadonlySet<string> | 'all'>;

/**
 * The resources that a change set may change: those that drifted, in the properties that did, and those that the merge
 * changed, in their own declaration or through what it refers to. `body` is the template that the stack would be brought to,
 * `merged` how that differs from the one it has, both as macros and modules made them; it counts only if the merge changed
 * something of the stack, since a macro alone authorizes nothing.
 */
export function explained(
  findings: readonly Finding[],
  body: JsonObject,
  merged: readonly FieldChange[],
): Explained {
  const found = new Map<string, Set<string> | 'all'>();
  const changed = new Set<string>();
  for (const { type, resource, changes = [] } of findings) {
    if (!('type' in resource)) continue;
    const ofStack = resource.type === 'AWS::CloudFormation::Stack' && changes.some(isOfStack);
    if (!ofStack) found.set(resource.name, type === 'missing' ? 'all' : propertiesIn(changes));
    else addMerge(changes, { found, changed }, body, merged);
  }
  for (const name of reachedFrom(changed, body)) found.set(name, 'all');
  return found;
}

function addMerge(
  ofStack: readonly FieldChange[],
  { found, changed }: { found: Map<string, Set<string> | 'all'>; changed: Set<string> },
  body: JsonObject,
  merged: readonly FieldChange[],
): void {
  const sections = new Set(ofStack.map(({ path }) => path.split('/')[1]));
  if (sections.has('Tags')) addTags(found, body);
  for (const { path } of ofStack) if (path.startsWith('/Parameters/')) changed.add(path.split('/')[2] ?? '');
  if (sections.has('Template') || sections.has('Parameters'))
    for (const { path } of merged) addTextChange(path, changed, body);
}

function addTags(found: Map<string, Set<string> | 'all'>, body: JsonObject): void {
  for (const id of idsOf(body)) {
    const properties = found.get(id) ?? new Set<string>();
    if (properties !== 'all') found.set(id, properties.add('Tags'));
  }
}

function isOfStack({ path }: FieldChange): boolean {
  return /^\/(?:Template|Parameters|Tags)\b/.test(path);
}

function propertiesIn(changes: readonly FieldChange[]): Set<string> {
  return new Set(changes.filter(({ op }) => op !== 'added').map(({ path }) => path.split('/')[1] ?? ''));
}

function idsOf(body: JsonObject): string[] {
  return Object.keys((body['Resources'] ?? {}) as JsonObject);
}

/** Sections whose entries are resources, or what resources refer to; the others change no resource. */
const telling: readonly string[] = ['Resources', 'Parameters', 'Mappings', 'Conditions'];

/** `/Template/Resources/Queue/…` changes Queue; a parameter, mapping or condition what refers to it. */
function addTextChange(path: string, changed: Set<string>, body: JsonObject): void {
  const [, , section = '', name] = path.split('/');
  if (!telling.includes(section)) return;
  for (const each of name === undefined ? idsOf(body) : [name]) changed.add(each);
}

/** Names that refer to changed ones, however far: a resource that is replaced changes those that use its id. */
function reachedFrom(changed: ReadonlySet<string>, body: JsonObject): Set<string> {
  const reached = new Set(changed);
  const references = referencesOf(body);
  for (let before = -1; before !== reached.size; ) {
    before = reached.size;
    for (const { name, path } of references) if (reached.has(name)) reached.add(String(path[1]));
  }
  return reached;
}

/** Why a change goes beyond what is explained; undefined for one that does not. */
export function beyond(change: ResourceChange, allowed: Explained): string | undefined {
  const properties = allowed.get(change.LogicalResourceId);
  if (properties === 'all') return undefined;
  if (properties === undefined) return 'nothing was found of it and the merge does not touch it';
  const others = change.Details.flatMap(({ Target }) => {
    const name = Target?.Path?.split('/')[1] ?? Target?.Name;
    return name === undefined || properties.has(name) ? [] : [name];
  });
  return others.length === 0
    ? undefined
    : `of it ${[...new Set(others)].sort().join(', ')} would change too, which was not found`;
}

/** Types whose replacement or deletion loses data. */
const holdingData =
  /^AWS::(?:S3::Bucket|DynamoDB::(?:Table|GlobalTable)|RDS::DB(?:Instance|Cluster)|EFS::FileSystem|SQS::Queue|Kinesis::Stream|OpenSearchService::Domain|ElastiCache::\w+|MemoryDB::Cluster|DocDB::\w+|Neptune::\w+|Redshift::Cluster|Cognito::UserPool|EC2::(?:Volume|Instance)|KMS::Key|SecretsManager::Secret|Logs::LogGroup|FSx::FileSystem|MSK::Cluster|ECR::Repository|Backup::BackupVault|Timestream::\w+|QLDB::Ledger)$/;

/** Why a person must allow the change; undefined where nothing is lost. */
export function lossOf({
  Action,
  ResourceType,
  Replacement,
  PolicyAction,
}: ResourceChange): 'replacement' | 'deletion' | undefined {
  // what a nested stack holds is not told with its removal
  if (!holdingData.test(ResourceType) && ResourceType !== 'AWS::CloudFormation::Stack') return undefined;
  const kept = /^(?:Retain|Snapshot|ReplaceAndRetain|ReplaceAndSnapshot)$/.test(PolicyAction ?? '');
  if (kept) return undefined;
  if (Action === 'Remove') return 'deletion';
  return Action === 'Modify' && Replacement !== undefined && Replacement !== 'False'
    ? 'replacement'
    : undefined;
}

/** Whether a stack policy forbids updating a resource. What is not plainly allowed by a policy is denied by it. */
export function deniedByPolicy(policy: string | undefined, logicalId: string): boolean {
  if (policy === undefined || policy === '') return false;
  let parsed: unknown;
  try {
    parsed = JSON.parse(policy);
  } catch {
    return true;
  }
  const statements = isMap(parsed as JsonObject) ? (parsed as JsonObject)['Statement'] : undefined;
  const list = (Array.isArray(statements) ? statements : [statements]).filter(each =>
    isMap(each),
  ) as JsonObject[];
  const about = list.filter(({ Resource, NotResource }) =>
    NotResource === undefined ? matches(Resource, logicalId) : !matches(NotResource, logicalId),
  );
  const updates = (each: JsonObject) =>
    [each['Action'] ?? 'Update:*'].flat().some(action => /^(?:\*|Update:)/.test(String(action)));
  const denied = about.some(each => each['Effect'] === 'Deny' && updates(each));
  return denied || !about.some(each => each['Effect'] === 'Allow' && updates(each));
}

function matches(resource: unknown, logicalId: string): boolean {
  return [resource]
    .flat()
    .some(each => globMatches(String(each).replace(/^LogicalResourceId\//, ''), logicalId));
}
