import type { ChangeSetPorts, DescribedChangeSet, ResourceChange } from '../../../aws/change-sets.ts';
import type { Stack, Stacks } from '../../../aws/stacks.ts';
import { Failure } from '../../../failure/failure.ts';
import type { FieldChange, Finding } from '../../../findings/finding.ts';
import type { JsonObject } from '../../../json/json.ts';
import { templateDifferences, textChanges } from '../compare/stack-text.ts';
import { type NestedTemplates, stackType } from '../declared/nested.ts';
import { isExpanded } from '../template/macros.ts';
import { readTemplate, type Template } from '../template/template.ts';
import { beyond, deniedByPolicy, type Explained, explained, lossOf } from './explained.ts';

/** A change set, or that of a nested stack within it, with what Git declares for it. */
export interface Branch {
  set: DescribedChangeSet;
  /** `Network/` for what is in the nested stack Network. */
  prefix: string;
  /** The change of the nested stack in the set around it; absent for the whole. */
  parent?: { change: ResourceChange; branch: Branch };
  /** What Git declares; absent where the template of a nested stack lies elsewhere. */
  template: Template | undefined;
  nested: NestedTemplates;
}

/** Nested stacks deeper than this are not carried out. */
const deepest = 10;

/** A change set with those of the stacks nested in it, outer ones first. */
export async function branchesOf(
  sets: ChangeSetPorts,
  set: DescribedChangeSet,
  { template, nested }: { template: Template; nested: NestedTemplates },
): Promise<Branch[]> {
  const branches: Branch[] = [{ set, prefix: '', template, nested }];
  for (const branch of branches) {
    if (branch.prefix.split('/').length > deepest)
      throw new Failure('HF1932', 'stacks are nested too deep to be carried out');
    for (const change of branch.set.changes) {
      if (change.ResourceType !== stackType || change.ChangeSetId === undefined) continue;
      const inner = branch.nested.get(change.LogicalResourceId);
      branches.push({
        set: await sets.describe(change.ChangeSetId),
        prefix: `${branch.prefix}${change.LogicalResourceId}/`,
        parent: { change, branch },
        template: inner?.template,
        nested: inner?.nested ?? new Map(),
      });
    }
  }
  return branches;
}

/** Every change of all branches, by names as findings have them. A nested stack in which nothing changes is none. */
export function changesOf(branches: readonly Branch[]): ResourceChange[] {
  const silent = new Set(
    branches.flatMap(({ set, parent }) =>
      parent !== undefined && set.changes.length === 0 && isOnlyNested(parent.change) ? [parent.change] : [],
    ),
  );
  return branches.flatMap(({ set, prefix }) =>
    set.changes
      .filter(change => !silent.has(change))
      .map(change => ({ ...change, LogicalResourceId: `${prefix}${change.LogicalResourceId}` })),
  );
}

/** Whether all that a change of a nested stack does is in the set of that stack. */
function isOnlyNested({ ResourceType, ChangeSetId, Action, Replacement }: ResourceChange): boolean {
  return (
    ResourceType === stackType &&
    ChangeSetId !== undefined &&
    Action === 'Modify' &&
    (Replacement === undefined || Replacement === 'False')
  );
}

/** A change that must not be made, with the reason. */
export interface Refusal {
  change: ResourceChange;
  /** As findings have it. */
  name: string;
  message: string;
}

/**
 * Holds every change of a set, and of those of nested stacks, to what was found and merged, to the policies of the stacks, and to
 * what may be lost. Empty when all may be carried out.
 */
export async function refusalsOf(
  { stacks, sets }: { stacks: Stacks; sets: ChangeSetPorts },
  branches: readonly Branch[],
  findings: readonly Finding[],
  allow: readonly string[],
): Promise<Refusal[]> {
  const found: Refusal[] = [];
  const judged = new Map<Branch, Explained | 'all'>();
  for (const branch of branches) {
    const stack = await existing(stacks, branch);
    const allowed = await allowedIn({ stacks, sets }, branch, { stack, findings, judged });
    judged.set(branch, allowed);
    const policy = stack === undefined ? undefined : await stacks.policy(stack.StackId);
    for (const change of branch.set.changes) {
      const message = refusal(change, allowed, { policy, allow });
      if (message !== undefined)
        found.push({ change, name: `${branch.prefix}${change.LogicalResourceId}`, message });
    }
  }
  return found;
}

function refusal(
  change: ResourceChange,
  allowed: Explained | 'all',
  { policy, allow }: { policy: string | undefined; allow: readonly string[] },
): string | undefined {
  if (change.ResourceType === stackType && change.ChangeSetId === undefined && change.Action !== 'Remove')
    return 'HF1931 what would change in it is not told: CloudFormation tells nothing of nested stacks where it reverts drift';
  const more = allowed === 'all' || isOnlyNested(change) ? undefined : beyond(change, allowed);
  if (more !== undefined) return `HF1931 ${more}`;
  if (change.Action !== 'Add' && deniedByPolicy(policy, change.LogicalResourceId))
    return 'HF1932 the stack policy forbids to update it';
  const loss = lossOf(change);
  if (loss === undefined || allow.includes(loss)) return undefined;
  return `HF1934 its ${loss} would lose what it holds: allow it with \`cloudformation.allow: [${loss}]\` of the unit`;
}

async function existing(stacks: Stacks, { set, parent }: Branch): Promise<Stack | undefined> {
  if (parent?.change.Action === 'Add') return undefined;
  const stack = await stacks.stack(set.stackId);
  return stack?.StackStatus === 'REVIEW_IN_PROGRESS' ? undefined : stack;
}

async function allowedIn(
  { stacks, sets }: { stacks: Stacks; sets: ChangeSetPorts },
  branch: Branch,
  known: {
    stack: Stack | undefined;
    findings: readonly Finding[];
    judged: ReadonlyMap<Branch, Explained | 'all'>;
  },
): Promise<Explained | 'all'> {
  const { set, prefix, parent, template } = branch;
  if (parent !== undefined && template !== undefined) await checkNested(sets, branch);
  const { stack, findings, judged } = known;
  // of a stack that is only being made nothing can be lost or changed too much, where making it is explained itself
  if (stack === undefined) return parent === undefined || parent.change.Action === 'Add' ? 'all' : new Map();
  const before = bodyOf(await stacks.template(stack.StackId, 'Processed'));
  const after =
    template === undefined || isExpanded(template.body) || branch.nested.size > 0
      ? bodyOf(await sets.template(set.id, 'Processed'))
      : template.body;
  const merged = templateDifferences(after, before);
  if (parent === undefined) return explained(findings, after, merged);
  const around = judged.get(parent.branch);
  const explains = around === 'all' || around?.get(parent.change.LogicalResourceId) === 'all';
  const own: Finding[] = findings.flatMap(finding => within(finding, prefix));
  // a template that changed behind the same address is nobody's merge
  const moved = parent.change.Details.some(({ Target }) => Target?.Name === 'TemplateURL');
  const authorized = template !== undefined || moved ? merged : [];
  return explained([...own, ...(explains ? ofMerge(branch, stack, authorized) : [])], after, authorized);
}

function bodyOf(text: string): JsonObject {
  return readTemplate(Buffer.from(text)).body;
}

/** The findings of a nested stack as its own: what drifted in it, and how its template differs from that of Git. */
function within(finding: Finding, prefix: string): Finding[] {
  const { resource } = finding;
  if (!('type' in resource)) return [];
  if (`${resource.name}/` === prefix)
    return [{ ...finding, resource: { type: stackType, name: resource.name } }];
  if (!resource.name.startsWith(prefix)) return [];
  return [{ ...finding, resource: { ...resource, name: resource.name.slice(prefix.length) } }];
}

/** What the merge of the stack around changes of a nested one: its parameters, and its template. */
function ofMerge({ set }: Branch, stack: Stack, merged: readonly FieldChange[]): Finding[] {
  const before = new Map(
    stack.Parameters.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]),
  );
  const changes: FieldChange[] = set.parameters
    .filter(({ ParameterKey, ParameterValue }) => before.get(ParameterKey) !== ParameterValue)
    .map(({ ParameterKey }) => ({ path: `/Parameters/${ParameterKey}`, op: 'changed' }));
  const all = [...changes, ...merged];
  if (all.length === 0) return [];
  return [{ unit: '', type: 'changed', resource: { type: stackType, name: stack.StackName }, changes: all }];
}

/** Whoever may write to the bucket could have put another template there meanwhile. */
async function checkNested(sets: ChangeSetPorts, { set, prefix, template, nested }: Branch): Promise<void> {
  if (template === undefined) return;
  if (textChanges({ template, nested }, await sets.template(set.id, 'Original')).length === 0) return;
  throw new Failure(
    'HF1931',
    `the template that CloudFormation read for ${prefix.slice(0, -1)} is not the one that Git declares`,
  );
}
