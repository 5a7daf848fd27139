import type { Cluster } from '../../../cluster/cluster.ts';
import { ignore } from '../../../compare/ignore.ts';
import type { Declaration, DeclaredUnit } from '../../../declared/declaration.ts';
import { toFailure } from '../../../failure/failure.ts';
import {
  type Comparison,
  type Exemption,
  type Finding,
  isObjectRef,
  type ResourceRef,
} from '../../../findings/finding.ts';
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
  options: {
    now: () => number;
    signal?: AbortSignal | undefined;
    /** So many objects of a kind are read one by one rather than as a list. */
    oneByOne?: number;
  },
): Promise<Comparison> {
  const started = options.now();
  const judged: Judgement[] = [];
  try {
    await judge.schemas.refresh(options.signal);
    const sorted = await sortedNow(cluster, unit, declaration);
    judged.push(...sorted.findings.map(finding => ({ finding, exempt: [] })));
    judged.push(
      ...(await judgeSurrounded(cluster, judge, sorted.subjects, options.signal, options.oneByOne)),
    );
  } catch (error) {
    return blind(unit, error, options.now() - started);
  }
  return comparisonOf(unit, declaration, judged, started, options.now());
}

/** Compares some objects of a unit alone, by their references as they live. */
export function compareSome(
  cluster: Cluster,
  judge: Judge,
  unit: DeclaredUnit,
  declaration: Declaration,
  resources: readonly ResourceRef[],
  options: { now: () => number; signal?: AbortSignal | undefined },
): Promise<Comparison> {
  const wanted = new Set(resources.map(placeless));
  const objects = unit.objects.filter(({ ref }) => wanted.has(placeless(ref)));
  // a list that holds all of the unit is cheaper than very many requests
  const oneByOne = Math.max(Math.floor(unit.objects.length / 8), 12);
  return compareUnit(cluster, judge, { ...unit, objects }, declaration, { ...options, oneByOne });
}

/** Kind and name: the namespace may be written in the declaration or not. Of several with one name all are meant. */
function placeless(ref: ResourceRef): string {
  return isObjectRef(ref) ? JSON.stringify([ref.kind, ref.name]) : '';
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
