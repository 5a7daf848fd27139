import type { Freeze } from '../freeze/freeze.ts';
import { isFinal, type Sync } from '../sync.ts';
import type { AuditRecord } from './audit-record.ts';

/** A verdict of the gate as the ledger keeps it, as far as the trail tells of it. */
export interface StoredVerdict {
  name: string;
  createdAt: string;
  from: string;
  revision: string;
  verdict: string;
  pulls: { number: number; approvers: string[] }[];
  reasons: string[];
}

/** One line of the audit trail: what was decided, asked for or changed, when, and on whose word. */
export interface TrailEntry {
  /** RFC 3339. */
  time: string;
  what: 'verdict' | 'sync' | 'freeze' | 'unfreeze' | 'request';
  /** How it ended: a phase, a verdict, `refused`, `done`. */
  outcome: string;
  unit?: string;
  revision?: string;
  by?: string;
  /** Numbers of the pull requests that authorize it. */
  pulls?: number[];
  approvers?: string[];
  message?: string;
  /** Name of the object that holds all of it. */
  name: string;
  /** The whole record: evidence, plan, steps and results. */
  record: unknown;
}

/** Everything that is recorded, oldest first. `name` tells entries of the same time apart. */
export function trailOf(recorded: {
  syncs: readonly Sync[];
  verdicts: readonly StoredVerdict[];
  freezes: readonly Freeze[];
  records: readonly AuditRecord[];
}): TrailEntry[] {
  const entries = [
    ...recorded.syncs.map(ofSync),
    ...recorded.verdicts.map(ofVerdict),
    ...recorded.freezes.flatMap(ofFreeze),
    ...recorded.records.map(ofRecord),
  ];
  const key = ({ time, name }: TrailEntry) => `${new Date(time).toISOString()} ${name}`;
  return entries.sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

function ofSync({ metadata, spec, status }: Sync): TrailEntry {
  const phase = status?.phase ?? 'Pending';
  const ended = status !== undefined && isFinal(phase);
  const pulls = status?.authorization?.pulls ?? [];
  return {
    time: (ended ? status.finishedAt : undefined) ?? status?.startedAt ?? metadata.creationTimestamp,
    what: 'sync',
    outcome: phase,
    unit: spec.unit,
    revision: spec.revision,
    ...(spec.requestedBy === undefined ? {} : { by: spec.requestedBy }),
    ...evidence(pulls),
    ...(status?.message === undefined ? {} : { message: status.message }),
    name: metadata.name,
    record: { spec, ...(status === undefined ? {} : { status }) },
  };
}

function ofVerdict({ name, createdAt, ...verdict }: StoredVerdict): TrailEntry {
  return {
    time: createdAt,
    what: 'verdict',
    outcome: verdict.verdict,
    revision: verdict.revision,
    ...evidence(verdict.pulls),
    ...(verdict.reasons.length === 0 ? {} : { message: verdict.reasons.join('; ') }),
    name,
    record: verdict,
  };
}

function ofFreeze({ metadata, spec }: Freeze): TrailEntry[] {
  const about = { ...(spec.units === undefined ? {} : { unit: spec.units.join(',') }), message: spec.reason };
  const frozen: TrailEntry = {
    time: metadata.creationTimestamp,
    what: 'freeze',
    outcome: spec.until === undefined ? 'until it is lifted' : `until ${spec.until}`,
    by: spec.by,
    ...about,
    name: metadata.name,
    record: spec,
  };
  if (spec.lifted === undefined) return [frozen];
  const { at: time, by } = spec.lifted;
  return [frozen, { ...frozen, time, what: 'unfreeze', outcome: 'lifted', by }];
}

function ofRecord({ metadata, spec }: AuditRecord): TrailEntry {
  const { unit, revision, by, reason, action } = spec;
  return {
    time: metadata.creationTimestamp,
    what: 'request',
    outcome: spec.outcome,
    ...(unit === undefined ? {} : { unit }),
    ...(revision === undefined ? {} : { revision }),
    by,
    message: `${action}: ${reason}`,
    name: metadata.name,
    record: spec,
  };
}

function evidence(pulls: readonly { number: number; approvers: string[] }[]) {
  if (pulls.length === 0) return {};
  return {
    pulls: pulls.map(({ number }) => number),
    approvers: [...new Set(pulls.flatMap(({ approvers }) => approvers))],
  };
}
