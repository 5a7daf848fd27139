import type { Target } from '../../../../src/cluster/cluster.ts';
import {
  type FieldChange,
  type Finding,
  isObjectRef,
  resourceTitle,
} from '../../../../src/findings/finding.ts';
import type { JsonObject } from '../../../../src/json/json.ts';
import { isMap, valueAt } from '../../../../src/json/value.ts';
import { isExplained } from './changed-paths.ts';
import { hand } from './hand.ts';
import type { Mutation } from './mutation.ts';

/** Whether a comparison told of a mutation, and of nothing else. */
export interface Judged {
  found: boolean;
  rightPath: boolean;
  rightManager: boolean;
  extra: string[];
  complaints: string[];
}

/**
 * `after` is live as the mutation left it: the server keeps no record of who changed an object that nobody owns a field of,
 * and then nobody must be named.
 */
export function judged(
  mutation: Mutation,
  target: Target,
  after: JsonObject,
  findings: readonly Finding[],
  changed: ReadonlySet<string>,
): Judged {
  const own = findings.filter(finding => isAbout(finding, target));
  const changes = own.flatMap(finding => finding.changes ?? []);
  const found = changes.length > 0;
  // a default that returns may leave one of the places as it was
  const expected = mutation.paths.filter(path => isExplained(path, changed));
  const told = expected.map(path => changes.find(change => change.path === path));
  const rightPath = told.every(change => change !== undefined);
  const rightManager = told.every(
    change => change === undefined || hasRightManager(change, mutation, isRecorded(after)),
  );
  const extra = [
    ...findings
      .filter(finding => !own.includes(finding) && !isConsequence(finding, target, after))
      .map(
        finding =>
          `${finding.type} ${resourceTitle(finding.resource)} ${finding.message ?? ''} ${JSON.stringify(finding.changes)}`,
      ),
    ...changes
      .filter(({ path }) => !isExplained(path, changed) && !isOfChildren(path))
      .map(({ path, op }) => `${op} ${path}`),
    ...(own.some(({ type }) => type === 'unknown') ? ['the object is unknown'] : []),
  ];
  const summary = own
    .map(({ type, message, changes: all = [] }) => `${type} ${message ?? ''} ${JSON.stringify(all)}`)
    .join(' & ')
    .slice(0, 1200);
  const complaints = [
    ...(found
      ? []
      : [
          `it is not found: ${summary || 'no finding'} (live changed at ${[...changed].slice(0, 5).join(' ')})`,
        ]),
    ...(found && !rightPath ? [`it is told at other paths: ${summary}`] : []),
    ...(rightManager ? [] : [`it is ascribed wrongly: ${summary}`]),
    ...extra.map(each => `besides: ${each.slice(0, 600)}`),
  ];
  return { found, rightPath, rightManager, extra, complaints };
}

function isAbout({ resource }: Finding, { kind, namespace, name }: Target): boolean {
  return (
    isObjectRef(resource) &&
    resource.kind === kind.kind &&
    resource.apiVersion === kind.apiVersion &&
    resource.name === name &&
    (!kind.namespaced || resource.namespace === namespace)
  );
}

/** What a workload's Pods run is told at the workload; they follow its edited template, or do not. */
function isOfChildren(path: string): boolean {
  return path.startsWith('/children/');
}

/** An edited definition may leave no room for objects of its kind: that they could not be applied is true. */
function isConsequence({ type, resource }: Finding, { kind }: Target, after: JsonObject): boolean {
  if (kind.kind !== 'CustomResourceDefinition' || !isObjectRef(resource)) return false;
  const names = valueAt(after, ['spec', 'names', 'kind']);
  return names === resource.kind && type !== 'orphaned';
}

/** What is gone, or only stands elsewhere, leaves no name; anything else is by the hand that did it. */
function hasRightManager(change: FieldChange, mutation: Mutation, recorded: boolean): boolean {
  if (change.op === 'removed' || mutation.what === 'reorder a list' || !recorded)
    return change.by === undefined;
  return change.by?.manager === hand;
}

function isRecorded({ metadata }: JsonObject): boolean {
  const entries = isMap(metadata) ? metadata['managedFields'] : undefined;
  return Array.isArray(entries) && entries.some(entry => isMap(entry) && entry['manager'] === hand);
}
