import type { Verdict } from '../findings/finding.ts';
import type { Report, UnitReport } from './report.ts';
import { countTypes, countWords, plural } from './words.ts';

/** `shop (kubernetes): drifted, 118 of 120 resources in sync`. */
export function unitWords(unit: UnitReport, report: Report): string {
  const { declared, inSync } = unit.resources;
  const words = wordsOf(report);
  return `${unit.name} (${unit.driver}): ${words[unit.verdict]}, ${inSync} of ${plural(declared, 'resource')} ${words['in-sync']}`;
}

/** Of declarations that were checked by themselves nothing is said about live. */
function wordsOf(report: Report): Record<Verdict, string> {
  return report.kubernetesVersion === undefined ? verdictWords : validityWords;
}

export const verdictWords: Record<Verdict, string> = {
  'in-sync': 'in sync',
  drifted: 'drifted',
  unknown: 'unknown',
};

const validityWords: Record<Verdict, string> = { 'in-sync': 'valid', drifted: 'invalid', unknown: 'unknown' };

/** `Compared with abc1234… at 2026-08-01T14:02:11Z.` */
export function comparedWords(report: Report): string {
  const what = report.revision === null ? 'the files on disk' : report.revision;
  if (report.kubernetesVersion !== undefined)
    return `Checked ${what} for Kubernetes ${report.kubernetesVersion} at ${report.comparedAt}; nothing live was looked at.`;
  return `Compared ${what} with live at ${report.comparedAt}.`;
}

/** `3 units: 1 drifted, 2 in sync. 4 findings: 3 changed, 1 missing.` */
export function summaryWords(report: Report): string {
  const verdicts = (['unknown', 'drifted', 'in-sync'] as const)
    .map(verdict => ({ verdict, count: report.units.filter(unit => unit.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${count} ${wordsOf(report)[verdict]}`);
  const units = `${plural(report.units.length, 'unit')}${verdicts.length === 0 ? '' : `: ${verdicts.join(', ')}`}.`;
  if (report.findings.length === 0) return `${units} No findings.`;
  return `${units} ${plural(report.findings.length, 'finding')}: ${countWords(countTypes(report.findings))}.`;
}
