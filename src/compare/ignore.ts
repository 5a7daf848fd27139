import type { IgnoreRule } from '../declared/settings/ignore.ts';
import type { Exemption, FieldChange, Finding } from '../findings/finding.ts';
import { hasRunOut, type Ignorer, ignorerOf } from './ignore-rule.ts';

/** What is left of findings when ignore rules were applied, what was left out, and the rules (by position) that did it. */
export interface Ignored {
  findings: Finding[];
  exempt: Exemption[];
  used: number[];
}

/**
 * Leaves out of the findings what the ignore rules name: the changes that match, never their siblings, and the finding
 * only when no change is left of it, or when a rule names the whole resource. `today` is a date, `2026-11-21`: a rule whose
 * `until` has passed does not count, and the finding says so. What the server would refuse is told even when all its
 * differences are left out.
 */
export function ignore(findings: readonly Finding[], rules: readonly IgnoreRule[], today: string): Ignored {
  const ignorers = rules.map(ignorerOf);
  const exempt: Exemption[] = [];
  const used = new Set<Ignorer>();
  const kept = findings.flatMap(finding => {
    const matching = ignorers.filter(({ concerns }) => concerns(finding));
    const holding = matching.filter(({ rule }) => !hasRunOut(rule, today));
    const left = holding.length === 0 ? [finding] : withoutIgnored(finding, holding, { exempt, used });
    return left.map(each =>
      saying(
        each,
        matching.filter(({ rule }) => hasRunOut(rule, today)),
      ),
    );
  });
  return { findings: kept, exempt, used: ignorers.flatMap((each, index) => (used.has(each) ? [index] : [])) };
}

function withoutIgnored(
  finding: Finding,
  matching: readonly Ignorer[],
  { exempt, used }: { exempt: Exemption[]; used: Set<Ignorer> },
): Finding[] {
  const { resource } = finding;
  const whole = matching.find(rule => rule.whole);
  if (whole !== undefined) {
    used.add(whole);
    exempt.push({ resource, rule: whole.rule.reason });
    return [];
  }
  const changes = (finding.changes ?? []).filter(change => {
    const ignorer = matching.find(({ covers }) => covers(change));
    if (ignorer === undefined) return true;
    const { path, by } = change;
    used.add(ignorer);
    exempt.push({ resource, path, rule: ignorer.rule.reason, ...(by && { by }) });
    return false;
  });
  if (changes.length === (finding.changes ?? []).length) return [finding];
  if (changes.length > 0) return [{ ...finding, type: typeOf(finding, changes), changes }];
  if (finding.code === undefined) return [];
  const { changes: _ignored, ...rest } = finding;
  return [{ ...rest, type: 'invalid' }];
}

/** What is left may be less than what was found: with the declared fields gone, live only has more. */
function typeOf(finding: Finding, changes: readonly FieldChange[]): Finding['type'] {
  if (finding.type !== 'changed') return finding.type;
  return changes.some(({ op }) => op !== 'added') ? 'changed' : 'undeclared';
}

/** The finding, with the word that a rule would have left something of it out while it held. */
function saying(finding: Finding, runOut: readonly Ignorer[]): Finding {
  const words = runOut
    .filter(({ whole, covers }) => whole || finding.changes?.some(covers))
    .map(({ rule }) => `it was ignored until ${rule.until}: ${rule.reason}`);
  if (words.length === 0) return finding;
  return {
    ...finding,
    message: [...(finding.message === undefined ? [] : [finding.message]), ...words].join('; '),
  };
}
