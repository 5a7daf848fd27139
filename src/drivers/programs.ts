import { ignore } from '../compare/ignore.ts';
import { Limit } from '../concurrency/limit.ts';
import type { Declaration, DeclaredUnit } from '../declared/declaration.ts';
import { Failure } from '../failure/failure.ts';
import type { Comparison, Exemption, Finding, Origin } from '../findings/finding.ts';
import { sortFindings, verdictOf } from '../findings/verdict.ts';

/** What a program said of a unit, before the ignore rules. */
export interface Judged {
  findings: Finding[];
  exempt?: Exemption[];
  resources: Comparison['resources'];
}

/** The comparison of a unit that a program compares; `began` and `ended` in milliseconds since 1970. */
export function judgedComparison(
  { definition: { name, driver } }: DeclaredUnit,
  { settings }: Declaration,
  judged: Judged,
  { began, ended }: { began: number; ended: number },
): Comparison {
  const today = new Date(began).toISOString().slice(0, 10);
  const { findings, exempt, used } = ignore(judged.findings, settings.ignore, today);
  const sorted = sortFindings(findings);
  return {
    unit: name,
    driver,
    verdict: verdictOf(sorted),
    resources: judged.resources,
    findings: sorted,
    exempt: [...(judged.exempt ?? []), ...exempt],
    usedRules: used,
    elapsedMs: ended - began,
  };
}

/** A failure of the whole unit as a finding; `origin` where no file of the repository is to blame. */
export function unknownUnit(
  { definition: { name, path, source } }: DeclaredUnit,
  failure: Failure,
  origin: Origin,
): Finding {
  const { file, line } = failure.where;
  return {
    unit: name,
    type: 'unknown',
    resource: { type: 'Unit', name },
    source:
      file === undefined ? (source ?? { file: path }) : { file, ...(line === undefined ? {} : { line }) },
    code: failure.code,
    origin: file === undefined ? origin : 'declaration',
    message: failure.line,
  };
}

/** What cannot be read as a whole, or is not safe to look at, is never applied: throws the first of the findings. */
export function refuseFound({ definition: { name } }: DeclaredUnit, [first]: readonly Finding[]): void {
  if (first === undefined) return;
  throw new Failure(first.code ?? 'HF1105', first.message ?? 'a part of it cannot be read', {
    where: { subject: name },
  });
}

/** One run of a unit at a time: a comparison beside a sync of this process would fight it for a lock, or see things half done. */
export class Turns {
  readonly #units = new Map<string, Limit>();

  run<T>({ definition: { name } }: DeclaredUnit, work: () => Promise<T>): Promise<T> {
    const turn = this.#units.get(name) ?? new Limit(1);
    this.#units.set(name, turn);
    return turn.run(work);
  }
}
