import type { Stack, Stacks } from '../../../aws/stacks.ts';
import type { FieldChange, Source } from '../../../findings/finding.ts';
import type { JsonObject } from '../../../json/json.ts';
import { type NestedTemplate, stackType } from '../declared/nested.ts';
import type { DeclaredStack } from '../declared/stack.ts';
import { isExpanded, makerOf } from '../template/macros.ts';
import { readTemplate } from '../template/template.ts';
import { unresolved } from '../template/unresolved.ts';
import { add, type Level, type LevelResult, type StackPorts } from './level.ts';
import { compareResources } from './resources.ts';
import { parameterFacts, textChanges } from './stack-text.ts';

/** Nested stacks deeper than this are told and not looked into. */
const deepestNesting = 10;

/**
 * The stack that Git declares, as what its resources are held to: the template in Git, or, where a macro, transform or module makes
 * another one of it, what CloudFormation made at the last update. Whether that came of what Git says now is told of the stack.
 */
export async function topLevel(
  stacks: Stacks,
  declared: DeclaredStack,
  stack: Stack,
  deployed: string,
): Promise<Level> {
  const { template, templatePath, deployment } = declared;
  const written = readTemplate(Buffer.from(deployed)).body;
  const expanded = isExpanded(template.body) || isExpanded(written);
  const body = expanded ? await processed(stacks, stack.StackId) : template.body;
  const secrets = [template.body, written].flatMap(each =>
    [...parameterFacts(each)].flatMap(([name, { noEcho, fallback = '' }]) =>
      noEcho ? [deployment.parameters[name] ?? '', fallback] : [],
    ),
  );
  const plain = (path: readonly string[]): Source => ({ file: templatePath, line: template.lineOf(path) });
  const base = {
    unit: declared.unit,
    stack,
    body,
    parameters: parametersOf(body, stack, deployment.parameters),
    prefix: '',
    nested: declared.nested,
    secrets: new Set(secrets.filter(text => text !== '')),
  };
  if (!expanded) return { ...base, sourceOf: plain };
  const maker = (logicalId: string) => makerOf(template.body, { logicalId, type: typeIn(body, logicalId) });
  return {
    ...base,
    sourceOf: path => plain((path[0] === 'Resources' ? maker(path[1] ?? '')?.path : undefined) ?? path),
    madeBy: logicalId => maker(logicalId)?.words,
  };
}

async function processed(stacks: Stacks, stackId: string): Promise<JsonObject> {
  return readTemplate(Buffer.from(await stacks.template(stackId, 'Processed'))).body;
}

function typeIn(body: JsonObject, logicalId: string): string {
  const resource = (body['Resources'] as JsonObject | undefined)?.[logicalId] as JsonObject | undefined;
  return String(resource?.['Type']);
}

/** What each parameter is: as Git says, else by its default; the value behind an SSM parameter is what the stack resolved. */
function parametersOf(
  body: JsonObject,
  stack: Stack,
  given: Readonly<Record<string, string>>,
): Map<string, string> {
  const live = new Map(stack.Parameters.map(parameter => [parameter.ParameterKey, parameter]));
  const values = new Map<string, string>();
  for (const [name, { noEcho, fallback, type }] of parameterFacts(body)) {
    const value = given[name] ?? fallback ?? live.get(name)?.ParameterValue;
    const resolved = live.get(name)?.ResolvedValue;
    if (noEcho || value === undefined) values.set(name, unresolved);
    else if (type.startsWith('AWS::SSM::Parameter'))
      values.set(
        name,
        live.get(name)?.ParameterValue === value && resolved !== undefined ? resolved : unresolved,
      );
    else values.set(name, value);
  }
  return values;
}

/**
 * This stack’s resources, and those of the stacks nested in it. Nested ones are held to the templates that CloudFormation has for them;
 * where Git has their templates, it is told of the nested stack how they differ.
 */
export async function descend(
  ports: StackPorts,
  level: Level,
  depth: number,
  signal?: AbortSignal,
): Promise<LevelResult> {
  const result = await compareResources(ports, level, signal);
  if (depth >= deepestNesting) return result;
  for (const { LogicalResourceId, PhysicalResourceId } of result.nested) {
    if (PhysicalResourceId === undefined) continue;
    const stack = await ports.stacks.stack(PhysicalResourceId);
    if (stack === undefined) continue;
    const ofGit = level.nested.get(LogicalResourceId);
    if (ofGit !== undefined) {
      const original = await ports.stacks.template(PhysicalResourceId, 'Original');
      tellText(result, level, LogicalResourceId, ofGit, textChanges(ofGit, original));
    }
    const inner = innerLevel(
      level,
      LogicalResourceId,
      stack,
      await processed(ports.stacks, PhysicalResourceId),
    );
    add(result, await descend(ports, inner, depth + 1, signal));
  }
  return result;
}

function innerLevel(level: Level, id: string, stack: Stack, body: JsonObject): Level {
  const ofGit = level.nested.get(id);
  const source = level.sourceOf(['Resources', id]);
  const given = stack.Parameters.map(({ ParameterKey, ParameterValue }) => [
    ParameterKey,
    ParameterValue ?? '',
  ]);
  return {
    unit: level.unit,
    secrets: level.secrets,
    stack,
    body,
    parameters: parametersOf(body, stack, Object.fromEntries(given)),
    prefix: `${level.prefix}${id}/`,
    nested: ofGit?.nested ?? new Map(),
    sourceOf: path =>
      ofGit === undefined ? source : { file: ofGit.path, line: ofGit.template.lineOf(path) },
  };
}

/** One finding for the nested stack: where its resource has one already, the changes join it. */
function tellText(
  result: LevelResult,
  level: Level,
  id: string,
  { path: file, template }: NestedTemplate,
  changes: FieldChange[],
): void {
  if (changes.length === 0) return;
  const name = `${level.prefix}${id}`;
  const known = result.findings.find(({ resource }) => 'type' in resource && resource.name === name);
  if (known?.changes !== undefined) {
    known.type = 'changed';
    known.changes.push(...changes);
    return;
  }
  const differs = changes.some(({ op }) => op !== 'added');
  const place = (changes.find(({ op }) => op !== 'added') ?? changes[0])?.path.split('/').slice(2) ?? [];
  if (known === undefined) result.inSync = Math.max(0, result.inSync - 1);
  result.findings.push({
    unit: level.unit,
    type: differs ? 'changed' : 'undeclared',
    resource: { type: stackType, name },
    source: { file, line: template.lineOf(place) },
    changes,
    message: 'found by comparing the nested stack’s template with Git',
  });
}
