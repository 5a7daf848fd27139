import { readTemplate } from '../../../src/drivers/cloudformation/template/template.ts';
import type { JsonObject } from '../../../src/json/json.ts';
import { equal, isMap } from '../../../src/json/value.ts';
import type { Action } from './cloudformation.ts';
import { AwsError, type Parameters } from './wire.ts';
import { account, defaultsOf, type FakeResource, type FakeStack, type FakeWorld } from './world.ts';

export interface FakeChangeSet {
  id: string;
  name: string;
  stack: FakeStack;
  template: string;
  parameters: Record<string, string>;
  tags: Record<string, string>;
  revertsDrift: boolean;
  creates: boolean;
  status: string;
  reason?: string;
  execution: string;
  changes: FakeChange[];
  /** Those of nested stacks, by the logical id of the stack. */
  nested: Map<string, FakeChangeSet>;
  /** It is being made for so many looks more. */
  looks: number;
}

export interface FakeChange {
  action: 'Add' | 'Modify' | 'Remove';
  logicalId: string;
  type: string;
  physicalId?: string;
  replacement: 'True' | 'False' | 'Conditional';
  properties: { path: string; before?: string; after?: string; recreates: boolean }[];
  policyAction?: string;
  /** The change set of the nested stack that this is about. */
  changeSetId?: string;
}

export type ChangeSets = Map<string, FakeChangeSet>;

/** Inline templates end here; larger ones go through S3. */
const largestInline = 51_200;

export function changeSetActions(world: FakeWorld, sets: ChangeSets): Record<string, Action> {
  const find = ({ StackName, ChangeSetName }: Parameters): FakeChangeSet => {
    const found =
      sets.get(String(ChangeSetName)) ??
      [...sets.values()].find(
        each => each.name === ChangeSetName && (each.stack.name === StackName || each.stack.id === StackName),
      );
    if (found === undefined)
      throw new AwsError('ChangeSetNotFound', `ChangeSet [${String(ChangeSetName)}] does not exist`, 404);
    return found;
  };
  return {
    CreateChangeSet: parameters => {
      const set = make(world, sets, parameters);
      sets.set(set.id, set);
      return { Id: set.id, StackId: set.stack.id };
    },
    DescribeChangeSet: parameters => {
      const set = find(parameters);
      set.looks -= 1;
      return view(set, String(parameters['IncludePropertyValues']) === 'true');
    },
    DeleteChangeSet: parameters => {
      const set = find(parameters);
      remove(sets, set);
      return {};
    },
    DeleteStack: ({ StackName }) => {
      const stack = world.find(StackName);
      if (stack.protection)
        throw new AwsError(
          'ValidationError',
          `Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`,
        );
      stack.status = 'DELETE_COMPLETE';
      return {};
    },
    ExecuteChangeSet: parameters => {
      const set = find(parameters);
      if (set.execution !== 'AVAILABLE')
        throw new AwsError(
          'InvalidChangeSetStatus',
          `ChangeSet [${set.id}] cannot be executed in its current execution status of [${set.execution}]`,
        );
      execute(world, set);
      for (const other of sets.values())
        if (other !== set && other.stack === set.stack) other.execution = 'OBSOLETE';
      set.execution = 'EXECUTE_COMPLETE';
      return {};
    },
  };
}

function remove(sets: ChangeSets, set: FakeChangeSet): void {
  sets.delete(set.id);
  for (const inner of set.nested.values()) remove(sets, inner);
}

function make(world: FakeWorld, sets: ChangeSets, given: Parameters): FakeChangeSet {
  const name = String(given['ChangeSetName']);
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name))
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${name}' at 'changeSetName' failed to satisfy constraint`,
    );
  const creates = given['ChangeSetType'] === 'CREATE';
  const stack = creates ? emptyStack(world, String(given['StackName'])) : world.find(given['StackName']);
  if (!creates && !/_COMPLETE$/.test(stack.status))
    throw new AwsError(
      'ValidationError',
      `Stack:${stack.id} is in ${stack.status} state and can not be updated.`,
    );
  if ([...sets.values()].some(each => each.name === name && each.stack === stack))
    throw new AwsError(
      'AlreadyExistsException',
      `ChangeSet ${name} cannot be created due to a mismatch with existing attribute Name`,
    );
  const template = templateOf(world, stack, given);
  if (given['TemplateURL'] === undefined && Buffer.byteLength(template) > largestInline)
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${largestInline}`,
    );
  const revertsDrift = given['DeploymentMode'] === 'REVERT_DRIFT';
  if (revertsDrift && String(given['IncludeNestedStacks']) === 'true')
    throw new AwsError(
      'ValidationError',
      'DeploymentMode REVERT_DRIFT cannot be used together with IncludeNestedStacks',
    );
  const { body, problems } = readTemplate(Buffer.from(template));
  const wrong = problems.find(({ remark }) => remark !== true);
  if (wrong !== undefined) throw new AwsError('ValidationError', `Template format error: ${wrong.message}`);
  checkCapabilities(body, given);
  const parameters = { ...defaultsOf(template), ...parametersOf(given['Parameters'], stack) };
  const tags = tagsOf(given['Tags']) ?? stack.tags;
  const changes = changesOf(world, stack, template, parameters, revertsDrift);
  const nested =
    String(given['IncludeNestedStacks']) === 'true'
      ? nestedSets(world, sets, { stack, template, parameters, changes, name })
      : new Map<string, FakeChangeSet>();
  const same = changes.length === 0 && equal(tags, stack.tags) && !creates;
  const none = same
    ? {
        status: 'FAILED',
        execution: 'UNAVAILABLE',
        reason:
          "The submitted information didn't contain changes. Submit different information to create a change set.",
      }
    : { status: 'CREATE_COMPLETE', execution: 'AVAILABLE' };
  const id = `arn:aws:cloudformation:${world.region}:${account}:changeSet/${name}/${sets.size + 1}`;
  return {
    id,
    name,
    stack,
    template,
    parameters,
    tags,
    revertsDrift,
    creates,
    changes,
    nested,
    looks: 1,
    ...none,
  };
}

function templateOf(world: FakeWorld, stack: FakeStack, given: Parameters): string {
  if (String(given['UsePreviousTemplate']) === 'true') return stack.template;
  return given['TemplateURL'] === undefined
    ? String(given['TemplateBody'])
    : world.templateAt(given['TemplateURL']);
}

/**
 * A change set for each nested stack that the template declares. The change of the stack itself names it; one in which nothing changes is
 * there all the same, and has failed.
 */
function nestedSets(
  world: FakeWorld,
  sets: ChangeSets,
  of: Pick<FakeChangeSet, 'stack' | 'template' | 'parameters' | 'changes' | 'name'>,
): Map<string, FakeChangeSet> {
  const found = new Map<string, FakeChangeSet>();
  for (const { logicalId, type, properties } of world.desired(of.stack, of.template, of.parameters)) {
    if (type !== 'AWS::CloudFormation::Stack') continue;
    const physicalId = of.stack.resources.find(each => each.logicalId === logicalId)?.physicalId;
    const existing = physicalId === undefined ? undefined : world.stacks.get(physicalId);
    const stack = existing ?? emptyStack(world, `${of.stack.name}-${logicalId}`);
    const template = world.templateAt(properties['TemplateURL']);
    const parameters = {
      ...defaultsOf(template),
      ...((properties['Parameters'] ?? {}) as Record<string, string>),
    };
    const changes = changesOf(world, stack, template, parameters, false);
    const name = `${of.name}-${logicalId}`;
    const id = `arn:aws:cloudformation:${world.region}:${account}:changeSet/${name}/${sets.size + 1}n`;
    const set: FakeChangeSet = {
      ...{ id, name, stack, template, parameters, changes, tags: stack.tags, revertsDrift: false },
      ...{ creates: existing === undefined, looks: 0, status: 'CREATE_COMPLETE', execution: 'UNAVAILABLE' },
      nested: nestedSets(world, sets, { stack, template, parameters, changes, name }),
    };
    sets.set(id, set);
    found.set(logicalId, set);
    const own = of.changes.find(each => each.logicalId === logicalId);
    if (own !== undefined) own.changeSetId = id;
    else if (changes.length > 0)
      of.changes.push({
        ...{ action: 'Modify', logicalId, type, replacement: 'False', properties: [], changeSetId: id },
        ...(physicalId === undefined ? {} : { physicalId }),
      });
  }
  return found;
}

function emptyStack(world: FakeWorld, name: string): FakeStack {
  if (
    [...world.stacks.values()].some(
      each => each.name === name && each.status !== 'DELETE_COMPLETE' && each.status !== 'REVIEW_IN_PROGRESS',
    )
  )
    throw new AwsError(
      'ValidationError',
      `Stack [${name}] already exists and cannot be created again with the changeSet`,
    );
  const waiting = [...world.stacks.values()].find(
    each => each.name === name && each.status === 'REVIEW_IN_PROGRESS',
  );
  const stack = waiting ?? world.create(name, '{"Resources":{}}');
  stack.status = 'REVIEW_IN_PROGRESS';
  return stack;
}

function checkCapabilities(body: JsonObject, given: Parameters): void {
  const held = (given['Capabilities'] ?? []) as string[];
  const types = Object.values((body['Resources'] ?? {}) as JsonObject).map(each =>
    isMap(each) ? String(each['Type']) : '',
  );
  if (
    types.some(type => /^AWS::IAM::/.test(type)) &&
    !held.some(each => /^CAPABILITY_(?:NAMED_)?IAM$/.test(each))
  )
    throw new AwsError('InsufficientCapabilitiesException', 'Requires capabilities : [CAPABILITY_IAM]');
}

function parametersOf(value: unknown, stack: FakeStack): Record<string, string> {
  const found: Record<string, string> = {};
  for (const each of (value ?? []) as Record<string, string>[]) {
    const key = each['ParameterKey'] ?? '';
    const previous = String(each['UsePreviousValue']) === 'true';
    const given = previous ? stack.parameters[key] : each['ParameterValue'];
    if (given !== undefined) found[key] = given;
  }
  return found;
}

function tagsOf(value: unknown): Record<string, string> | undefined {
  if (!Array.isArray(value)) return undefined;
  return Object.fromEntries(
    (value as Record<string, string>[]).map(({ Key, Value }) => [Key ?? '', Value ?? '']),
  );
}

/** What an update would do: the template against what was deployed, or, when drift is to be reverted, against what lives. */
function changesOf(
  world: FakeWorld,
  stack: FakeStack,
  template: string,
  parameters: Record<string, string>,
  revertsDrift: boolean,
): FakeChange[] {
  const desired = world.desired(stack, template, parameters);
  const before = new Map(stack.resources.map(each => [each.logicalId, each]));
  const changes: FakeChange[] = [];
  for (const { logicalId, type, properties } of desired) {
    const resource = before.get(logicalId);
    const present = revertsDrift ? resource?.live : resource?.deployed;
    if (resource === undefined || present === undefined) {
      changes.push({ action: 'Add', logicalId, type, replacement: 'False', properties: [] });
      continue;
    }
    const changed = changedProperties(world, type, present, properties, revertsDrift);
    const phantom = revertsDrift && world.trouble.phantom === logicalId;
    if (phantom) changed.push({ path: '/ResourceId', before: 'a', after: 'b', recreates: true });
    if (changed.length === 0) continue;
    const recreates = changed.some(each => each.recreates);
    changes.push({
      action: 'Modify',
      logicalId,
      type,
      physicalId: resource.physicalId,
      replacement: recreates ? 'True' : 'False',
      properties: changed,
      ...(recreates ? { policyAction: 'ReplaceAndDelete' } : {}),
    });
  }
  for (const resource of stack.resources) {
    if (desired.some(({ logicalId }) => logicalId === resource.logicalId)) continue;
    const { logicalId, type, physicalId } = resource;
    changes.push({
      action: 'Remove',
      logicalId,
      type,
      physicalId,
      replacement: 'False',
      properties: [],
      policyAction: 'Delete',
    });
  }
  return changes;
}

function changedProperties(
  world: FakeWorld,
  type: string,
  present: JsonObject,
  wanted: JsonObject,
  live: boolean,
): FakeChange['properties'] {
  const createOnly = world.typeOf(type)?.schema['createOnlyProperties'];
  const fixed = Array.isArray(createOnly) ? createOnly.map(String) : [];
  const keys = live ? Object.keys(wanted) : [...new Set([...Object.keys(present), ...Object.keys(wanted)])];
  return keys
    .filter(key => !equal(present[key], wanted[key]))
    .map(key => ({
      path: `/${key}`,
      ...(present[key] === undefined ? {} : { before: JSON.stringify(present[key]) }),
      ...(wanted[key] === undefined ? {} : { after: JSON.stringify(wanted[key]) }),
      recreates: fixed.includes(`/properties/${key}`),
    }));
}

function view(set: FakeChangeSet, withValues: boolean): Parameters {
  const base = {
    ChangeSetId: set.id,
    ChangeSetName: set.name,
    StackId: set.stack.id,
    StackName: set.stack.name,
    Parameters: Object.entries(set.parameters).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
  };
  if (set.looks >= 0) return { ...base, Status: 'CREATE_IN_PROGRESS', ExecutionStatus: 'UNAVAILABLE' };
  return {
    ...base,
    Status: set.status,
    StatusReason: set.reason,
    ExecutionStatus: set.execution,
    DeploymentMode: set.revertsDrift ? 'REVERT_DRIFT' : undefined,
    Changes: set.changes.map(change => ({
      Type: 'Resource',
      ResourceChange: {
        Action: change.action,
        LogicalResourceId: change.logicalId,
        PhysicalResourceId: change.physicalId,
        ResourceType: change.type,
        Replacement: change.action === 'Modify' ? change.replacement : undefined,
        PolicyAction: change.policyAction,
        ChangeSetId: change.changeSetId,
        Scope: change.action === 'Modify' ? ['Properties'] : [],
        Details: change.properties.map(({ path, before, after, recreates }) => ({
          Target: {
            Attribute: 'Properties',
            Name: path.split('/')[1],
            Path: path,
            RequiresRecreation: recreates ? 'Always' : 'Never',
            ...(withValues ? { BeforeValue: before, AfterValue: after } : {}),
          },
          Evaluation: 'Static',
          ChangeSource: 'DirectModification',
        })),
      },
    })),
  };
}

/** Queues what an execution goes through: one step for each time that somebody looks at the stack. */
function execute(world: FakeWorld, set: FakeChangeSet): void {
  const { stack } = set;
  const verb = set.creates ? 'CREATE' : 'UPDATE';
  stack.status = `${verb}_IN_PROGRESS`;
  world.event(stack, self(stack), stack.status);
  const done: (() => void)[] = [];
  const step = (run: () => void) => stack.steps.push(run);
  for (const change of set.changes) {
    step(() => {
      if (/ROLLBACK/.test(stack.status)) return;
      const failing = world.trouble.failing?.get(change.logicalId) ?? deniedByPolicy(stack, change);
      if (failing === undefined) {
        done.push(undo(stack, change.logicalId));
        carryOut(world, set, change);
        return;
      }
      world.event(stack, change, `${verb}_FAILED`, failing.reason);
      stack.status = set.creates ? 'ROLLBACK_IN_PROGRESS' : 'UPDATE_ROLLBACK_IN_PROGRESS';
      world.event(
        stack,
        self(stack),
        stack.status,
        `The following resource(s) failed to update: [${change.logicalId}].`,
      );
      step(() => {
        for (const back of done.reverse()) back();
        stack.status =
          failing.stuck === true
            ? 'UPDATE_ROLLBACK_FAILED'
            : set.creates
              ? 'ROLLBACK_COMPLETE'
              : 'UPDATE_ROLLBACK_COMPLETE';
        world.event(stack, self(stack), stack.status);
      });
    });
  }
  step(() => {
    if (/ROLLBACK/.test(stack.status)) return;
    Object.assign(stack, {
      status: `${verb}_COMPLETE`,
      template: set.template,
      processed: world.processed(set.template, set.parameters),
      parameters: set.parameters,
      tags: set.tags,
      updated: world.now(),
    });
    world.event(stack, self(stack), stack.status);
  });
}

function self(stack: FakeStack): { logicalId: string; type: string } {
  return { logicalId: stack.name, type: 'AWS::CloudFormation::Stack' };
}

function undo(stack: FakeStack, logicalId: string): () => void {
  const before = stack.resources.find(each => each.logicalId === logicalId);
  const copy = before === undefined ? undefined : structuredClone(before);
  return () => {
    stack.resources = stack.resources.filter(each => each.logicalId !== logicalId);
    if (copy !== undefined) stack.resources.push(copy);
  };
}

function carryOut(world: FakeWorld, set: FakeChangeSet, change: FakeChange): void {
  const { stack } = set;
  const wanted = world
    .desired(stack, set.template, set.parameters)
    .find(each => each.logicalId === change.logicalId);
  const at = stack.resources.findIndex(each => each.logicalId === change.logicalId);
  if (wanted === undefined) {
    stack.resources.splice(at, 1);
    world.event(stack, change, 'DELETE_COMPLETE');
    return;
  }
  const before = stack.resources[at];
  const properties = wanted.properties;
  const resource: FakeResource = {
    logicalId: change.logicalId,
    type: change.type,
    physicalId:
      change.replacement === 'True' || before === undefined
        ? `${stack.name}-${change.logicalId}-NEW0000000AB`
        : before.physicalId,
    status: before === undefined ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE',
    deployed: properties,
    live: { ...(change.replacement === 'True' ? {} : before?.live), ...properties },
  };
  const inner = set.nested.get(change.logicalId);
  if (inner !== undefined) {
    for (const each of inner.changes) carryOut(world, inner, each);
    const { template, parameters } = inner;
    const processed = world.processed(template, parameters);
    Object.assign(inner.stack, { template, processed, parameters, status: 'UPDATE_COMPLETE' });
    resource.physicalId = inner.stack.id;
  }
  if (before === undefined) stack.resources.push(resource);
  else stack.resources[at] = resource;
  world.event(stack, change, resource.status);
}

/** A stack policy denies updates of single resources, and so the whole update fails. */
function deniedByPolicy(
  stack: FakeStack,
  change: FakeChange,
): { reason: string; stuck?: boolean } | undefined {
  if (stack.policy === undefined) return undefined;
  const statements = (
    JSON.parse(stack.policy) as { Statement: { Effect: string; Resource: string | string[] }[] }
  ).Statement;
  const denied = statements.some(
    ({ Effect, Resource }) =>
      Effect === 'Deny' &&
      [Resource].flat().some(each => each === '*' || each === `LogicalResourceId/${change.logicalId}`),
  );
  return denied
    ? { reason: 'Action denied by stack policy: Statement [#1] does not allow [Update:*] for resource' }
    : undefined;
}
