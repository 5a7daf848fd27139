import { type Comparison, type Finding, isObjectRef, resourceKey } from '../findings/finding.ts';
import { changeDigest, digestKey, memberOf } from './digest.ts';
import { type DriftSubject, isLive, unitOf } from './incident.ts';
import type { Draft } from './life.ts';
import { bounded } from './story.ts';

/**
 * Works in what a comparison found: each finding is one incident, opened at once, since drivers deliver only what is sure (what they
 * cannot watch after two equal reads: `drivers/schedule/confirm.ts`). While its unit is converged nothing opens. Findings `unknown` are
 * not drift: they neither open nor resolve anything here.
 */
export function observeDrift(draft: Draft, comparison: Comparison, converging: boolean): void {
  const found = driftOf(comparison);
  resolveGone(draft, comparison, found);
  const members = membersOf(draft, comparison.unit);
  const fresh: [string, DriftSubject][] = [];
  for (const [key, subject] of found) {
    if (converging || members.has(memberOf(key))) continue;
    if (draft.ongoing(key) === undefined) fresh.push([key, subject]);
    else draft.observe(key, subject, 'sure');
  }
  const many = fresh.length > 0 && isBurst(draft, comparison.unit, fresh.length);
  if (!many) for (const [key, subject] of fresh) draft.observe(key, subject, 'sure');
  changeDigest(draft, {
    unit: comparison.unit,
    found,
    joining: many ? fresh.map(([key]) => key) : [],
    certain: isCertain(comparison),
  });
}

/** Whether so many come up at once that they are told as one: now, or within the last minute by some comparisons. */
function isBurst(draft: Draft, unit: string, fresh: number): boolean {
  const { digestAbove, burstMs } = draft.rules;
  if (fresh > digestAbove) return true;
  const recent = draft
    .allOngoing()
    .filter(one => unitOf(one) === unit && isLive(one) && draft.age(one.openedAt) < burstMs);
  if (recent.some(one => one.subject.kind === 'digest')) return true;
  return fresh + recent.length > digestAbove;
}

function driftOf(comparison: Comparison): Map<string, DriftSubject> {
  const grouped = new Map<string, Finding>();
  for (const finding of comparison.findings) {
    if (finding.type === 'unknown') continue;
    const key = `drift/${comparison.unit}/${resourceKey(finding.resource)}`;
    const before = grouped.get(key);
    grouped.set(key, before === undefined ? finding : together(before, finding));
  }
  return new Map(
    [...grouped].map(([key, finding]) => [
      key,
      { kind: 'drift', unit: comparison.unit, ...bounded(finding) },
    ]),
  );
}

/** Two findings on one resource, such as two errors in one file. */
function together(one: Finding, other: Finding): Finding {
  const messages = [one.message, other.message].filter(message => message !== undefined);
  const changes = [...(one.changes ?? []), ...(other.changes ?? [])];
  return {
    ...one,
    ...(changes.length === 0 ? {} : { changes }),
    ...(messages.length === 0 ? {} : { message: messages.join('; ') }),
  };
}

function membersOf(draft: Draft, unit: string): ReadonlySet<string> {
  const subject = draft.ongoing(digestKey(unit))?.subject;
  return new Set(subject?.kind === 'digest' ? subject.members : []);
}

function resolveGone(draft: Draft, comparison: Comparison, found: ReadonlyMap<string, DriftSubject>): void {
  const doubt = doubtOf(comparison);
  for (const { key, subject } of draft.allOngoing()) {
    if (subject.kind !== 'drift' || subject.unit !== comparison.unit || found.has(key)) continue;
    if (!doubt(subject.finding)) draft.resolve(key);
  }
}

/** Whether the comparison looked at everything: only then what it does not find is not there. */
function isCertain(comparison: Comparison): boolean {
  if (comparison.unsure !== undefined) return false;
  return !comparison.findings.some(
    ({ type, resource }) => type === 'unknown' || (type === 'invalid' && !isObjectRef(resource)),
  );
}

/**
 * Whether the comparison cannot tell of a resource that it does not find: the whole unit or the resource is unknown, the
 * file that declares it cannot be read now, or it could not be looked for (yet) what lives beside the declaration.
 */
function doubtOf(comparison: Comparison): (finding: Finding) => boolean {
  const unknown = comparison.findings.filter(finding => finding.type === 'unknown');
  const resources = new Set(unknown.map(finding => resourceKey(finding.resource)));
  const wholly =
    unknown.some(({ resource }) => !isObjectRef(resource) && resource.type === 'Unit') ||
    (comparison.verdict === 'unknown' && unknown.length === 0);
  const files = new Set(
    comparison.findings
      .filter(({ type, resource }) => !isObjectRef(resource) && (type === 'invalid' || type === 'unknown'))
      .map(({ resource, source }) => source?.file ?? resource.name),
  );
  const beside = (name: string) =>
    unknown.some(({ resource }) => !isObjectRef(resource) && `${resource.type} ${resource.name}` === name);
  return finding =>
    wholly ||
    comparison.unsure?.includes(finding.type) === true ||
    (finding.type === 'unmanaged' && placesOf(finding.resource).some(beside)) ||
    resources.has(resourceKey(finding.resource)) ||
    (finding.source !== undefined && files.has(finding.source.file) && isObjectRef(finding.resource));
}

/** The names under which it is told that it is unknown what lives beside the declaration. */
function placesOf(resource: Finding['resource']): string[] {
  if (!isObjectRef(resource)) return [];
  const { apiVersion, kind, namespace } = resource;
  const slash = apiVersion.indexOf('/');
  const group = slash === -1 ? '' : `.${apiVersion.slice(0, slash)}`;
  return [`Kind ${kind}${group}`, `Kind any of ${apiVersion}`, `Namespace ${namespace ?? ''}`];
}
