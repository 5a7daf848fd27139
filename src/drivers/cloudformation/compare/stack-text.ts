import type { Stack } from '../../../aws/stacks.ts';
import { differences } from '../../../compare/difference.ts';
import type { Keyed } from '../../../compare/keyed.ts';
import type { FieldChange, Source } from '../../../findings/finding.ts';
import type { Json, JsonObject } from '../../../json/json.ts';
import { equal, isMap, pathOf, pointerOf } from '../../../json/value.ts';
import { withUrlsOf } from '../declared/nested.ts';
import type { DeclaredStack } from '../declared/stack.ts';
import { isMasked } from '../live/compare.ts';
import { readTemplate } from '../template/template.ts';
import { isSecret } from './secrets.ts';

/** What a stack, or a StackSet, has besides its template. */
type Given = Pick<Stack, 'Parameters' | 'Tags'>;

/** More changed places of a template than this are told as one. */
const mostPlaces = 200;

/**
 * How the stack itself differs from what Git declares for it: its template, parameters and tags. Templates are equal when what
 * CloudFormation reads in them is, whatever their notation and comments.
 */
export function stackChanges(declared: DeclaredStack, stack: Given, template: string): FieldChange[] {
  return [
    ...textChanges(declared, template),
    ...[...parameterChanges(declared, stack), ...tagChanges(declared, stack)].map(change =>
      isSecret(pathOf(change.path)) ? redacted(change) : change,
    ),
  ];
}

/** How the template of a stack, or of one that is nested in it, differs from the one that Git declares; secret values are left out. */
export function textChanges(
  { template, nested }: Pick<DeclaredStack, 'template' | 'nested'>,
  text: string,
): FieldChange[] {
  const deployed = readTemplate(Buffer.from(text)).body;
  const declared = withUrlsOf(template.body, nested, deployed);
  const hidden = new Set([...hiddenIn(deployed), ...hiddenIn(declared)]);
  return templateChanges(declared, deployed).map(change => {
    const path = pathOf(change.path);
    if (!isSecret(path) && !(path[1] === 'Parameters' && hidden.has(path[2] ?? ''))) return change;
    return redacted(change);
  });
}

function redacted({ path, op }: FieldChange): FieldChange {
  return { path, op, redacted: true };
}

/** Where a place of the stack itself is declared. */
export function sourceOfStack(
  { deployment, template, templatePath }: DeclaredStack,
  path: readonly string[],
): Source {
  const [section, ...rest] = path;
  if (section === 'Template') return { file: templatePath, line: template.lineOf(rest) };
  const key = section === 'Parameters' ? 'parameters' : 'tags';
  return { file: deployment.file, line: deployment.lineOf([key, ...rest]) };
}

/** The names of NoEcho parameters: their defaults are not to be shown either. */
function hiddenIn(body: JsonObject): string[] {
  return [...parameterFacts(body)].flatMap(([name, { noEcho }]) => (noEcho ? [name] : []));
}

/** The places in which two templates differ, below `/Template`; all of them, however many. */
export function templateDifferences(declared: JsonObject, deployed: JsonObject): FieldChange[] {
  const [wanted, found] = [declared, unmasked(deployed, declared)];
  if (equal(wanted, found) || !isMap(found)) return [];
  const plain = (value: JsonObject): Keyed => ({
    value,
    items: new Map(),
    orders: new Map(),
    sets: new Set(),
  });
  return differences(plain(wanted), plain(wanted), plain(found)).map(
    ({ path, op, declared: value, live }): FieldChange => ({
      path: `/Template${path}`,
      op,
      ...(value === undefined ? {} : { declared: value }),
      ...(live === undefined ? {} : { live }),
    }),
  );
}

function templateChanges(declared: JsonObject, deployed: JsonObject): FieldChange[] {
  const changes = templateDifferences(declared, deployed);
  if (changes.length <= mostPlaces) return changes;
  return [
    { path: '/Template', op: 'changed', declared: `${changes.length} places`, live: 'another template' },
  ];
}

/** CloudFormation gives a template back with `?` for what is not ASCII: that is what was given to it. */
function unmasked(deployed: Json, declared: Json | undefined): Json {
  if (typeof deployed === 'string' && declared !== undefined && isMasked(deployed, declared)) return declared;
  if (Array.isArray(deployed))
    return deployed.map((item, at) => unmasked(item, Array.isArray(declared) ? declared[at] : undefined));
  if (!isMap(deployed)) return deployed;
  const entries = Object.entries(deployed).map(
    ([key, value]) => [key, unmasked(value, isMap(declared) ? declared[key] : undefined)] as const,
  );
  return Object.fromEntries(entries);
}

/** What a template says of each of its parameters. */
export function parameterFacts(
  body: JsonObject,
): Map<string, { noEcho: boolean; fallback?: string; type: string }> {
  const parameters = body['Parameters'];
  const facts = new Map<string, { noEcho: boolean; fallback?: string; type: string }>();
  for (const [name, declared] of isMap(parameters) ? Object.entries(parameters) : []) {
    if (!isMap(declared)) continue;
    const fallback = declared['Default'];
    facts.set(name, {
      noEcho: String(declared['NoEcho']).toLowerCase() === 'true',
      type: String(declared['Type']),
      ...(fallback === undefined || fallback === null ? {} : { fallback: String(fallback) }),
    });
  }
  return facts;
}

function parameterChanges({ template, deployment }: DeclaredStack, stack: Given): FieldChange[] {
  const facts = parameterFacts(template.body);
  const live = new Map(
    stack.Parameters.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue ?? '']),
  );
  const changes: FieldChange[] = [];
  const names = new Set([...Object.keys(deployment.parameters), ...facts.keys(), ...live.keys()]);
  for (const name of [...names].sort()) {
    const fact = facts.get(name);
    // its value comes back as asterisks, and Git should not have it
    if (fact?.noEcho === true) continue;
    const path = pointerOf(['Parameters', name]);
    const wanted = deployment.parameters[name] ?? fact?.fallback;
    const found = live.get(name);
    if (wanted === undefined && found !== undefined) changes.push({ path, op: 'added', live: found });
    else if (wanted !== undefined && found === undefined)
      changes.push({ path, op: 'removed', declared: wanted });
    else if (wanted !== undefined && found !== undefined && !sameParameter(wanted, found))
      changes.push({ path, op: 'changed', declared: wanted, live: found });
  }
  return changes;
}

/** Git sync writes booleans as texts, and lists without the space after a comma. */
function sameParameter(declared: string, live: string): boolean {
  const plain = (text: string) =>
    /^(?:true|false)$/i.test(text) ? text.toLowerCase() : text.split(/\s*,\s*/).join(',');
  return plain(declared) === plain(live);
}

function tagChanges({ deployment }: DeclaredStack, stack: Given): FieldChange[] {
  const live = new Map(
    stack.Tags.filter(({ Key }) => !Key.startsWith('aws:')).map(({ Key, Value }) => [Key, Value]),
  );
  const changes: FieldChange[] = [];
  for (const key of [...new Set([...Object.keys(deployment.tags), ...live.keys()])].sort()) {
    const [wanted, found] = [deployment.tags[key], live.get(key)];
    if (wanted === found) continue;
    const path = pointerOf(['Tags', key]);
    if (wanted === undefined) changes.push({ path, op: 'added', live: found });
    else if (found === undefined) changes.push({ path, op: 'removed', declared: wanted });
    else changes.push({ path, op: 'changed', declared: wanted, live: found });
  }
  return changes;
}
