import { setTimeout as sleep } from 'node:timers/promises';
import type { Parameter } from '@aws-sdk/client-cloudformation';
import type { ChangeSetPorts, DescribedChangeSet } from '../../../aws/change-sets.ts';
import { oneLine } from '../../../aws/failures.ts';
import type { Stack } from '../../../aws/stacks.ts';
import { hashText } from '../../../declared/hash.ts';
import { Failure } from '../../../failure/failure.ts';
import { parameterFacts } from '../compare/stack-text.ts';
import type { DeclaredStack } from '../declared/stack.ts';

/** CloudFormation takes so much of a template inline; more must lie in S3. */
const largestInline = 51_200;

/** Whether executing would put drift right as well, or only carry out what the merge changed. */
export type Mode = 'merge' | 'drift';

/** How often and how long a change set that is being made is looked at, in milliseconds. */
export interface Waiting {
  everyMs: number;
  mostMs: number;
}

/**
 * Makes a change set that would bring the stack to what Git declares, and reads it. A set without changes is removed and gives none.
 * Throws HF1932 for a template that is too large, and when CloudFormation cannot make the set.
 */
export async function makeChangeSet(
  sets: ChangeSetPorts,
  declared: DeclaredStack,
  { stack, mode, revision }: { stack: Stack | undefined; mode: Mode; revision: string },
  waiting: Waiting,
): Promise<DescribedChangeSet | undefined> {
  const { template, settings, deployment } = declared;
  const size = Buffer.byteLength(template.text);
  if (size > largestInline) {
    const what = `the template has ${size} bytes, and ${largestInline} can be given to CloudFormation without S3: split it into nested stacks`;
    throw new Failure('HF1932', what, { where: { file: declared.templatePath } });
  }
  const token = hashText(`${stack?.StackId ?? declared.name} ${revision} ${Date.now()}`).slice(0, 24);
  const isNew = stack === undefined || stack.StackStatus === 'REVIEW_IN_PROGRESS';
  const id = await sets.create({
    StackName: isNew ? declared.name : stack.StackId,
    ChangeSetName: `holdfast-${revision.slice(0, 12)}-${token.slice(0, 8)}`,
    ChangeSetType: isNew ? 'CREATE' : 'UPDATE',
    ClientToken: token,
    Description: `revision ${revision}`,
    TemplateBody: template.text,
    Parameters: parametersFor(declared, stack),
    Tags: Object.entries(deployment.tags).map(([Key, Value]) => ({ Key, Value })),
    ...(settings.capabilities === undefined ? {} : { Capabilities: settings.capabilities }),
    ...(settings.serviceRole === undefined ? {} : { RoleARN: settings.serviceRole }),
    // nested stacks are put right one by one: the two cannot be used together
    ...(mode === 'drift' ? { DeploymentMode: 'REVERT_DRIFT' } : { IncludeNestedStacks: false }),
  });
  return settled(sets, id, waiting);
}

async function settled(
  sets: ChangeSetPorts,
  id: string,
  { everyMs, mostMs }: Waiting,
): Promise<DescribedChangeSet | undefined> {
  const started = performance.now();
  for (;;) {
    const set = await sets.describe(id);
    if (set.status === 'CREATE_COMPLETE') return set;
    if (set.status === 'FAILED') {
      await sets.remove(id);
      if (/didn't contain changes|No updates are to be performed/.test(set.reason)) return undefined;
      throw new Failure('HF1932', `CloudFormation cannot make the change set: ${oneLine(set.reason, 300)}`);
    }
    if (performance.now() - started > mostMs) {
      await sets.remove(id);
      throw new Failure('HF1911', `a change set was not ready after ${Math.round(mostMs / 1000)} s`);
    }
    await sleep(everyMs);
  }
}

/** Values of Git; what Git does not name keeps its default or, when it is NoEcho, what the stack has. */
function parametersFor({ template, deployment }: DeclaredStack, stack: Stack | undefined): Parameter[] {
  const live = new Set(stack?.Parameters.map(({ ParameterKey }) => ParameterKey));
  return [...parameterFacts(template.body)].flatMap(([ParameterKey, { noEcho }]): Parameter[] => {
    const value = deployment.parameters[ParameterKey];
    if (value !== undefined && !(noEcho && live.has(ParameterKey)))
      return [{ ParameterKey, ParameterValue: value }];
    return noEcho && live.has(ParameterKey) ? [{ ParameterKey, UsePreviousValue: true }] : [];
  });
}
