import type { Json, JsonObject } from '../../../src/json/json.ts';
import { isMap, leavesOf, pointerOf, valueAt } from '../../../src/json/value.ts';
import { type ChangeSets, changeSetActions } from './change-sets.ts';
import { AwsError, type Parameters } from './wire.ts';
import { type FakeResource, type FakeStack, type FakeWorld, noEchoOf } from './world.ts';

export type Action = (parameters: Parameters) => Parameters;

/** The actions of CloudFormation that the fake has. Anything else is answered as an unknown action. */
export function cloudFormation(world: FakeWorld, sets: ChangeSets): Record<string, Action> {
  const detections = new Map<string, { stack: FakeStack; looks: number; begun: Date; failed?: string }>();
  return {
    ...changeSetActions(world, sets),
    DescribeStacks: ({ StackName }) => {
      const stacks = StackName === undefined ? [...world.stacks.values()] : [world.find(StackName)];
      for (const stack of stacks) stack.steps.shift()?.();
      return { Stacks: stacks.map(stackView) };
    },
    GetTemplate: ({ StackName, ChangeSetName, TemplateStage }) => {
      const found = ChangeSetName === undefined ? world.find(StackName) : sets.get(String(ChangeSetName));
      if (found === undefined)
        throw new AwsError('ChangeSetNotFound', `ChangeSet [${String(ChangeSetName)}] does not exist`, 404);
      const { template, parameters } = found;
      const kept = 'processed' in found ? found.processed : undefined;
      return {
        TemplateBody: ascii(
          TemplateStage === 'Processed' ? (kept ?? world.processed(template, parameters)) : template,
        ),
        StagesAvailable: ['Original', 'Processed'],
      };
    },
    ListStackResources: ({ StackName, NextToken }) => {
      const { resources } = world.find(StackName);
      const page = pageOf(resources.map(resourceView), NextToken, 100);
      return { StackResourceSummaries: page.items, NextToken: page.next };
    },
    GetStackPolicy: ({ StackName }) => ({ StackPolicyBody: world.find(StackName).policy }),
    DescribeStackEvents: ({ StackName, NextToken }) => {
      const { events } = world.find(StackName);
      const page = pageOf([...events].reverse(), NextToken, 50);
      return { StackEvents: page.items, NextToken: page.next };
    },
    DescribeStackSet: ({ StackSetName }) => {
      const { template, parameters, tags } = stackSet(world, StackSetName);
      const Parameters = Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      }));
      const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      return {
        StackSet: { StackSetName, Status: 'ACTIVE', TemplateBody: ascii(template), Parameters, Tags },
      };
    },
    ListStackInstances: ({ StackSetName, NextToken }) => {
      const all = stackSet(world, StackSetName).instances.map(instance => ({
        Account: instance.account,
        Region: instance.region,
        Status: instance.status,
        StatusReason: instance.reason,
        DriftStatus: instance.drift,
      }));
      const page = pageOf(all, NextToken, 100);
      return { Summaries: page.items, NextToken: page.next };
    },
    DescribeType: ({ TypeName }) => {
      const type = world.typeOf(String(TypeName));
      if (type === undefined)
        throw new AwsError('TypeNotFoundException', `The type '${String(TypeName)}' cannot be found.`, 404);
      return { Type: 'RESOURCE', TypeName, Schema: JSON.stringify(type.schema) };
    },
    DetectStackDrift: ({ StackName }) => {
      const stack = world.find(StackName);
      if ([...detections.values()].some(each => each.stack === stack && each.looks > 0))
        throw new AwsError(
          'ValidationError',
          `Drift detection is already in progress for stack [${stack.id}]`,
        );
      if (
        ![
          'CREATE_COMPLETE',
          'UPDATE_COMPLETE',
          'UPDATE_ROLLBACK_COMPLETE',
          'UPDATE_ROLLBACK_FAILED',
        ].includes(stack.status)
      )
        throw new AwsError(
          'ValidationError',
          `Stack [${stack.id}] is in ${stack.status} state and cannot be checked for drift`,
        );
      const id = `detection-${detections.size + 1}`;
      const failed = world.trouble.detectionFails?.reason;
      detections.set(id, {
        stack,
        looks: 1,
        begun: world.now(),
        ...(failed === undefined ? {} : { failed }),
      });
      return { StackDriftDetectionId: id };
    },
    DescribeStackDriftDetectionStatus: ({ StackDriftDetectionId }) => {
      const found = detections.get(String(StackDriftDetectionId));
      if (found === undefined) throw new AwsError('ValidationError', 'No drift detection with this id');
      found.looks -= 1;
      const running = found.looks >= 0;
      const status = running
        ? 'DETECTION_IN_PROGRESS'
        : found.failed === undefined
          ? 'DETECTION_COMPLETE'
          : 'DETECTION_FAILED';
      return {
        StackId: found.stack.id,
        StackDriftDetectionId,
        DetectionStatus: status,
        DetectionStatusReason: running ? undefined : found.failed,
        StackDriftStatus: running ? undefined : 'IN_SYNC',
        Timestamp: found.begun,
      };
    },
    DescribeStackResourceDrifts: ({ StackName, NextToken, MaxResults }) => {
      const most = MaxResults === undefined ? 100 : Number(MaxResults);
      if (most < 1 || most > 100)
        throw new AwsError('ValidationError', 'MaxResults must be between 1 and 100');
      const stack = world.find(StackName);
      const page = pageOf(
        stack.resources.flatMap(resource => driftRow(world, stack, resource)),
        NextToken,
        most,
      );
      return { StackResourceDrifts: page.items, NextToken: page.next };
    },
  };
}

function stackSet(world: FakeWorld, name: unknown) {
  const found = world.stackSets.get(String(name));
  if (found === undefined)
    throw new AwsError('StackSetNotFoundException', `StackSet ${String(name)} not found`, 404);
  return found;
}

function pageOf<T>(
  items: readonly T[],
  token: unknown,
  size: number,
): { items: T[]; next: string | undefined } {
  const from = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(from)) throw new AwsError('ValidationError', 'NextToken is not valid');
  return {
    items: items.slice(from, from + size),
    next: from + size < items.length ? String(from + size) : undefined,
  };
}

function stackView(stack: FakeStack): Parameters {
  const hidden = noEchoOf(stack.template);
  return {
    StackId: stack.id,
    StackName: stack.name,
    StackStatus: stack.status,
    CreationTime: stack.created,
    LastUpdatedTime: stack.updated,
    EnableTerminationProtection: stack.protection,
    RoleARN: stack.roleArn,
    Parameters: Object.entries(stack.parameters).map(([ParameterKey, value]) => ({
      ParameterKey,
      ParameterValue: hidden.has(ParameterKey) ? '****' : value,
    })),
    Tags: Object.entries(stack.tags).map(([Key, Value]) => ({ Key, Value })),
  };
}

function resourceView({ logicalId, type, physicalId, status }: FakeResource): Parameters {
  return {
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    ResourceStatus: status,
    LastUpdatedTimestamp: new Date(0),
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}

/** GetTemplate gives back a question mark for what is not ASCII. */
function ascii(text: string): string {
  return text.replace(/[^\0-\u007f]/gu, '?');
}

/** The row of drift detection: only what is explicit in the template is compared, and as it stands. */
function driftRow(world: FakeWorld, stack: FakeStack, resource: FakeResource): Parameters[] {
  const { detectionFails, missingRows, unknownRows, falseRows } = world.trouble;
  const type = world.typeOf(resource.type);
  if (type?.detects !== true || missingRows?.has(resource.logicalId) === true) return [];
  const without = detectionFails?.without.includes(resource.logicalId) === true;
  if (without && detectionFails?.stale !== true) return [];
  const base = {
    StackId: stack.id,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    Timestamp: world.now(),
  };
  if (without) return [{ ...base, StackResourceDriftStatus: 'IN_SYNC', Timestamp: new Date(0) }];
  if (unknownRows?.has(resource.logicalId) === true)
    return [{ ...base, StackResourceDriftStatus: 'UNKNOWN' }];
  if (resource.live === undefined) return [{ ...base, StackResourceDriftStatus: 'DELETED' }];
  const differences = [
    ...differencesOf(resource.deployed, resource.live),
    ...(falseRows?.get(resource.logicalId) ?? []).map(({ path, expected, actual, type: DifferenceType }) => ({
      PropertyPath: path,
      ExpectedValue: expected,
      ActualValue: actual,
      DifferenceType,
    })),
  ];
  return [
    {
      ...base,
      StackResourceDriftStatus: differences.length === 0 ? 'IN_SYNC' : 'MODIFIED',
      ExpectedProperties: JSON.stringify(resource.deployed),
      ActualProperties: JSON.stringify(resource.live),
      PropertyDifferences: differences,
    },
  ];
}

function differencesOf(deployed: JsonObject, live: JsonObject): Parameters[] {
  return leavesOf(deployed).flatMap(({ path, value }): Parameters[] => {
    const found = valueAt(live, path);
    if (JSON.stringify(found) === JSON.stringify(value) || (isMap(value) && isMap(found))) return [];
    return [
      {
        PropertyPath: pointerOf(path),
        ExpectedValue: textOf(value),
        ActualValue: found === undefined ? 'null' : textOf(found),
        DifferenceType: found === undefined ? 'REMOVE' : 'NOT_EQUAL',
      },
    ];
  });
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
