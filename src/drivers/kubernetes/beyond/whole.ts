import { refOf } from '../../../cluster/target.ts';
import { ignore } from '../../../compare/ignore.ts';
import type { Declaration } from '../../../declared/declaration.ts';
import { type Comparison, type Finding, resourceKey } from '../../../findings/finding.ts';
import { sortFindings, verdictOf } from '../../../findings/verdict.ts';
import type { Surroundings } from './terminating.ts';

/**
 * The comparison of what is declared together with what lives beside it: findings that are orphaned or unmanaged, and the word
 * that a namespace is being deleted on every object in it. Where the cluster as a whole could not be asked, nothing is added.
 */
export function wholeComparison(
  comparison: Comparison,
  declaration: Declaration,
  around: Surroundings,
  now: number,
): Comparison {
  if (isBlind(comparison)) return comparison;
  const today = new Date(now).toISOString().slice(0, 10);
  const { told, going } = saidOfNamespaces(comparison, around);
  const rules = declaration.settings.ignore;
  const [added, left] = [ignore(around.findings, rules, today), ignore(going, rules, today)];
  const findings = sortFindings([...told, ...added.findings, ...left.findings]);
  const exempt = [...(comparison.exempt ?? []), ...around.exempt, ...added.exempt, ...left.exempt];
  const used = new Set([...(comparison.usedRules ?? []), ...added.used, ...left.used]);
  const { declared, inSync } = comparison.resources;
  return {
    ...comparison,
    verdict: verdictOf(findings),
    resources: { declared, inSync: inSync - left.findings.length },
    findings,
    ...(exempt.length > 0 && { exempt }),
    ...(used.size > 0 && { usedRules: [...used].sort((a, b) => a - b) }),
    ...(around.unsure.length > 0 && { unsure: [...around.unsure] }),
  };
}

/** Whether the cluster as a whole could not be asked. */
export function isBlind({ unit, findings }: Comparison): boolean {
  const about = resourceKey({ type: 'Unit', name: unit });
  return findings.some(
    ({ type, origin, resource }) =>
      type === 'unknown' && origin === 'cluster' && resourceKey(resource) === about,
  );
}

/** `told`: the findings of the comparison, with the word added; `going`: findings on objects that are else as declared. */
function saidOfNamespaces(
  { unit, findings }: Comparison,
  { members, terminating }: Surroundings,
): { told: Finding[]; going: Finding[] } {
  if (terminating.size === 0) return { told: findings, going: [] };
  const found = new Set(findings.map(({ resource }) => resourceKey(resource)));
  const words = new Map<string, string>();
  const going: Finding[] = [];
  for (const namespace of terminating) {
    const message = `its namespace ${namespace} is being deleted`;
    for (const { declared, target } of members.get(namespace) ?? []) {
      const resource = refOf(target);
      const key = resourceKey(resource);
      words.set(key, message);
      if (!found.has(key)) going.push({ unit, type: 'changed', resource, source: declared.source, message });
    }
  }
  return { told: findings.map(finding => saying(finding, words.get(resourceKey(finding.resource)))), going };
}

function saying(finding: Finding, words: string | undefined): Finding {
  if (words === undefined || finding.message?.includes(words)) return finding;
  // the server refuses to make anything there, which says nothing against the declaration
  if (finding.type === 'invalid' && finding.changes === undefined) {
    const { code: _code, ...rest } = finding;
    return { ...rest, type: 'missing', message: words };
  }
  return { ...finding, message: finding.message === undefined ? words : `${finding.message}; ${words}` };
}
