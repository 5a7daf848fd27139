import { setTimeout as sleep } from 'node:timers/promises';
import type { Parameter } from '@aws-sdk/client-cloudformation';
import type { ChangeSetPorts, DescribedChangeSet } from '../../../aws/change-sets.ts';
import { oneLine } from '../../../aws/failures.ts';
import type { Objects } from '../../../aws/objects.ts';
import type { Stack } from '../../../aws/stacks.ts';
import { hashText } from '../../../declared/hash.ts';
import { Failure } from '../../../failure/failure.ts';
import type { JsonObject } from '../../../json/json.ts';
import { isMap } from '../../../json/value.ts';
import { parameterFacts, templateDifferences } from '../compare/stack-text.ts';
import { stackType } from '../declared/nested.ts';
import { type Packaged, packaged } from '../declared/package.ts';
import type { DeclaredStack } from '../declared/stack.ts';
import { readTemplate } from '../template/template.ts';

/** Whether executing would put drift right as well, or only carry out what the merge changed. */
export type Mode = 'merge' | 'drift';

/** How often and how long a change set that is being made is looked at, in milliseconds. */
export interface Waiting {
  everyMs: number;
  mostMs: number;
}

/**
 * Makes a change set that would bring the stack to what Git declares, and reads it. Templates that are too large or nested by their paths
 * are put into the bucket of the unit first. A set without changes is removed and gives none. Throws HF1935 for a template that cannot be
 * given, HF1932 when CloudFormation cannot make the set, and HF1931 when its template is not that of Git.
 */
export async function makeChangeSet(
  { sets, objects }: { sets: ChangeSetPorts; objects: () => Promise<Objects> },
  declared: DeclaredStack,
  { stack, mode, revision }: { stack: Stack | undefined; mode: Mode; revision: string },
  waiting: Waiting,
): Promise<DescribedChangeSet | undefined> {
  const { settings, deployment, template, templatePath, nested, region } = declared;
  const given = packaged({ path: templatePath, template, nested }, { bucket: settings.bucket, region });
  await upload(objects, declared, stack, given);
  const token = hashText(`${stack?.StackId ?? declared.name} ${revision} ${Date.now()}`).slice(0, 24);
  const isNew = stack === undefined || stack.StackStatus === 'REVIEW_IN_PROGRESS';
  const id = await sets.create({
    StackName: isNew ? declared.name : stack.StackId,
    ChangeSetName: `holdfast-${revision.slice(0, 12)}-${token.slice(0, 8)}`,
    ChangeSetType: isNew ? 'CREATE' : 'UPDATE',
    ClientToken: token,
    Description: `revision ${revision}`,
    ...(given.url === undefined ? { TemplateBody: given.text } : { TemplateURL: given.url }),
    Parameters: parametersFor(declared, stack),
    Tags: Object.entries(deployment.tags).map(([Key, Value]) => ({ Key, Value })),
    ...(settings.capabilities === undefined ? {} : { Capabilities: settings.capabilities }),
    ...(settings.serviceRole === undefined ? {} : { RoleARN: settings.serviceRole }),
    // the two cannot be used together
    ...(mode === 'drift'
      ? { DeploymentMode: 'REVERT_DRIFT' }
      : { IncludeNestedStacks: hasNested(template.body) }),
  });
  const set = await settled(sets, id, waiting);
  if (set !== undefined && given.url !== undefined) await checkTemplate(sets, set, given.text);
  return set;
}

function hasNested(body: JsonObject): boolean {
  return Object.values((body['Resources'] ?? {}) as JsonObject).some(
    resource => isMap(resource) && resource['Type'] === stackType,
  );
}

async function upload(
  objects: () => Promise<Objects>,
  { settings }: DeclaredStack,
  stack: Stack | undefined,
  { uploads }: Packaged,
): Promise<void> {
  const { bucket } = settings;
  if (uploads.length === 0 || bucket === undefined) return;
  const store = await objects();
  // else the templates could end in a bucket of that name that is somebody else's
  const owner = settings.account ?? stack?.StackId.split(':')[4] ?? settings.applyRole?.split(':')[4];
  const contents = new Map(uploads.map(({ key, text }) => [key, text]));
  for (const [key, text] of contents) await store.put({ bucket, key, text, owner });
}

/** Whoever may write to the bucket could have put another template there meanwhile. */
export async function checkTemplate(
  sets: ChangeSetPorts,
  set: DescribedChangeSet,
  text: string,
): Promise<void> {
  const [wanted, got] = [text, await sets.template(set.id, 'Original')].map(
    each => readTemplate(Buffer.from(each)).body,
  );
  if (wanted !== undefined && got !== undefined && templateDifferences(wanted, got).length === 0) return;
  await sets.remove(set.id);
  throw new Failure(
    'HF1931',
    'the template that CloudFormation read from the bucket is not the one that Git declares',
  );
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
