import type { Stack } from '../../../aws/stacks.ts';
import { ignore } from '../../../compare/ignore.ts';
import type { Declaration, DeclaredUnit } from '../../../declared/declaration.ts';
import { Failure, toFailure } from '../../../failure/failure.ts';
import type { Comparison, Exemption, Finding, Note, Source } from '../../../findings/finding.ts';
import { sortFindings, verdictOf } from '../../../findings/verdict.ts';
import type { JsonObject } from '../../../json/json.ts';
import { type DeclaredStack, declaredStack } from '../declared/stack.ts';
import { attribute } from './attribute.ts';
import { add, type LevelResult, noResult, type StackPorts } from './level.ts';
import { descend, topLevel } from './levels.ts';
import { compareStackSet } from './stack-set.ts';
import { sourceOfStack, stackChanges } from './stack-text.ts';
import { stateOf } from './state.ts';

export interface CompareOptions {
  /** The ports for the place and reading role of a stack. */
  ports(declared: DeclaredStack): Promise<StackPorts>;
  environment: Readonly<Record<string, string | undefined>>;
  now: () => number;
}

/**
 * Compares a stack in three ways: its template, parameters and tags with Git; its resources with its template by drift
 * detection; and with their live models. What concerns the whole unit is one finding `unknown`, never an exception.
 */
export async function compareStack(
  options: CompareOptions,
  unit: DeclaredUnit,
  declaration: Declaration,
  signal?: AbortSignal,
): Promise<Comparison> {
  const started = performance.now();
  const { name } = unit.definition;
  let found: { findings: Finding[]; exempt: Exemption[]; notes: Note[]; declared: number; inSync: number };
  try {
    found = await compared(options, unit, signal);
  } catch (error) {
    if (signal?.aborted === true) throw error;
    found = {
      findings: [wholeUnit(unit, toFailure(error, 'HF1002'))],
      exempt: [],
      notes: [],
      declared: 0,
      inSync: 0,
    };
  }
  const today = new Date(options.now()).toISOString().slice(0, 10);
  const kept = ignore([...unit.findings, ...found.findings], declaration.settings.ignore, today);
  const findings = sortFindings(kept.findings);
  return {
    unit: name,
    driver: 'cloudformation',
    verdict: verdictOf(findings),
    resources: { declared: found.declared, inSync: found.inSync },
    findings,
    exempt: [...found.exempt, ...kept.exempt],
    usedRules: kept.used,
    notes: found.notes,
    elapsedMs: Math.round(performance.now() - started),
  };
}

/** A failure that concerns the whole unit as a finding: `invalid` where a file must change, else `unknown`. */
export function wholeUnit(unit: DeclaredUnit, failure: Failure): Finding {
  const { file, line } = failure.where;
  const source: Source =
    file === undefined
      ? (unit.definition.source ?? { file: unit.definition.path })
      : { file, ...(line === undefined ? {} : { line }) };
  const invalid = /^HF190\d$/.test(failure.code);
  return {
    unit: unit.definition.name,
    type: invalid ? 'invalid' : 'unknown',
    resource:
      invalid && file !== undefined
        ? { type: 'File', name: file }
        : { type: 'Unit', name: unit.definition.name },
    source,
    code: failure.code,
    origin: invalid ? 'declaration' : 'aws',
    message: failure.line,
  };
}

async function compared(options: CompareOptions, unit: DeclaredUnit, signal?: AbortSignal) {
  const declared = await declaredStack(unit, options.environment);
  const ports = await options.ports(declared);
  if (declared.settings.stackSet !== undefined)
    return compareStackSet(ports.stacks, declared, declared.settings.stackSet);
  const stack = await ports.stacks.stack(declared.name);
  const facts = Object.keys((declared.template.body['Resources'] ?? {}) as JsonObject).length;
  const notes = remarks(declared);
  if (stack === undefined || stack.StackStatus === 'REVIEW_IN_PROGRESS')
    return { findings: [missingStack(declared)], exempt: [], notes, declared: facts + 1, inSync: 0 };
  checkAccount(declared, stack);
  const state = stateOf(stack);
  if (state.compare !== 'yes')
    throw new Failure(state.compare === 'later' ? 'HF1921' : 'HF1932', state.words, {
      where: { subject: `stack ${stack.StackName}` },
    });
  const result = noResult();
  const deployed = await ports.stacks.template(stack.StackId, 'Original');
  add(result, ownText(declared, stack, deployed));
  const level = await topLevel(ports.stacks, declared, stack, deployed);
  add(result, await descend(ports, level, 0, signal));
  await attribute(ports.trail, result.physicalIds, stack, notes);
  notes.push(coverageNote(declared, result));
  const inSync = result.inSync;
  return {
    findings: result.findings,
    exempt: result.exempt,
    notes,
    declared: result.coverage.resources + 1,
    inSync,
  };
}

function remarks({ unit, template, templatePath }: DeclaredStack): Note[] {
  return template.problems.map(({ line, code, message }) => ({
    unit,
    resource: { type: 'File', name: templatePath },
    source: { file: templatePath, line },
    code,
    message: `${code} ${message}`,
  }));
}

function missingStack(declared: DeclaredStack): Finding {
  return {
    unit: declared.unit,
    type: 'missing',
    resource: { type: 'AWS::CloudFormation::Stack', name: declared.name },
    source: { file: declared.deployment.file, line: declared.deployment.lineOf(['template-file-path']) },
    message: `there is no stack ${declared.name} in ${declared.region}`,
  };
}

/** A name can be in use in several accounts: the one that Git names counts. */
function checkAccount({ settings, name }: DeclaredStack, stack: Stack): void {
  const account = stack.StackId.split(':')[4];
  if (settings.account === undefined || settings.account === account) return;
  throw new Failure(
    'HF1912',
    `the stack ${name} is in the account ${account}, and ${settings.account} is declared: the role leads to another account`,
  );
}

/** The stack’s own finding: what Git and CloudFormation say of template, parameters and tags. */
function ownText(declared: DeclaredStack, stack: Stack, deployed: string): LevelResult {
  const result = noResult();
  const changes = stackChanges(declared, stack, deployed);
  if (changes.length === 0) {
    result.inSync = 1;
    return result;
  }
  const differs = changes.some(({ op }) => op !== 'added');
  const first = (changes.find(({ op }) => op !== 'added') ?? changes[0])?.path.split('/').slice(1) ?? [];
  result.findings.push({
    unit: declared.unit,
    type: differs ? 'changed' : 'undeclared',
    resource: { type: 'AWS::CloudFormation::Stack', name: declared.name },
    source: sourceOfStack(declared, first),
    changes,
    message: 'found by comparing the stack’s template, parameters and tags with Git',
  });
  return result;
}

function coverageNote({ unit, name }: DeclaredStack, { coverage }: LevelResult): Note {
  const { resources, detected, read, uncheckable } = coverage;
  const rest = uncheckable.length === 0 ? '' : `; neither is possible for ${uncheckable.sort().join(', ')}`;
  const message = `of ${resources} resources of the stack ${name} drift detection checked ${detected} and the live model ${read}${rest}`;
  return { unit, resource: { type: 'Unit', name: unit }, message };
}
