import type { Cluster } from '../../../cluster/cluster.ts';
import { ignore } from '../../../compare/ignore.ts';
import type { Declaration, DeclaredUnit } from '../../../declared/declaration.ts';
import { toFailure } from '../../../failure/failure.ts';
import type { Comparison, Exemption, Finding } from '../../../findings/finding.ts';
import { sortFindings, verdictOf } from '../../../findings/verdict.ts';
import type { Judge } from './judge.ts';
import { judgeSurrounded } from './judge-all.ts';
import type { Judgement } from './judgement.ts';
import { sortedNow } from './kinds.ts';

/** Compares a unit with live once. A failure of the whole cluster is one finding on the unit, not an exception. */
export async function compareUnit(
  cluster: Cluster,
  judge: Judge,
  unit: DeclaredUnit,
  declaration: Declaration,
  options: { now: () => number; signal?: AbortSignal | undefined },
): Promise<Comparison> {
  const started = options.now();
  const judged: Judgement[] = [];
  try {
    await judge.schemas.refresh(options.signal);
    const sorted = await sortedNow(cluster, unit, declaration);
    judged.push(...sorted.findings.map(finding => ({ finding, exempt: [] })));
    judged.push(...(await judgeSurrounded(cluster, judge, sorted.subjects, options.signal)));
  } catch (error) {
    return blind(unit, error, options.now() - started);
  }
  return comparisonOf(unit, declaration, judged, started, options.now());
}

/** All judgements of a unit, with its ignore rules applied, as what is told of it. */
export function comparisonOf(
  unit: DeclaredUnit,
  declaration: Declaration,
  judged: Iterable<Judgement>,
  started: number,
  ended: number,
): Comparison {
  const found: Finding[] = [];
  const exempt: Exemption[] = [];
  for (const judgement of judged) {
    if (judgement.finding !== undefined) found.push(judgement.finding);
    exempt.push(...judgement.exempt);
  }
  const today = new Date(ended).toISOString().slice(0, 10);
  const rules = declaration.settings.ignore;
  const [files, objects] = [ignore(unit.findings, rules, today), ignore(found, rules, today)];
  const findings = sortFindings([...files.findings, ...objects.findings].map(withoutPointers));
  const all = [...exempt, ...files.exempt, ...objects.exempt];
  const used = [...new Set([...files.used, ...objects.used])].sort((a, b) => a - b);
  return {
    unit: unit.definition.name,
    driver: unit.definition.driver,
    verdict: verdictOf(findings),
    resources: { declared: unit.objects.length, inSync: unit.objects.length - objects.findings.length },
    findings,
    ...(all.length > 0 && { exempt: all }),
    ...(used.length > 0 && { usedRules: used }),
    elapsedMs: Math.round(ended - started),
  };
}

/** Positions in lists are of no use once ignore rules were applied: they change with every item. */
function withoutPointers(finding: Finding): Finding {
  if (finding.changes === undefined) return finding;
  return { ...finding, changes: finding.changes.map(({ pointer: _pointer, ...change }) => change) };
}

/** The whole unit cannot be compared; what is wrong with its files is still told. */
export function blind(unit: DeclaredUnit, error: unknown, elapsedMs: number): Comparison {
  const failure = toFailure(error, 'HF1307');
  const name = unit.definition.name;
  const finding: Finding = {
    unit: name,
    type: 'unknown',
    resource: { type: 'Unit', name },
    message: `${failure.code} ${failure.message}`,
    code: failure.code,
    origin: 'cluster',
  };
  return {
    unit: name,
    driver: unit.definition.driver,
    verdict: 'unknown',
    resources: { declared: unit.objects.length, inSync: 0 },
    findings: sortFindings([finding, ...unit.findings]),
    elapsedMs: Math.round(elapsedMs),
  };
}
