import type { DeclaredUnit } from '../../../declared/declaration.ts';
import { toFailure } from '../../../failure/failure.ts';
import type { Json, JsonObject } from '../../../json/json.ts';
import { isMap } from '../../../json/value.ts';
import type { DeclaredResource, DeclaredResources } from '../../declared-resources.ts';
import { secretPlaces } from '../../secret-places.ts';
import { wholeUnit } from '../compare/compare.ts';
import { holdsSecret } from '../compare/secrets.ts';
import { parameterFacts } from '../compare/stack-text.ts';
import {
  type EvaluatedResource,
  evaluateTemplate,
  evaluateValue,
  hasUnresolved,
  type Surroundings,
} from '../template/evaluate.ts';
import { expandLoops } from '../template/for-each.ts';
import { calledIn } from '../template/functions.ts';
import { isExpanded, languageExtensions, loopKey, makerOf, transformsOf } from '../template/macros.ts';
import { unresolved } from '../template/unresolved.ts';
import { createOnlyOf } from './create-only.ts';
import type { NestedTemplate } from './nested.ts';
import { declaredPlace, type StackFiles, stackFiles } from './stack.ts';

/**
 * The resources of a stack as its files declare them, and the stack itself with parameters, tags and outputs; asks nobody. Values that
 * depend on what only AWS knows stay as they are written. Files that cannot be read are a finding.
 */
export async function declaredStackResources(unit: DeclaredUnit): Promise<DeclaredResources> {
  if (unit.sources === undefined) return { resources: [], findings: unit.findings, unreadable: true };
  let files: StackFiles;
  try {
    files = await stackFiles(unit);
  } catch (error) {
    return { resources: [], findings: [wholeUnit(unit, toFailure(error, 'HF1903'))], unreadable: true };
  }
  const { name, region, settings } = declaredPlace(unit, files.deployment);
  const given = parametersOf(files);
  const around: Surroundings = {
    account: settings.account ?? unresolved,
    region: region ?? unresolved,
    stackName: name,
    stackId: unresolved,
    parameters: given.values,
    references: new Map(),
  };
  const { resources, left } = resourcesIn({ ...files, path: files.templatePath }, around, given.secrets, '');
  return {
    resources: [stackOf(name, files, given.secrets), ...resources],
    findings: unit.findings,
    notes: notesOf(files.template.body, left),
  };
}

/** The resources of a template and of those that it nests by their paths. */
function resourcesIn(
  file: NestedTemplate,
  around: Surroundings,
  secrets: ReadonlySet<string>,
  prefix: string,
): { resources: DeclaredResource[]; left: string[] } {
  const { body, left } = expanded(file.template.body, around);
  const resources: DeclaredResource[] = [];
  for (const one of evaluateTemplate(body, around)) {
    resources.push(resourceOf(file, body, one, secrets, prefix));
    const inner = file.nested.get(one.logicalId);
    if (inner === undefined) continue;
    const within = { ...around, stackName: unresolved, parameters: passedTo(inner, one.properties) };
    const found = resourcesIn(inner, within, secrets, `${prefix}${one.logicalId}/`);
    resources.push(...found.resources);
    left.push(...found.left);
  }
  return { resources, left };
}

/** What the parameters of a nested stack are: as the stack around gives them, else by their defaults. */
function passedTo({ template }: NestedTemplate, { Parameters: given }: JsonObject): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, { noEcho, fallback, type }] of parameterFacts(template.body)) {
    const value = (isMap(given) ? given[name] : undefined) ?? fallback;
    const known =
      value !== undefined && !noEcho && !hasUnresolved(value) && !type.startsWith('AWS::SSM::Parameter');
    values.set(
      name,
      known ? (Array.isArray(value) ? value.map(String).join(',') : String(value)) : unresolved,
    );
  }
  return values;
}

/** What Git says of each parameter; what is not in Git, or is only a key of something else, is not known. */
function parametersOf({ template, deployment }: StackFiles): {
  values: Map<string, string>;
  secrets: Set<string>;
} {
  const values = new Map<string, string>();
  const secrets = new Set<string>();
  for (const [name, { noEcho, fallback, type }] of parameterFacts(template.body)) {
    const value = deployment.parameters[name] ?? fallback;
    const known = value !== undefined && !noEcho && !type.startsWith('AWS::SSM::Parameter');
    values.set(name, known ? value : unresolved);
    if (noEcho) for (const text of [deployment.parameters[name], fallback]) if (text) secrets.add(text);
  }
  return { values, secrets };
}

function expanded(body: JsonObject, around: Surroundings): { body: JsonObject; left: string[] } {
  if (!JSON.stringify(body).includes(loopKey)) return { body, left: [] };
  return expandLoops(body, declared => {
    const items = evaluateValue(body, around, declared);
    return Array.isArray(items) && !hasUnresolved(items) ? items.map(String) : undefined;
  });
}

function resourceOf(
  { template, path: file }: NestedTemplate,
  body: JsonObject,
  { logicalId, type, properties, deletionPolicy }: EvaluatedResource,
  secrets: ReadonlySet<string>,
  prefix: string,
): DeclaredResource {
  const written = ((body['Resources'] as JsonObject)[logicalId] ?? {}) as JsonObject;
  const shown = asWritten(written['Properties'] ?? {}, properties);
  const policies = ['DeletionPolicy', 'UpdateReplacePolicy', 'Condition'].flatMap(key =>
    written[key] === undefined ? [] : [[key, written[key]] as const],
  );
  const value = { ...Object.fromEntries(policies), ...(isMap(shown) ? shown : {}) };
  const secret = [...secretPlaces(value), ...placesHolding(value, secrets)];
  const path = makerOf(template.body, { logicalId, type })?.path ?? ['Resources', logicalId];
  const replacedBy = createOnlyOf(type);
  return {
    resource: { type, name: `${prefix}${logicalId}` },
    source: { file, line: template.lineOf(path) },
    value,
    ...(secret.length === 0 ? {} : { secret }),
    ...(replacedBy.length === 0 ? {} : { replacedBy }),
    whenRemoved: removalWords(deletionPolicy),
  };
}

function removalWords(policy: string | undefined): string {
  if (policy === 'Retain')
    return 'no longer declared: CloudFormation forgets it, and it is left running (DeletionPolicy Retain)';
  if (policy === 'Snapshot')
    return 'no longer declared: CloudFormation deletes it after a snapshot (DeletionPolicy Snapshot)';
  return 'no longer declared: CloudFormation deletes it';
}

/** The value, with each expression that could not be told as it is written. */
function asWritten(written: Json, value: Json): Json {
  if (!hasUnresolved(value)) return value;
  if (calledIn(written) !== undefined) return written;
  if (isMap(written) && isMap(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, asWritten(written[key] ?? null, inner)]),
    );
  if (Array.isArray(written) && Array.isArray(value) && written.length === value.length)
    return value.map((inner, at) => asWritten(written[at] ?? null, inner));
  return written;
}

function placesHolding(value: Json, secrets: ReadonlySet<string>, at = ''): string[] {
  if (!holdsSecret(value, secrets)) return [];
  if (typeof value !== 'object' || value === null) return [at];
  return Object.entries(value).flatMap(([key, inner]) =>
    placesHolding(inner, secrets, `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}

/** The stack itself: what its resources do not tell. */
function stackOf(
  name: string,
  { template, deployment }: StackFiles,
  secrets: ReadonlySet<string>,
): DeclaredResource {
  const facts = [...parameterFacts(template.body)];
  const parameters = facts.flatMap(([key, { fallback }]) => {
    const value = deployment.parameters[key] ?? fallback;
    return value === undefined ? [] : [[key, value] as const];
  });
  const { Resources: _, Parameters: __, ...rest } = template.body;
  const value: JsonObject = {
    Parameters: Object.fromEntries(parameters),
    Tags: { ...deployment.tags },
    Template: rest,
  };
  const hidden = facts.flatMap(([key, { noEcho }]) => (noEcho ? [`/Parameters/${key}`] : []));
  return {
    resource: { type: 'AWS::CloudFormation::Stack', name },
    source: { file: deployment.file, line: deployment.lineOf(['template-file-path']) },
    value,
    secret: [...hidden, ...secretPlaces(value), ...placesHolding(value, secrets)],
    whenRemoved: 'no longer declared: the stack is left as it is, Holdfast deletes none',
  };
}

function notesOf(body: JsonObject, left: readonly string[]): string[] {
  const macros = transformsOf(body).filter(name => name !== languageExtensions);
  const notes = [
    'told from the template alone: what only AWS knows (attributes, imports, SSM parameters) stands as it is written',
  ];
  if (macros.length > 0 || (isExpanded(body) && transformsOf(body).length === 0))
    notes.push(
      `what ${macros.length === 0 ? 'a macro or module' : `the macro ${macros.join(', ')}`} makes is known to AWS alone: resources are told as they are written`,
    );
  if (left.length > 0)
    notes.push(`${left.join(', ')} goes through what only AWS knows: it is not written out`);
  return notes;
}
