import type { Candidate, Evidence, ReasonCode } from './authorization.ts';

/** What one predicate says of a pull request: whether it holds, and why in words. `code` names the predicate. */
export interface Answer {
  code: ReasonCode;
  holds: boolean | 'unknown';
  message: string;
}

/** A pure test of a candidate; `floor` is the first commit of the range that it may explain. */
export type Predicate = (candidate: Candidate, evidence: Evidence, floor: number) => Answer;
