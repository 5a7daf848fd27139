import type { Answer } from './answer.ts';
import type { Candidate, Evidence, Reason } from './authorization.ts';
import { brokenGlass, movesOver, moveText } from './moves.ts';
import { examine } from './predicates.ts';
import { soundRun } from './runs.ts';

/** Commits `first`..`last` of the range, judged as one. Each commit of a range belongs to exactly one segment. */
export interface Segment {
  first: number;
  last: number;
  verdict: 'accepted' | 'denied' | 'unknown';
  /** The pull request that explains it, or comes closest to. */
  candidate?: Candidate;
  /** What each predicate says of the candidate. */
  answers: Answer[];
  /** Why it is not accepted, or would not be without break-glass. */
  reasons: Reason[];
  /** The account by whose break-glass right it is accepted all the same. */
  glass?: string;
}

/** Takes the range apart, oldest first: what merged pull requests explain, and what is left over. */
export function segments(evidence: Evidence): Segment[] {
  const accepted = acceptedSegments(evidence);
  const parts: Segment[] = [];
  let next = 0;
  for (const segment of accepted) {
    parts.push(...leftover(evidence, next, segment.first), segment);
    next = segment.last + 1;
  }
  return [...parts, ...leftover(evidence, next, evidence.range.length)];
}

/** Each accepted pull request takes its longest sound run of what no earlier one has taken. */
function acceptedSegments(evidence: Evidence): Segment[] {
  const found: Segment[] = [];
  let floor = 0;
  for (const candidate of byMerge(evidence)) {
    const segment = accept(evidence, candidate, floor);
    if (segment === undefined) continue;
    found.push(segment);
    floor = segment.last + 1;
  }
  return found;
}

/** The segment of a candidate for which every predicate holds, or undefined. */
export function accept(evidence: Evidence, candidate: Candidate, floor: number): Segment | undefined {
  const { last } = candidate;
  if (last === null || last < floor) return undefined;
  const answers = examine(candidate, evidence, floor);
  const run = soundRun(evidence, candidate, floor);
  if (run === undefined || answers.some(answer => answer.holds !== true)) return undefined;
  return { first: run.first, last, verdict: 'accepted', candidate, answers, reasons: [] };
}

/** Candidates whose merge commit is in the range, in its order; several may claim the same one. */
export function byMerge(evidence: Evidence): Candidate[] {
  return evidence.candidates
    .filter(candidate => candidate.last !== null)
    .sort((a, b) => (a.last ?? 0) - (b.last ?? 0) || a.pull.number - b.pull.number);
}

/** Commits `start`..`end` (`end` excluded), which no accepted pull request explains. */
function leftover(evidence: Evidence, start: number, end: number): Segment[] {
  const parts: Segment[] = [];
  let next = start;
  const claimed = byMerge(evidence).filter(({ last }) => last !== null && last >= start && last < end);
  for (const candidate of claimed) {
    const { last } = candidate;
    if (last === null || last < next) continue;
    const closest = claimed
      .filter(other => other.last === last)
      .reduce((a, b) => closer(evidence, next, a, b));
    const first = soundRun(evidence, closest, next)?.first ?? last;
    for (; next < first; next += 1) parts.push(unexplained(evidence, next));
    parts.push(refused(evidence, closest, first, last));
    next = last + 1;
  }
  for (; next < end; next += 1) parts.push(unexplained(evidence, next));
  return parts;
}

function closer(evidence: Evidence, floor: number, a: Candidate, b: Candidate): Candidate {
  return misses(evidence, a, floor) <= misses(evidence, b, floor) ? a : b;
}

function misses(evidence: Evidence, candidate: Candidate, floor: number): number {
  const answers = examine(candidate, evidence, floor);
  const certain = answers.filter(({ holds }) => holds === false).length;
  return certain * answers.length + answers.filter(({ holds }) => holds === 'unknown').length;
}

function refused(evidence: Evidence, candidate: Candidate, first: number, last: number): Segment {
  const answers = examine(candidate, evidence, first);
  const commits = shas(evidence, first, last);
  const failed = answers.filter(answer => answer.holds !== true);
  const certain = failed.filter(answer => answer.holds === false);
  const shown = certain.length > 0 ? certain : failed;
  const reasons = shown.map(answer => reasonOf(answer, commits, candidate));
  return settle(evidence, {
    first,
    last,
    verdict: certain.length > 0 ? 'denied' : 'unknown',
    candidate,
    answers,
    reasons,
  });
}

/** A commit that is no pull request's merge commit, nor in the run of one. */
function unexplained(evidence: Evidence, index: number): Segment {
  const commits = shas(evidence, index, index);
  const named = evidence.candidates.find(({ foundBy }) => foundBy.some(sha => commits.includes(sha)));
  if (named === undefined) {
    const [move] = movesOver(evidence, index);
    const who = move === undefined ? '' : ` (${moveText(move)})`;
    const reason = { code: 'no-pr', message: `no merged pull request explains it${who}`, commits };
    return settle(evidence, { first: index, last: index, verdict: 'denied', answers: [], reasons: [reason] });
  }
  const answers = examine(named, evidence, index).map(answer =>
    answer.code === 'content' ? { ...answer, holds: false, message: notMade } : answer,
  );
  const failed = answers.filter(answer => answer.holds === false);
  const reasons = failed.map(answer => reasonOf(answer, commits, named));
  return settle(evidence, {
    first: index,
    last: index,
    verdict: 'denied',
    candidate: named,
    answers,
    reasons,
  });
}

const notMade = 'the forge names it for this commit, but its merge did not make this commit';

/** What touches a gap is unknown, unless the gap is of a pull request that is denied by what else is known of it. */
function settle(evidence: Evidence, segment: Segment): Segment {
  const commits = shas(evidence, segment.first, segment.last);
  const gaps = evidence.gaps.filter(gap => {
    const own = gap.pull !== undefined && gap.pull === segment.candidate?.pull.number;
    if (own && segment.verdict === 'denied') return false;
    return gap.commits?.some(sha => commits.includes(sha)) ?? true;
  });
  if (gaps.length === 0) return throughGlass(evidence, segment);
  const reasons = gaps.map(({ code, message }) => ({ code, message, commits }));
  return { ...segment, verdict: 'unknown', reasons };
}

/** What is denied is accepted all the same where an account that the policy names for emergencies brought it. */
function throughGlass(evidence: Evidence, segment: Segment): Segment {
  if (segment.verdict !== 'denied') return segment;
  const { first, last, candidate } = segment;
  const merger = candidate?.runs.some(run => run.content === 'same') ? candidate.pull.mergedBy : null;
  const glass = brokenGlass(evidence, first, last, merger);
  return glass === undefined ? segment : { ...segment, verdict: 'accepted', glass };
}

function reasonOf(answer: Answer, commits: string[], { pull }: Candidate): Reason {
  const by =
    answer.code === 'approvals' && pull.mergedBy !== null ? `; merged by ${pull.mergedBy.login}` : '';
  return {
    code: answer.code,
    message: `#${pull.number}: ${answer.message}${by}`,
    commits,
    pull: pull.number,
  };
}

export function shas(evidence: Evidence, first: number, last: number): string[] {
  return evidence.range.slice(first, last + 1).map(({ sha }) => sha);
}
