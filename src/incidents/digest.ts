import { createHash } from 'node:crypto';
import type { FindingType } from '../findings/finding.ts';
import { countTypes, findingTypes } from '../report/words.ts';
import type { DigestSubject, DriftSubject } from './incident.ts';
import type { Draft } from './life.ts';

const mostShown = 10;

export function digestKey(unit: string): string {
  return `digest/${unit}`;
}

/** How a digest remembers a resource: 12 hex digits of the hash of its incident's key. */
export function memberOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 12);
}

/**
 * Works the findings of a comparison into the digest of the unit: those in `joining` (keys) become members, members that
 * are found no more leave it, unless the comparison was not certain. It is told anew when twice or half as many differ as
 * when it was last told, and resolved when none does.
 */
export function changeDigest(
  draft: Draft,
  seen: {
    unit: string;
    found: ReadonlyMap<string, DriftSubject>;
    joining: readonly string[];
    certain: boolean;
  },
): void {
  const key = digestKey(seen.unit);
  const subject = draft.ongoing(key)?.subject;
  const before = subject?.kind === 'digest' ? subject : undefined;
  if (before === undefined && seen.joining.length === 0) return;
  const candidates = new Set([...(before?.members ?? []), ...seen.joining.map(memberOf)]);
  const present = [...seen.found].filter(([found]) => candidates.has(memberOf(found)));
  const members = seen.certain ? present.map(([found]) => memberOf(found)) : [...candidates];
  const total = members.length;
  const toldEnough = before !== undefined && total < before.total * 2 && total > before.total / 2;
  if (total === 0) draft.resolve(key);
  else if (toldEnough) draft.observe(key, { ...before, members: members.sort() }, 'sure');
  else {
    const shown = present.map(([, found]) => found);
    draft.observe(key, digestOf(seen.unit, members, shown), 'sure');
  }
}

function digestOf(unit: string, members: string[], present: readonly DriftSubject[]): DigestSubject {
  const findings = present.map(subject => subject.finding);
  const gravest = [...findings].sort((a, b) => weight(a.type) - weight(b.type));
  return {
    kind: 'digest',
    unit,
    total: members.length,
    counts: Object.fromEntries(countTypes(findings)),
    worst: gravest.slice(0, mostShown),
    members: members.sort(),
  };
}

function weight(type: FindingType): number {
  return findingTypes.indexOf(type);
}
