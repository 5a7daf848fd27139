import { ignore } from '../../../compare/ignore.ts';
import type { Declaration, DeclaredUnit, JsonObject } from '../../../declared/declaration.ts';
import { toFailure } from '../../../failure/failure.ts';
import type { Comparison, Exemption, Finding } from '../../../findings/finding.ts';
import { sortFindings, verdictOf } from '../../../findings/verdict.ts';
import { childKindsOf, Family } from '../children/family.ts';
import { lookAtChildren, workloadKey } from '../children/look.ts';
import { unseenChildren, withChildren } from '../children/merge.ts';
import { tellStrays } from '../children/tell.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { isFailure, type Reading, readOnce } from '../live/read.ts';
import { scopesOf } from '../live/scopes.ts';
import type { Judge } from './judge.ts';
import type { Judgement } from './judgement.ts';
import { sortedNow } from './kinds.ts';
import { inTerminatingNamespace, terminatingNamespaces } from './namespaces.ts';
import { problemFinding } from './problems.ts';
import type { Subject } from './subject.ts';

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

/** Judges objects together with what is around them: what workloads really run, and namespaces that are being deleted. */
async function judgeSurrounded(
  cluster: Cluster,
  judge: Judge,
  subjects: readonly Subject[],
  signal: AbortSignal | undefined,
): Promise<Judgement[]> {
  const family = new Family();
  const onLive = ({ target }: Subject, live: JsonObject) => {
    if (childKindsOf(target.kind).length > 0) family.workload(workloadKey(target), target.kind.kind, live);
  };
  const targets = subjects.map(({ target }) => target);
  const [judged, unseen, terminating] = await Promise.all([
    judgeAll(cluster, judge, subjects, onLive, signal),
    lookAtChildren(cluster, targets, family, signal),
    terminatingNamespaces(cluster, subjects, signal),
  ]);
  return Promise.all(
    judged.map(async ({ subject, judgement }) => {
      const strays = family.strays(workloadKey(subject.target));
      const told =
        strays.length === 0
          ? undefined
          : await tellStrays(cluster, judge.schemas, subject.target, strays, signal);
      const whole = withChildren(judgement, subject, told);
      const why = childKindsOf(subject.target.kind).length > 0 && unseen.get(subject.ref.namespace ?? '');
      const noted = why ? { ...whole, exempt: [...whole.exempt, unseenChildren(subject, why)] } : whole;
      return terminating.has(subject.ref.namespace ?? '') ? inTerminatingNamespace(noted, subject) : noted;
    }),
  );
}

interface Judged {
  subject: Subject;
  judgement: Judgement;
}

/**
 * Reads and judges at the same time. What takes the server waits until all is read, so that a default which the server
 * explains for one object serves all others of its kind.
 */
async function judgeAll(
  cluster: Cluster,
  judge: Judge,
  subjects: readonly Subject[],
  onLive: (subject: Subject, live: JsonObject) => void,
  signal: AbortSignal | undefined,
): Promise<Judged[]> {
  const judged: Judged[] = [];
  await Promise.all(
    scopesOf(subjects).map(async scope => {
      const knowledge = await judge.knowledge(scope.kind);
      const open: { subject: Subject; reading: Reading }[] = [];
      await readOnce(
        cluster,
        scope,
        (subject, reading) => {
          if (reading === undefined || isFailure(reading)) open.push({ subject, reading });
          else {
            onLive(subject, reading);
            const same = judge.local(subject, reading, knowledge);
            if (same === undefined) open.push({ subject, reading });
            else judged.push({ subject, judgement: same });
          }
        },
        signal,
      );
      await inTurns(open, async ({ subject, reading }) => {
        const judgement = isFailure(reading)
          ? { finding: problemFinding(subject, { type: 'unknown', failure: reading }), exempt: [] }
          : await judge.judge(subject, reading, knowledge, signal);
        judged.push({ subject, judgement });
      });
    }),
  );
  return judged;
}

/** A first one alone, to learn from; then so many at a time that the server is kept busy and no more is begun than it takes. */
async function inTurns<T>(items: readonly T[], task: (item: T) => Promise<void>): Promise<void> {
  const [first, ...rest] = items;
  if (first === undefined) return;
  await task(first);
  const queue = rest.values();
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (const item of queue) await task(item);
    }),
  );
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
