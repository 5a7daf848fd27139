import { bounded } from '../concurrency/bounded.ts';
import { Failure } from '../failure/failure.ts';
import type { Forge, PullRequest } from '../forge/forge.ts';
import type { Repository } from '../git/repository.ts';
import type { Candidate, Evidence, Gap, Policy } from './authorization.ts';
import { completed } from './candidate.ts';
import { gapOf, isOutage, touchedBy } from './gaps.ts';
import { relevantMoves } from './moves.ts';
import { accept, byMerge } from './segments.ts';

/** How long a forge may take to link a commit on the branch with its pull request. */
export const GRACE_MS = 3_000;
const AT_ONCE = 4;

export interface Collection {
  repository: Repository;
  forge: Forge;
  /** The last authorized revision and the one to judge: full SHAs. */
  from: string;
  to: string;
  branch: string;
  /** As `from` declares it. */
  policy: Policy;
  /** How long ago `to` was first seen as the tip, in milliseconds; absent: long ago. */
  seenForMs?: number;
  /** While a commit without a pull request is younger than this, it is unknown and not denied. */
  graceMs?: number;
  /** Whether a revision was ever seen as the tip, and how long ago; helps to tell apart what came in several pushes. */
  seenAsTip?: (sha: string) => number | undefined;
  /** The id of the repository that was judged before, if any: another one under the same name is not trusted. */
  pinned?: () => Promise<string | undefined>;
  /** Milliseconds since 1970, to turn the forge's "not before" into a wait. */
  now?: () => number;
}

/** What the parts of a collection share. */
export interface Work extends Collection {
  gap(thrown: unknown, about: Pick<Gap, 'commits' | 'pull'>): void;
  /** How long a commit has been known to be on the branch, in milliseconds. */
  ageMs(sha: string): number;
  /** Whether a commit has been on the branch for long enough that the forge must know of its pull request. */
  settled(sha: string): boolean;
  touched(index: number): string[];
}

/**
 * Asks our own object store and the forge for all that the verdict on `from`..`to` needs. What the forge cannot say becomes
 * a gap; a failure of the object store about the range itself is thrown (HF12xx), as is a name that is not a full SHA.
 * The evidence holds no secret of the forge.
 */
export async function collectEvidence(collection: Collection): Promise<Evidence> {
  const { repository, forge, from, to, branch, policy } = collection;
  for (const sha of [from, to]) requireFullSha(sha);
  const [start, descends] = await Promise.all([
    repository.commit(from),
    from === to || repository.isAncestor(from, to),
  ]);
  const commits = descends && from !== to ? await repository.firstParents(from, to) : [];
  const evidence: Evidence = {
    repositoryId: '',
    branch,
    from: { sha: from, tree: start.tree },
    to,
    descends,
    range: commits.map(({ sha, tree, parents }) => ({ sha, tree, parents })),
    candidates: [],
    moves: null,
    tellsHow: forge.tellsHow,
    policy,
    gaps: [],
  };
  if (commits.length === 0) return evidence;
  const work = workOn(collection, evidence);
  try {
    evidence.repositoryId = await forge.repositoryId();
    requirePinned(evidence.repositoryId, await collection.pinned?.());
  } catch (error) {
    work.gap(error, {});
    return evidence;
  }
  await askForMoves(work, evidence);
  await askForPulls(work, evidence);
  await complete(work, evidence);
  return evidence;
}

function requireFullSha(sha: string): void {
  if (/^[0-9a-f]{40}$/.test(sha)) return;
  throw new Failure('HF1206', 'a revision is judged by its full SHA only (40 lower-case hex digits)');
}

function requirePinned(id: string, pinned: string | undefined): void {
  if (pinned === undefined || pinned === id) return;
  throw new Failure(
    'HF1403',
    `the repository is another one now: its id was ${pinned} and is ${id}; nothing of it is trusted`,
  );
}

async function askForMoves(work: Work, evidence: Evidence): Promise<void> {
  const { forge, branch, from } = work;
  try {
    const moves = await forge.moves(branch, from);
    evidence.moves = moves === null ? null : relevantMoves(moves, evidence.range);
  } catch (error) {
    work.gap(error, {});
  }
}

function workOn(collection: Collection, evidence: Evidence): Work {
  const { forge, to, seenAsTip = () => undefined, seenForMs = Number.POSITIVE_INFINITY } = collection;
  const { graceMs = GRACE_MS, now = Date.now } = collection;
  const wasTip = (sha: string): boolean => sha !== to && seenAsTip(sha) !== undefined;
  const ageMs = (sha: string): number => Math.max(seenForMs, seenAsTip(sha) ?? 0);
  return {
    ...collection,
    ageMs,
    gap: (thrown, about) => evidence.gaps.push(gapOf(thrown, about, forge.secrets, now())),
    settled: sha => ageMs(sha) >= graceMs,
    touched: index => touchedBy(evidence, index, wasTip),
  };
}

/** Asks for the pull requests of each commit. After an outage nothing more is asked: what was not is a gap as well. */
async function askForPulls(work: Work, evidence: Evidence): Promise<void> {
  const found = new Map<string, { pull: PullRequest; foundBy: string[] }>();
  const down = () => evidence.gaps.find(isOutage);
  await bounded(evidence.range, AT_ONCE, async ({ sha }, index) => {
    const outage = down();
    if (outage !== undefined) {
      evidence.gaps.push({ ...outage, commits: work.touched(index) });
      return;
    }
    try {
      const pulls = await work.forge.pullRequestsOf(sha);
      for (const pull of pulls) {
        const key = `${pull.base.repositoryId}#${pull.number}`;
        const known = found.get(key) ?? { pull, foundBy: [] };
        known.foundBy.push(sha);
        found.set(key, known);
      }
      if (pulls.every(pull => !pull.merged) && !work.settled(sha)) evidence.gaps.push(unsettled(work, index));
    } catch (error) {
      work.gap(error, { commits: work.touched(index) });
    }
  });
  // other checks come and go after the merge, our own among them: they are no part of the evidence
  const required = new Set(evidence.policy.requiredChecks.map(({ name }) => name));
  const order = new Map(evidence.range.map(({ sha }, index) => [sha, index]));
  evidence.candidates = [...found.values()]
    .map(({ pull, foundBy }) => ({
      pull: { ...pull, checks: pull.checks.filter(({ name }) => required.has(name)) },
      foundBy: foundBy.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)),
      last: pull.mergeCommit === null ? null : (order.get(pull.mergeCommit) ?? null),
      runs: [],
      headMessage: null,
      permissions: {},
    }))
    .sort(inOrder);
}

/** Always the same order, whichever answer came first. */
function inOrder(a: Candidate, b: Candidate): number {
  const [idA, idB] = [a.pull.base.repositoryId, b.pull.base.repositoryId];
  return a.pull.number - b.pull.number || (idA < idB ? -1 : idA > idB ? 1 : 0);
}

function unsettled({ graceMs = GRACE_MS, seenForMs = 0, touched }: Work, index: number): Gap {
  return {
    code: 'unsettled',
    message: 'the forge names no merged pull request yet, and may lag behind the merge',
    commits: touched(index),
    retryAfterMs: Math.max(graceMs - seenForMs, 250),
  };
}

/** Fills in what git and the forge know of each candidate, oldest first, as the runs of one begin where another's ended. */
async function complete(work: Work, evidence: Evidence): Promise<void> {
  let floor = 0;
  const elsewhere = evidence.candidates.filter(({ last }) => last === null);
  for (const candidate of [...byMerge(evidence), ...elsewhere]) {
    const full = withoutPushes(await completed(work, evidence, candidate, floor));
    evidence.candidates = evidence.candidates.map(one => (one === candidate ? full : one));
    const segment = accept(evidence, full, floor);
    if (segment !== undefined) floor = segment.last + 1;
  }
}

/** What they say is in the candidate by now; a forge may tell of more of them later, which changes nothing. */
function withoutPushes(candidate: Candidate): Candidate {
  const { pushes: _pushes, ...pull } = candidate.pull;
  return { ...candidate, pull };
}
