import { type Freeze, isInForce } from '../freeze/freeze.ts';
import { isFinal, phaseOf, type Sync } from '../sync.ts';
import type { AuditRecord } from './audit-record.ts';

export interface Keeping {
  /** Older records go. */
  days: number;
  /** Of each kind no more are kept. */
  count: number;
}

/**
 * The names of Syncs that may be deleted: those that are over and too old or too many. Of each unit the newest of a merge, the
 * newest that succeeded and all that go on are kept for ever: what is due is told from them.
 */
export function expiredSyncs(syncs: readonly Sync[], keeping: Keeping, now: Date): string[] {
  const newestFirst = [...syncs].sort((one, other) => (ageKey(one) < ageKey(other) ? 1 : -1));
  const kept = new Set<string>();
  for (const { spec, status, metadata } of newestFirst) {
    const marks = [
      ...(spec.reason === 'merge' ? [`merge ${spec.unit}`] : []),
      ...(status?.phase === 'Succeeded' ? [`succeeded ${spec.unit}`] : []),
    ];
    if (marks.some(mark => !kept.has(mark))) kept.add(metadata.name);
    for (const mark of marks) kept.add(mark);
  }
  const over = newestFirst.filter(sync => isFinal(phaseOf(sync)));
  return outlived(over, keeping, now).filter(name => !kept.has(name));
}

/** The names of audit records that may be deleted. */
export function expiredRecords(records: readonly AuditRecord[], keeping: Keeping, now: Date): string[] {
  return outlived(
    [...records].sort((one, other) => (ageKey(one) < ageKey(other) ? 1 : -1)),
    keeping,
    now,
  );
}

/** The names of freezes that may be deleted: none that holds. */
export function expiredFreezes(freezes: readonly Freeze[], keeping: Keeping, now: Date): string[] {
  const over = freezes.filter(freeze => !isInForce(freeze, now));
  return outlived(
    over.sort((one, other) => (ageKey(one) < ageKey(other) ? 1 : -1)),
    keeping,
    now,
  );
}

interface Aged {
  metadata: { name: string; creationTimestamp: string };
}

function outlived(newestFirst: readonly Aged[], { days, count }: Keeping, now: Date): string[] {
  const oldest = now.getTime() - days * 86_400_000;
  return newestFirst.flatMap(({ metadata }, index) =>
    index >= count || Date.parse(metadata.creationTimestamp) < oldest ? [metadata.name] : [],
  );
}

function ageKey({ metadata }: Aged): string {
  return `${metadata.creationTimestamp} ${metadata.name}`;
}
