import { createHash } from 'node:crypto';
import type { Finding, FindingType } from '../findings/finding.ts';
import { countTypes, findingTypes } from '../report/words.ts';
import type { DigestSubject, DriftSubject, Incident } from './incident.ts';
import type { Draft, LifeRules } from './life.ts';

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
 * are found no more leave it, unless the comparison was not certain. It is told anew at once when twice or half as many differ
 * as when it was last told, else after a while, and resolved when none does.
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
  const present = new Map([...seen.found].map(([found, one]) => [memberOf(found), one]));
  const members = [...candidates].filter(member => present.has(member) || !seen.certain).sort();
  if (members.length === 0) {
    draft.resolve(key);
    return;
  }
  const belongs = new Set(members);
  const now = summed([...present].flatMap(([member, one]) => (belongs.has(member) ? [one.finding] : [])));
  const total = members.length;
  const enough = before !== undefined && total < before.total * 2 && total > before.total / 2;
  if (!enough) draft.observe(key, { kind: 'digest', unit: seen.unit, total, ...now, members }, 'sure');
  else {
    const { latest: _, ...told } = before;
    const same = total === told.total && JSON.stringify(now.counts) === JSON.stringify(told.counts);
    draft.observe(key, { ...told, members, ...(same || !seen.certain ? {} : { latest: now }) }, 'sure');
  }
}

/** When a digest is to be told as it is now, though it changed by less than half. */
export function digestDue({ state, subject, updatedAt }: Incident, rules: LifeRules): number[] {
  const behind = subject.kind === 'digest' && subject.latest !== undefined && state !== 'resolved';
  return behind ? [Date.parse(updatedAt) + rules.digestSettlesMs] : [];
}

/** Tells a digest as it is now, where that is due. */
export function settleDigest(draft: Draft, incident: Incident): void {
  const { key, subject } = incident;
  const due = digestDue(incident, draft.rules)[0];
  if (due === undefined || due > Date.parse(draft.now) || subject.kind !== 'digest') return;
  const { latest, ...told } = subject;
  draft.observe(key, { ...told, ...latest, total: told.members.length }, 'sure');
}

function summed(findings: readonly Finding[]): Pick<DigestSubject, 'counts' | 'worst'> {
  const gravest = [...findings].sort((a, b) => weight(a.type) - weight(b.type));
  return { counts: Object.fromEntries(countTypes(findings)), worst: gravest.slice(0, mostShown) };
}

function weight(type: FindingType): number {
  return findingTypes.indexOf(type);
}
