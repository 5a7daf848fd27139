import { isNotFound, isUnsupported, oneLine } from '../../../aws/failures.ts';
import type { StackResource } from '../../../aws/stacks.ts';
import { Limit } from '../../../concurrency/limit.ts';
import { Failure, toFailure } from '../../../failure/failure.ts';
import type { Finding, NamedRef } from '../../../findings/finding.ts';
import type { JsonObject } from '../../../json/json.ts';
import { unknownShape } from '../live/shape.ts';
import { identifierOf, type ResourceType } from '../live/types.ts';
import type { Place } from '../live/words.ts';
import { type EvaluatedResource, evaluateTemplate, hasUnresolved } from '../template/evaluate.ts';
import { type Detected, detectable, detectDrift } from './detection.ts';
import { add, type Level, type LevelResult, noResult, type StackPorts } from './level.ts';
import { judgeResource } from './resource.ts';

/** What was asked of AWS about one resource. */
interface Looked {
  resource: StackResource;
  type: ResourceType | undefined;
  model: JsonObject | undefined;
  state: 'read' | 'gone' | 'unreadable' | 'failed';
  failure?: Failure;
}

/**
 * Compares the resources of one stack with its template: by drift detection and by their live models. A resource counts as
 * compared when one of the two said something of it; one of which neither could, though it should, is unknown.
 */
export async function compareResources(
  ports: StackPorts,
  level: Level,
  signal?: AbortSignal,
): Promise<LevelResult> {
  const result = noResult();
  const resources = await ports.stacks.resources(level.stack.StackId);
  const [detected, looked] = await Promise.all([
    detect(ports, level, result, signal),
    lookAtAll(ports, level, resources),
  ]);
  const byId = new Map(looked.map(each => [each.resource.LogicalResourceId, each]));
  const place = placeOf(level);
  const declared = evaluateTemplate(level.body, {
    ...place,
    stackName: level.stack.StackName,
    stackId: level.stack.StackId,
    parameters: level.parameters,
    references: new Map(
      resources.flatMap(({ LogicalResourceId, PhysicalResourceId }) =>
        PhysicalResourceId === undefined ? [] : [[LogicalResourceId, PhysicalResourceId] as const],
      ),
    ),
    attribute: (id, attribute) => byId.get(id)?.model?.[attribute],
  });
  for (const one of declared) {
    const looked = byId.get(one.logicalId);
    const judgement = judged(level, one, looked, detected, place);
    const id = looked?.resource.PhysicalResourceId;
    for (const finding of judgement.findings) if (id !== undefined) judgement.physicalIds.set(finding, id);
    add(result, judgement);
  }
  result.nested = resources.filter(({ ResourceType: type }) => type === 'AWS::CloudFormation::Stack');
  return result;
}

function placeOf({ stack }: Level): Place & { account: string; region: string } {
  const [, partition = 'aws', , region = '', account = ''] = stack.StackId.split(':');
  return {
    account,
    region,
    partition,
    stackName: stack.StackName,
    stackTags: Object.fromEntries(stack.Tags.map(({ Key, Value }) => [Key, Value])),
  };
}

async function detect(
  ports: StackPorts,
  level: Level,
  result: LevelResult,
  signal?: AbortSignal,
): Promise<Detected> {
  const { stack, unit } = level;
  if (!detectable.has(stack.StackStatus))
    return {
      rows: new Map(),
      failed: { reason: `not possible in the state ${stack.StackStatus}`, resources: new Map() },
    };
  try {
    return await detectDrift(ports.stacks, stack.StackId, ports.patience, signal);
  } catch (error) {
    if (signal?.aborted === true) throw error;
    const failure = toFailure(error, 'HF1922');
    result.exempt.push({
      resource: { type: 'Unit', name: unit },
      rule: `drift detection of ${level.prefix || 'the stack'}: ${failure.message}`,
    });
    return { rows: new Map(), failed: { reason: failure.message, resources: new Map() } };
  }
}

async function lookAtAll(
  ports: StackPorts,
  level: Level,
  resources: readonly StackResource[],
): Promise<Looked[]> {
  const limit = new Limit(ports.inFlight);
  return Promise.all(resources.map(resource => limit.run(() => lookAt(ports, level, resource))));
}

async function lookAt({ types, models }: StackPorts, level: Level, resource: StackResource): Promise<Looked> {
  const { ResourceType: name, PhysicalResourceId: physicalId, ResourceStatus } = resource;
  const looked: Looked = { resource, type: undefined, model: undefined, state: 'unreadable' };
  if (physicalId === undefined || /^DELETE_COMPLETE$/.test(ResourceStatus))
    return { ...looked, state: 'gone' };
  try {
    const type = await types.of(name);
    const readable = type.readable && name !== 'AWS::CloudFormation::Stack';
    const identifier = readable
      ? identifierOf(type, physicalId, literals(level, resource), value => !hasUnresolved(value))
      : undefined;
    if (identifier === undefined) return { ...looked, type };
    const model = await models.model(name, identifier);
    return { ...looked, type, model, state: model === undefined ? 'gone' : 'read' };
  } catch (error) {
    if (isUnsupported(error)) return looked;
    if (isNotFound(error)) return { ...looked, state: 'gone' };
    return { ...looked, state: 'failed', failure: toFailure(error, 'HF1923') };
  }
}

/** The properties of a resource that are written as plain values, for telling what identifies it. */
function literals({ body }: Level, { LogicalResourceId }: StackResource): JsonObject {
  const resources = body['Resources'] as JsonObject | undefined;
  const resource = resources?.[LogicalResourceId] as JsonObject | undefined;
  const properties = (resource?.['Properties'] ?? {}) as JsonObject;
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => typeof value !== 'object'));
}

function judged(
  level: Level,
  declared: EvaluatedResource,
  looked: Looked | undefined,
  detected: Detected,
  place: Place,
): LevelResult {
  const result = noResult();
  result.coverage.resources = 1;
  const ref: NamedRef = { type: declared.type, name: `${level.prefix}${declared.logicalId}` };
  const base = { unit: level.unit, resource: ref, source: level.sourceOf(['Resources', declared.logicalId]) };
  const maker = level.madeBy?.(declared.logicalId);
  const made = maker === undefined ? '' : `; it is ${oneLine(maker, 200)}`;
  const row = detected.rows.get(declared.logicalId);
  const status = row?.StackResourceDriftStatus;
  const conclusive = status === 'IN_SYNC' || status === 'MODIFIED' || status === 'DELETED';
  if (conclusive) result.coverage.detected = 1;
  if (looked?.state === 'read') result.coverage.read = 1;
  // what is not in the stack is told of the stack, as a part of its template
  if (looked === undefined) return result;
  if (status === 'DELETED' || (isGone(looked) && status !== 'IN_SYNC')) {
    const how = status === 'DELETED' ? 'drift detection' : 'the live model';
    result.findings.push({
      ...base,
      type: 'missing',
      message: `it is in the stack and was deleted outside of it (${how})${made}`,
    });
    return result;
  }
  if (!conclusive && looked.state !== 'read') {
    undecided(level, base, looked, detected, result);
    return result;
  }
  if (looked.type === undefined && looked.state !== 'read' && status === 'IN_SYNC') {
    result.inSync = 1;
    return result;
  }
  const type = looked.type ?? {
    shape: unknownShape(declared.type),
    identifiers: [],
    readable: false,
    taggable: true,
  };
  const { changes, exempt, by } = judgeResource({
    ref,
    type,
    place,
    declared,
    row,
    live: looked.model,
    physicalId: looked.resource.PhysicalResourceId ?? '',
    secrets: level.secrets,
  });
  result.exempt.push(...exempt);
  if (changes.length === 0) {
    result.inSync = 1;
    return result;
  }
  const differs = changes.some(({ op }) => op !== 'added');
  const first = changes.find(({ op }) => op !== 'added') ?? changes[0];
  const path = (first?.path ?? '').split('/').slice(1);
  result.findings.push({
    ...base,
    type: differs ? 'changed' : 'undeclared',
    source: level.sourceOf(['Resources', declared.logicalId, 'Properties', ...path]),
    changes,
    message: `found by ${[...by].sort().join(' and ')}${made}`,
  });
  return result;
}

/** AWS knows nothing under the id that the stack has; for types with several ids that may be the fault of the id. */
function isGone({ state, type }: Looked): boolean {
  return state === 'gone' && (type === undefined || type.identifiers.length < 2);
}

type Base = Pick<Finding, 'unit' | 'resource' | 'source'>;

/** Neither way said anything: a type that has none is counted, all else is unknown. */
function undecided(level: Level, base: Base, looked: Looked, detected: Detected, result: LevelResult): void {
  const id = looked.resource.LogicalResourceId;
  const reason =
    detected.failed?.resources.get(id) ?? detected.rows.get(id)?.DriftStatusReason?.slice(0, 300);
  const status = detected.rows.get(id)?.StackResourceDriftStatus;
  const trouble =
    looked.failure ??
    (reason === undefined && status !== 'UNKNOWN'
      ? undefined
      : new Failure('HF1922', `drift detection says ${reason ?? status}`));
  const detectionFailed = detected.failed !== undefined && looked.type?.readable !== false;
  if (trouble === undefined && !detectionFailed) {
    result.coverage.uncheckable.push(`${level.prefix}${id} (${looked.resource.ResourceType})`);
    return;
  }
  const failure =
    trouble ?? new Failure('HF1922', `drift detection failed: ${detected.failed?.reason ?? ''}`);
  const { line } = new Failure(failure.code, failure.message, {
    where: { subject: `${looked.resource.ResourceType} ${level.prefix}${id}` },
  });
  result.findings.push({ ...base, type: 'unknown', code: failure.code, origin: 'aws', message: line });
}
