import { splitApiVersion } from '../../../../cluster/kind.ts';
import type { DeclaredObject } from '../../../../declared/declaration.ts';
import type { ObjectRef } from '../../../../findings/finding.ts';
import type { JsonObject } from '../../../../json/json.ts';
import { numberAt, objectAt, textAt } from '../json.ts';
import { type Health, progressing } from './result.ts';

/** A workload that was applied, as it was then. */
export interface AppliedWorkload {
  ref: ObjectRef;
  generation: number;
  /** By our own clock, milliseconds since 1970: how long it has been waited. */
  atMs: number;
  /** By the clock of the server, in whole seconds: what controllers say came before or after. */
  writtenAtMs: number;
}

/** Whether a declared object rolls out this workload: a Rollout by `workloadRef`, a Canary by `targetRef`. */
export function rollsOut(declared: Pick<DeclaredObject, 'ref' | 'object'>, workload: ObjectRef): boolean {
  const { group } = splitApiVersion(declared.ref.apiVersion);
  const key =
    group === 'argoproj.io' && declared.ref.kind === 'Rollout'
      ? 'workloadRef'
      : group === 'flagger.app' && declared.ref.kind === 'Canary'
        ? 'targetRef'
        : undefined;
  if (key === undefined) return false;
  const reference = objectAt(objectAt(declared.object, 'spec'), key);
  return textAt(reference, 'kind') === workload.kind && textAt(reference, 'name') === workload.name;
}

const defaultIntervalMs = 60_000;

/**
 * What a Rollout or Canary still owes after its workload was changed: its controller has to see that first. Undefined where it
 * has. A Canary looks once in its interval, and does not move at all for a change that is none of the Pods; so it is waited for
 * no longer than two intervals.
 */
export function owed(
  object: JsonObject,
  { generation, atMs, writtenAtMs }: AppliedWorkload,
  nowMs: number,
): Health | undefined {
  const status = object['status'];
  if (textAt(object, 'kind') === 'Rollout') {
    const seen = textAt(status, 'workloadObservedGeneration');
    return seen !== undefined && Number(seen) < generation
      ? progressing('its controller has not seen the last change of the workload yet')
      : undefined;
  }
  const moved = Date.parse(textAt(status, 'lastTransitionTime') ?? '');
  if (moved >= writtenAtMs) return undefined;
  return nowMs - atMs < 2 * intervalOf(object)
    ? progressing('its controller has not looked at the workload since')
    : undefined;
}

function intervalOf(canary: JsonObject): number {
  const analysis = objectAt(objectAt(canary, 'spec'), 'analysis');
  const text = textAt(analysis, 'interval') ?? '';
  const [, count, letter] = /^(\d{1,5})(s|m)$/.exec(text) ?? [];
  if (count === undefined) return numberAt(analysis, 'interval') ?? defaultIntervalMs;
  return Number(count) * (letter === 'm' ? 60_000 : 1_000);
}
