import type { Finding, Verdict } from './finding.ts';

/**
 * The verdict of a unit from its findings: anything that could not be compared makes it unknown, anything else that is
 * not as declared makes it drifted.
 */
export function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.some(finding => finding.type === 'unknown')) return 'unknown';
  return findings.length > 0 ? 'drifted' : 'in-sync';
}

/** Findings in the one order in which they are always shown: by unit, file, line, resource, type. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return findings
    .map(finding => ({ finding, key: sortKey(finding) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ finding }) => finding);
}

function sortKey(finding: Finding): string {
  const line = String(finding.source?.line ?? 0).padStart(9, '0');
  return JSON.stringify([finding.unit, finding.source?.file ?? '', line, finding.resource, finding.type]);
}
