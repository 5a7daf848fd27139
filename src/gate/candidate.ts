import { bounded } from '../concurrency/bounded.ts';
import type { Forge } from '../forge/forge.ts';
import { reviewersToAsk } from './approvals.ts';
import type { Candidate, Content, Evidence, Gap, Run } from './authorization.ts';
import type { Work } from './collect.ts';
import { ownersEvidence } from './owners.ts';
import { deniedAnyway, ofThisRepository } from './predicates.ts';
import { pushedBy } from './pushes.ts';
import { before, possibleStarts, soundRun } from './runs.ts';

/** The candidate with who may write, the message of its head, and what merging that head gives. */
export async function completed(
  work: Work,
  evidence: Evidence,
  candidate: Candidate,
  floor: number,
): Promise<Candidate> {
  if (candidate.last === null || ofThisRepository(candidate, evidence, floor).holds !== true)
    return candidate;
  const permissions = await permissionsOf(work, evidence, candidate);
  const reviewed = { ...candidate, permissions };
  const { head, number } = candidate.pull;
  const about = { commits: work.touched(candidate.last), pull: number };
  try {
    const there =
      (await work.repository.has(head.sha)) ||
      (await work.repository.fetchCommit(head.sha, [headRef(work.forge.kind, number)]));
    if (!there) return { ...reviewed, runs: missing(work, evidence, reviewed, floor) };
    const { message } = await work.repository.commit(head.sha);
    const runs = await runsOf(work, evidence, reviewed, floor);
    const full = await withPushers(work, evidence, { ...reviewed, headMessage: message, runs }, floor);
    if (!evidence.policy.codeOwners) return full;
    const owners = await ownersEvidence(work, evidence, full, floor);
    return owners === undefined ? full : { ...full, owners };
  } catch (error) {
    work.gap(error, about);
    return { ...reviewed, runs: [{ first: candidate.last, content: 'unknown' }], owners: null };
  }
}

/** Where a forge keeps the head of a pull request, also when its branch is gone. */
function headRef(kind: Forge['kind'], number: number): string {
  return kind === 'gitlab' ? `refs/merge-requests/${number}/head` : `refs/pull/${number}/head`;
}

/** A head that the remote does not have: at first it may lag behind, later it cannot be compared. */
function missing(work: Work, evidence: Evidence, { last, pull }: Candidate, floor: number): Run[] {
  const merge = evidence.range[last ?? -1];
  if (last === null || merge === undefined || last < floor) return [];
  if (work.settled(merge.sha)) return [{ first: last, content: 'head-unavailable' }];
  const message = 'the remote does not have the reviewed head yet';
  evidence.gaps.push({ code: 'unsettled', message, commits: work.touched(last), pull: pull.number });
  return [{ first: last, content: 'unknown' }];
}

/**
 * What merging the head gives, for the longest run that may be its merge, and so on to the first that is sound; and for the
 * shortest. A pull request that is denied anyway takes only what no other one may claim, so that many of them cost little.
 */
async function runsOf(work: Work, evidence: Evidence, candidate: Candidate, floor: number): Promise<Run[]> {
  const least = deniedAnyway(candidate, evidence) ? Math.max(floor, claimedUpTo(evidence, candidate)) : floor;
  const starts = possibleStarts(evidence, candidate, least);
  const runs: Run[] = [];
  for (const first of starts) {
    if (runs.some(run => run.content === 'same') && first !== starts.at(-1)) continue;
    runs.push({ first, content: await contentOf(work, evidence, candidate, first) });
  }
  return runs;
}

/** The first commit after the merge commits of all earlier candidates. */
function claimedUpTo({ candidates }: Evidence, { last }: Candidate): number {
  return candidates.reduce(
    (most, other) =>
      other.last !== null && last !== null && other.last < last ? Math.max(most, other.last + 1) : most,
    0,
  );
}

async function contentOf(
  { repository }: Work,
  evidence: Evidence,
  { pull, last }: Candidate,
  first: number,
): Promise<Content> {
  const merge = evidence.range[last ?? -1];
  const oldest = evidence.range[first];
  if (merge === undefined || oldest === undefined) return 'unknown';
  const { sha: head } = pull.head;
  if (merge.sha !== head && (await repository.isAncestor(oldest.sha, head))) return 'contained';
  const tree = await repository.mergedTree(before(evidence, first), head);
  if (tree === null) return 'conflict';
  return tree === merge.tree ? 'same' : 'different';
}

/** Enough to name some of them. */
const mostUntold = 20;
/** Until then it may be that the forge only lags behind. */
const lateMs = 60_000;

/** The candidate with those who pushed to it among its contributors, and the commits of which the forge does not tell that. */
async function withPushers(
  work: Work,
  evidence: Evidence,
  candidate: Candidate,
  floor: number,
): Promise<Candidate> {
  const { pull } = candidate;
  const run = soundRun(evidence, candidate, floor);
  if (pull.pushes === undefined || run === undefined) return candidate;
  const base = before(evidence, run.first);
  const { by, untold } = await pushedBy(work.repository, base, pull.head.sha, pull.pushes);
  const contributors = [...new Map([...pull.contributors, ...by].map(one => [one.id, one])).values()];
  const botPushed = by.some(({ bot }) => bot);
  const told = { ...candidate, pull: { ...pull, contributors, ...(botPushed ? { botPushed } : {}) } };
  const [first] = untold;
  if (first === undefined) return told;
  const full = { ...told, untold: untold.slice(0, mostUntold) };
  if (!deniedAnyway(full, evidence)) evidence.gaps.push(untoldGap(work, evidence, full, first));
  return full;
}

function untoldGap(work: Work, { range }: Evidence, { pull, last }: Candidate, commit: string): Gap {
  const merge = range[last ?? -1];
  return {
    code: 'pushers',
    message: `#${pull.number}: the forge does not tell who pushed ${commit.slice(0, 12)}`,
    commits: work.touched(last ?? 0),
    pull: pull.number,
    retryAfterMs: merge !== undefined && work.ageMs(merge.sha) < lateMs ? 1_000 : lateMs,
  };
}

/** Asks whether those may write whose approval or objection may decide; after a failure the rest is left unknown. */
async function permissionsOf(
  work: Work,
  evidence: Evidence,
  { pull, last }: Candidate,
): Promise<Record<string, boolean>> {
  const answers = await bounded(reviewersToAsk(pull, evidence.policy), 4, async account => {
    if (pull.writers?.includes(account.id) === true) return [[account.id, true] as const];
    try {
      return [[account.id, await work.forge.canWrite(account)] as const];
    } catch (error) {
      work.gap(error, { commits: work.touched(last ?? 0), pull: pull.number });
      return [];
    }
  });
  return Object.fromEntries(answers.flat());
}
