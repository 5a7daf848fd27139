import { Failure } from '../../failure/failure.ts';
import { type Comparison, type Finding, resourceKey } from '../../findings/finding.ts';
import { sortFindings, verdictOf } from '../../findings/verdict.ts';

/** What is remembered of the comparisons of one unit against one declaration. */
export interface Seen {
  /** Keys of the findings of the comparison before, and how many in a row did not agree. */
  readonly keys: ReadonlySet<string>;
  /** Keys of the findings that were told last. */
  readonly told: ReadonlySet<string>;
  readonly disagreements: number;
  readonly lastGood?: { comparison: Comparison; at: string } | undefined;
}

export const nothingSeen: Seen = { keys: new Set(), told: new Set(), disagreements: 0 };

/** What follows from a comparison: what is sure now (undefined while nothing is), and whether to look again soon. */
export interface Confirmed {
  seen: Seen;
  sure?: Comparison;
  again: boolean;
}

/** After so many comparisons in a row that do not agree, what does not is told to be unknown. */
const mostDisagreements = 3;

/**
 * The one place that says when a driver that cannot watch is sure: a finding is, when two comparisons in a row have it, in the same
 * fields, and one that was told is gone when two in a row do not have it. What is seen once is suspected: it is looked at
 * again and not told, since a plan beside a running apply, a throttled answer or a replica that lags gives findings that
 * are gone, or misses some that are back, a moment later. A clean comparison of a unit of which nothing was told is sure at once. What cannot be compared keeps the findings of the last
 * comparison that could be, and tells its age. Pure: `at` is the time, RFC 3339.
 */
export function confirm(seen: Seen, comparison: Comparison, at: string): Confirmed {
  const keys = new Set(comparison.findings.map(keyOf));
  const agreeing = comparison.findings.filter(finding => seen.keys.has(keyOf(finding)));
  const missed = [...seen.told].some(key => seen.keys.has(key) && !keys.has(key));
  const agrees = agreeing.length === comparison.findings.length && !missed;
  const disagreements = agrees ? 0 : seen.disagreements + 1;
  const next = { ...seen, keys, disagreements };
  if (!agrees && disagreements < mostDisagreements) return { seen: next, again: true };
  if (agrees && !comparison.findings.some(({ type }) => type === 'unknown'))
    return {
      seen: { ...next, told: keys, lastGood: { comparison, at } },
      sure: comparison,
      again: false,
    };
  const findings = agrees ? comparison.findings : [...agreeing, disagreement(comparison)];
  const sure = withLastGood({ ...comparison, findings }, seen.lastGood);
  return { seen: { ...next, told: new Set(sure.findings.map(keyOf)) }, sure, again: false };
}

function withLastGood(comparison: Comparison, lastGood: Seen['lastGood']): Comparison {
  const here = new Set(comparison.findings.map(({ resource }) => resourceKey(resource)));
  const kept = (lastGood?.comparison.findings ?? []).filter(
    ({ resource }) => !here.has(resourceKey(resource)),
  );
  const since = lastGood === undefined ? 'it was not compared before' : `last compared at ${lastGood.at}`;
  const told = comparison.findings.map(finding =>
    finding.type === 'unknown' && isUnit(finding)
      ? { ...finding, message: `${finding.message ?? 'it could not be compared'} (${since})` }
      : finding,
  );
  const findings = sortFindings([...told, ...kept]);
  const resources =
    comparison.resources.declared === 0 && lastGood !== undefined
      ? lastGood.comparison.resources
      : comparison.resources;
  return { ...comparison, findings, resources, verdict: verdictOf(findings) };
}

function isUnit({ resource }: Finding): boolean {
  return 'type' in resource && resource.type === 'Unit';
}

/** Not the values: those of a clock or a counter differ each time, and the finding is the same. */
function keyOf({ type, resource, changes = [], code }: Finding): string {
  const paths = type === 'unknown' ? [] : changes.map(({ path, op }) => `${op} ${path}`).sort();
  return JSON.stringify([type, code ?? null, resourceKey(resource), paths]);
}

function disagreement({ unit }: Comparison): Finding {
  const what = 'comparisons one after another do not agree: something changes it all the time';
  const resource = { type: 'Unit', name: unit };
  const { line } = new Failure('HF1010', what, { where: { subject: unit } });
  return { unit, type: 'unknown', resource, code: 'HF1010', message: line };
}
