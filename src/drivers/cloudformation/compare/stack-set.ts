import { oneLine } from '../../../aws/failures.ts';
import type { StackInstance, Stacks } from '../../../aws/stacks.ts';
import type { FieldChange, Finding, Note } from '../../../findings/finding.ts';
import type { DeclaredStack } from '../declared/stack.ts';
import { sourceOfStack, stackChanges } from './stack-text.ts';

/**
 * Compares a StackSet with Git: its template, parameters and tags, and what CloudFormation says of each of its stacks: whether it has what the
 * StackSet has, and whether the last drift detection found something. No detection is started, since there is one at a time for all.
 */
export async function compareStackSet(stacks: Stacks, declared: DeclaredStack, name: string) {
  const set = await stacks.stackSet(name);
  const resource = { type: 'AWS::CloudFormation::StackSet', name };
  const base = { unit: declared.unit, resource };
  if (set === undefined) {
    const source = sourceOfStack(declared, ['Template']);
    const message = `there is no StackSet ${name} in ${declared.region}`;
    const findings: Finding[] = [{ ...base, type: 'missing', source, message }];
    return { findings, exempt: [], notes: [], declared: 1, inSync: 0 };
  }
  const changes = stackChanges(declared, set, set.TemplateBody);
  const instances = await stacks.stackInstances(name);
  const own: Finding[] =
    changes.length === 0
      ? []
      : [
          {
            ...base,
            type: changes.some(({ op }) => op !== 'added') ? 'changed' : 'undeclared',
            source: sourceOfStack(declared, changes[0]?.path.split('/').slice(1) ?? []),
            changes,
            message: 'found by comparing the StackSet’s template, parameters and tags with Git',
          },
        ];
  const of = instances.flatMap(instance => instanceFinding(declared, name, instance));
  return {
    findings: [...own, ...of],
    exempt: [],
    notes: [coverage(declared.unit, name, instances)],
    declared: instances.length + 1,
    inSync: instances.length + 1 - own.length - of.length,
  };
}

function instanceFinding(declared: DeclaredStack, name: string, instance: StackInstance): Finding[] {
  const { Account, Region, Status, StatusReason, DriftStatus } = instance;
  const changes: FieldChange[] = [];
  if (Status !== 'CURRENT')
    changes.push({ path: '/Status', op: 'changed', declared: 'CURRENT', live: Status });
  if (DriftStatus === 'DRIFTED')
    changes.push({ path: '/DriftStatus', op: 'changed', declared: 'IN_SYNC', live: DriftStatus });
  if (changes.length === 0) return [];
  return [
    {
      unit: declared.unit,
      type: 'changed',
      resource: { type: 'AWS::CloudFormation::StackInstance', name: `${name}/${Account}/${Region}` },
      source: sourceOfStack(declared, ['Template']),
      changes,
      message: `what CloudFormation says of this stack of the StackSet${StatusReason === undefined ? '' : `: ${oneLine(StatusReason, 300)}`}`,
    },
  ];
}

function coverage(unit: string, name: string, instances: readonly StackInstance[]): Note {
  const checked = instances.filter(
    ({ DriftStatus }) => DriftStatus === 'IN_SYNC' || DriftStatus === 'DRIFTED',
  );
  const last = checked.flatMap(({ LastDriftCheckTimestamp: at }) => at?.toISOString() ?? []).sort()[0];
  const when = last === undefined ? '' : `, the earliest at ${last}`;
  return {
    unit,
    resource: { type: 'Unit', name: unit },
    message: `drift detection has looked at ${checked.length} of the ${instances.length} stacks of the StackSet ${name}${when}; none is started for it`,
  };
}
