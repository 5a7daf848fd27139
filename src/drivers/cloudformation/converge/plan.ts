import type { ChangeSetPorts, DescribedChangeSet, ResourceChange } from '../../../aws/change-sets.ts';
import type { Objects } from '../../../aws/objects.ts';
import type { Stack } from '../../../aws/stacks.ts';
import type { Declaration, DeclaredUnit } from '../../../declared/declaration.ts';
import { hashText } from '../../../declared/hash.ts';
import { Failure } from '../../../failure/failure.ts';
import { isOutage } from '../../../failure/outage.ts';
import type { Comparison, Finding, NamedRef } from '../../../findings/finding.ts';
import type { Plan, PlannedAction } from '../../driver.ts';
import type { StackPorts } from '../compare/level.ts';
import { stateOf } from '../compare/state.ts';
import { stackType } from '../declared/nested.ts';
import { type DeclaredStack, declaredStack } from '../declared/stack.ts';
import { branchesOf, changesOf, refusalsOf } from './branches.ts';
import { type Mode, makeChangeSet, type Waiting } from './change-set.ts';

export interface ConvergeDeps {
  compare(unit: DeclaredUnit, declaration: Declaration, signal?: AbortSignal): Promise<Comparison>;
  /** With the role that may write. */
  ports(declared: DeclaredStack): Promise<{ stacks: StackPorts['stacks']; sets: ChangeSetPorts }>;
  /** S3, with the role that may write. */
  objects(declared: DeclaredStack): Promise<Objects>;
  environment: Readonly<Record<string, string | undefined>>;
  waiting: Waiting;
}

/** A plan with the change set that would carry it out; nobody has executed it. */
export interface Prepared {
  plan: Plan;
  declared: DeclaredStack;
  stack: Stack | undefined;
  set: DescribedChangeSet | undefined;
}

/** What converging a stack would do. The change set that told it is removed again: the plan is its content, not its name. */
export async function planStack(
  deps: ConvergeDeps,
  unit: DeclaredUnit,
  declaration: Declaration,
  signal?: AbortSignal,
): Promise<Plan> {
  const { plan, set, declared } = await prepare(deps, unit, declaration, signal);
  if (set !== undefined) await (await deps.ports(declared)).sets.remove(set.id);
  return plan;
}

/**
 * Compares, makes a change set and holds it to what was found and merged. All or nothing: one change that goes beyond that, that a
 * stack policy forbids, or that would lose data nobody allowed to be lost refuses the whole set. Throws HF1206 for a plain folder,
 * HF1921 for a stack on its way, HF1932 for one that needs a person, and what AWS failed with.
 */
export async function prepare(
  deps: ConvergeDeps,
  unit: DeclaredUnit,
  declaration: Declaration,
  signal?: AbortSignal,
): Promise<Prepared> {
  const { revision } = declaration;
  if (revision === null) throw new Failure('HF1206', 'only a revision can be planned, not a plain folder');
  const declared = await declaredStack(unit, deps.environment);
  if (declared.settings.stackSet !== undefined)
    return onlyCompared(deps, declared, unit, declaration, signal);
  const { stacks, sets } = await deps.ports(declared);
  const stack = await stacks.stack(declared.name);
  if (stack !== undefined) checkState(stack);
  const { findings } = await deps.compare(unit, declaration, signal);
  throwIfBlind(findings);
  const base = { unit: unit.definition.name, revision };
  const mode = modeOf(findings, declared);
  const refused = findings.flatMap(notConvergeable);
  const none: Prepared = { plan: planOf(base, [], refused), declared, stack, set: undefined };
  if (mode === undefined) return none;
  const set = await makeChangeSet(
    { sets, objects: () => deps.objects(declared) },
    declared,
    { stack, mode, revision },
    deps.waiting,
  );
  if (set === undefined) return none;
  try {
    const branches = await branchesOf(sets, set, declared);
    const allow = declared.settings.allow ?? [];
    const denied = await refusalsOf({ stacks, sets }, branches, findings, allow);
    if (denied.length === 0)
      return { plan: planOf(base, changesOf(branches), refused), declared, stack, set };
    const told = denied.map(({ change, name, message }) => ({
      resource: { type: change.ResourceType, name },
      message,
    }));
    await sets.remove(set.id);
    return { ...none, plan: planOf(base, [], [...refused, ...told]) };
  } catch (error) {
    await sets.remove(set.id).catch(() => undefined);
    throw error;
  }
}

/** A StackSet reaches into other accounts: what differs is told, and nothing is planned. */
async function onlyCompared(
  deps: ConvergeDeps,
  declared: DeclaredStack,
  unit: DeclaredUnit,
  declaration: Declaration,
  signal?: AbortSignal,
): Promise<Prepared> {
  const { findings } = await deps.compare(unit, declaration, signal);
  throwIfBlind(findings);
  const refused = findings.map(({ resource }) => ({
    resource,
    message: 'HF1932 a StackSet is only compared: bring it to what is declared by hand',
  }));
  const base = { unit: unit.definition.name, revision: declaration.revision ?? '' };
  return { plan: planOf(base, [], refused), declared, stack: undefined, set: undefined };
}

function checkState(stack: Stack): void {
  const { change, words } = stateOf(stack);
  const where = { subject: `stack ${stack.StackName}` };
  if (stack.StackStatus === 'REVIEW_IN_PROGRESS') return;
  if (change === 'later') throw new Failure('HF1921', words, { where });
  if (change === 'person') throw new Failure('HF1932', words, { where });
}

function throwIfBlind(findings: readonly Finding[]): void {
  for (const { type, code, message = 'it could not be compared', resource } of findings) {
    const whole = 'type' in resource && resource.type === 'Unit';
    if (type === 'unknown' && code !== undefined && (whole || isOutage(code)))
      throw new Failure(code, message.replace(`${code} `, ''));
    if (type === 'invalid' && code !== undefined) throw new Failure(code, message.replace(`${code} `, ''));
  }
}

/**
 * Drift is reverted only where drift was found; a phantom of a drift-aware set must not begin anything. Such a set cannot hold nested
 * stacks: where the template of one is to change, that comes first, and drift is put right by the sync after it.
 */
function modeOf(findings: readonly Finding[], { name }: DeclaredStack): Mode | undefined {
  if (findings.some(each => isOfTemplate(each) && each.resource.name !== name)) return 'merge';
  const isOwn = ({ resource }: Finding) => 'type' in resource && resource.type === stackType;
  const drift = findings.some(
    each => !isOwn(each) && (each.type === 'changed' || each.type === 'missing') && !isNested(each),
  );
  if (drift) return 'drift';
  return findings.some(each => isOwn(each) && each.type !== 'unknown') ? 'merge' : undefined;
}

/** How the template of a stack, or of one nested in it, differs from that of Git. */
function isOfTemplate({ resource, changes = [] }: Finding): boolean {
  return (
    'type' in resource &&
    resource.type === stackType &&
    changes.some(({ path }) => path.startsWith('/Template'))
  );
}

function isNested({ resource }: Finding): boolean {
  return 'type' in resource && resource.name.includes('/');
}

/** What no change set can put right. */
function notConvergeable(finding: Finding): Plan['refused'] {
  const { resource, type } = finding;
  if (type === 'undeclared' && !('type' in resource && resource.type === 'AWS::CloudFormation::Stack'))
    return [
      {
        resource,
        message:
          'HF1932 CloudFormation does not take away what no template ever declared: declare it, or remove it by hand',
      },
    ];
  if (isNested(finding) && !isOfTemplate(finding) && (type === 'changed' || type === 'missing'))
    return [
      {
        resource,
        message:
          'HF1932 a nested stack is put right by itself: CloudFormation does not revert drift through its parent',
      },
    ];
  return [];
}

function refOf({ ResourceType, LogicalResourceId }: ResourceChange): NamedRef {
  return { type: ResourceType, name: LogicalResourceId };
}

function planOf(
  base: { unit: string; revision: string },
  changes: readonly ResourceChange[],
  refused: Plan['refused'],
): Plan {
  const sorted = [...changes].sort((a, b) => (a.LogicalResourceId < b.LogicalResourceId ? -1 : 1));
  const content = sorted.map(
    ({ Action, LogicalResourceId, ResourceType, Replacement, PolicyAction, Details }) => [
      Action,
      LogicalResourceId,
      ResourceType,
      Replacement ?? null,
      PolicyAction ?? null,
      Details.map(({ Target }) => [
        Target?.Path ?? Target?.Name ?? null,
        Target?.BeforeValue ?? null,
        Target?.AfterValue ?? null,
      ])
        .map(each => JSON.stringify(each))
        .sort(),
    ],
  );
  return {
    ...base,
    digest: `sha256:${hashText(JSON.stringify([base.unit, base.revision, content]))}`,
    actions: sorted.map(actionOf),
    refused,
  };
}

function actionOf(change: ResourceChange): PlannedAction {
  const paths = [
    ...new Set(
      change.Details.flatMap(
        ({ Target }) => Target?.Path ?? (Target?.Name === undefined ? [] : [`/${Target.Name}`]),
      ),
    ),
  ].sort();
  return {
    action: kindOf(change),
    resource: refOf(change),
    ...(paths.length === 0 ? {} : { paths }),
  };
}

function kindOf({ Action, Replacement }: ResourceChange): PlannedAction['action'] {
  if (Action === 'Remove') return 'prune';
  if (Action === 'Add' || Action === 'Import') return 'create';
  return Replacement === 'True' || Replacement === 'Conditional' ? 'recreate' : 'change';
}
