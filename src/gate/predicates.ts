import type { Answer, Predicate } from './answer.ts';
import { botsPart, mayWrite, needed, opinions, standingVotes, type Vote, votes } from './approvals.ts';
import type { Candidate, Content, Evidence, ReasonCode } from './authorization.ts';
import { movedByMerge } from './predicates-moves.ts';
import { ownersApproved } from './predicates-owners.ts';
import { continues, possibleStarts, soundRun } from './runs.ts';

/** A pull request of another repository may have the same number, or even the same commits. */
export const ofThisRepository: Predicate = ({ pull }, { repositoryId }) => ({
  code: 'base-repository',
  holds: pull.base.repositoryId === repositoryId,
  message:
    pull.base.repositoryId === repositoryId
      ? 'it belongs to the configured repository'
      : `it belongs to another repository (${pull.base.repositoryId}, not ${repositoryId})`,
});

/** A review for another branch was held to that branch's rules. */
export const intoThisBranch: Predicate = ({ pull }, { branch }) => ({
  code: 'base',
  holds: pull.base.ref === branch,
  message:
    pull.base.ref === branch
      ? `it was merged into ${branch}`
      : `it was merged into ${pull.base.ref}, not into ${branch}`,
});

/** The forge's fields must agree with each other; if not, nothing can be told. */
export const wasMerged: Predicate = ({ pull }) => {
  const agrees = pull.merged === (pull.mergedAt !== null) && (!pull.merged || pull.mergeCommit !== null);
  if (!agrees) {
    const message = 'the forge contradicts itself about whether, when or as what it was merged';
    return { code: 'contradiction', holds: 'unknown', message };
  }
  const message = pull.merged ? 'the forge says that it was merged' : 'it is not merged';
  return { code: 'not-merged', holds: pull.merged, message };
};

/** A pull request from a fork, or from one that is deleted, only if the policy allows forks. */
export const fromAllowedPlace: Predicate = ({ pull }, { policy }) => {
  const fork = pull.head.repositoryId !== pull.base.repositoryId;
  if (!fork) return { code: 'fork', holds: true, message: 'it comes from the repository itself' };
  const rule = policy.forks ? 'which the policy allows' : 'which the policy does not allow';
  return { code: 'fork', holds: policy.forks, message: `it comes from a fork, ${rule}` };
};

const contents: Record<Content, string> = {
  same: 'merging the reviewed head gives exactly the tree that was merged',
  different: 'merging the reviewed head gives another tree than the one that was merged',
  conflict: 'the reviewed head conflicts with the revision before, so what was merged was made by hand',
  'head-unavailable': 'the reviewed head cannot be had from the remote, so it cannot be compared',
  contained: 'the reviewed head holds that commit already, so no merge of it made the commit',
  unknown: 'what merging the reviewed head gives could not be asked',
};

/** What was merged is what was reviewed: the forge's word is not enough, since a merge commit can be edited or forged. */
export const asReviewed: Predicate = (candidate, evidence, floor) => {
  const answer = (holds: Answer['holds'], message: string): Answer => ({ code: 'content', holds, message });
  if (candidate.last === null) {
    return answer(false, 'the commit that the forge gives as its merge commit is not among those judged');
  }
  if (soundRun(evidence, candidate, floor) !== undefined) return answer(true, contents.same);
  if (candidate.runs.some(run => run.content === 'unknown')) return answer('unknown', contents.unknown);
  if (possibleStarts(evidence, candidate, floor).length === 0)
    return answer(false, unlike(candidate, evidence));
  const shortest = candidate.runs.findLast(run => run.content !== 'same');
  return answer(false, contents[shortest?.content ?? 'different']);
};

function unlike(candidate: Candidate, evidence: Evidence): string {
  return candidate.last !== null && continues(evidence, candidate.last)
    ? 'its head was on the branch before it could be merged'
    : 'its merge commit does not continue the revision before it';
}

/** Enough distinct humans with write permission, none of them an author, approved exactly the head that was merged. */
export const enoughApprovals: Predicate = (candidate, { policy }) => {
  const cast = votes(candidate, policy);
  return approvalsAnswer('approvals', candidate, policy, cast, '');
};

/** An approval given before the pull request was pointed at another base was for that other base. */
export const approvedForThisBase: Predicate = (candidate, { policy }) => {
  const moved = candidate.pull.retargetedAt;
  if (moved.length === 0) return { code: 'retargeted', holds: true, message: 'its base was never changed' };
  const cast = standingVotes(candidate, policy);
  return approvalsAnswer('retargeted', candidate, policy, cast, ' since its base was last changed');
};

function approvalsAnswer(
  code: ReasonCode,
  { pull }: Candidate,
  policy: Evidence['policy'],
  cast: readonly Vote[],
  since: string,
): Answer {
  const least = needed(pull, policy);
  const sure = cast.filter(vote => vote.counts === true);
  const perhaps = cast.filter(vote => vote.counts === 'unknown');
  const who = sure.map(vote => vote.login).join(', ');
  const part = botsPart(pull);
  const bot = part === undefined ? '' : ` (a bot ${part} it)`;
  const why = cast.filter(vote => vote.counts !== true).map(vote => `${vote.login ?? 'ghost'}: ${vote.why}`);
  const rest = why.length === 0 ? '' : `; not counted: ${why.join(', ')}`;
  const message = `${sure.length} of ${least} approvals needed${bot}${since}${who === '' ? '' : ` (${who})`}${rest}`;
  if (sure.length >= least) return { code, holds: true, message };
  return { code, holds: sure.length + perhaps.length >= least ? 'unknown' : false, message };
}

/** Nobody with write permission still asks for changes. */
export const withoutObjection: Predicate = candidate => {
  const code = 'changes-requested';
  const objecting = [...opinions(candidate.pull.reviews).values()].flatMap(({ state, reviewer }) => {
    if (state !== 'changes-requested' || reviewer === null || reviewer.bot) return [];
    return [{ login: reviewer.login, writes: mayWrite(candidate, reviewer) }];
  });
  const standing = objecting.filter(({ writes }) => writes === true);
  const unclear = objecting.filter(({ writes }) => writes === 'unknown');
  const names = (list: typeof objecting) => list.map(({ login }) => login).join(', ');
  if (standing.length > 0)
    return { code, holds: false, message: `changes are still asked for by ${names(standing)}` };
  if (unclear.length > 0) {
    return { code, holds: 'unknown', message: `whether ${names(unclear)} may ask for changes is not known` };
  }
  return { code, holds: true, message: 'nobody with write permission asks for changes' };
};

/** Each required check succeeded on the head; a result of another app than the pinned one says nothing. */
export const checksSucceeded: Predicate = ({ pull }, { policy }) => {
  const failed = policy.requiredChecks.filter(({ name, app }) => {
    const results = pull.checks.filter(
      check => check.name === name && (app === undefined || check.app === app),
    );
    return results.length === 0 || results.some(check => check.state !== 'success');
  });
  const names = failed.map(({ name, app }) => (app === undefined ? name : `${name} by ${app}`)).join(', ');
  const required = policy.requiredChecks.length;
  const good = required === 0 ? 'no checks are required' : `${required} required checks succeeded`;
  const message = failed.length === 0 ? good : `required checks did not succeed: ${names}`;
  return { code: 'checks', holds: failed.length === 0, message };
};

/** All of them must hold. */
export const predicates: readonly Predicate[] = [
  ofThisRepository,
  intoThisBranch,
  wasMerged,
  fromAllowedPlace,
  asReviewed,
  enoughApprovals,
  approvedForThisBase,
  withoutObjection,
  checksSucceeded,
  ownersApproved,
  movedByMerge,
];

/** Whether it fails a predicate that has nothing to do with its content. */
export function deniedAnyway(candidate: Candidate, evidence: Evidence): boolean {
  return predicates.some(
    predicate => predicate !== asReviewed && predicate(candidate, evidence, 0).holds === false,
  );
}

export function examine(candidate: Candidate, evidence: Evidence, floor: number): Answer[] {
  return predicates.map(predicate => predicate(candidate, evidence, floor));
}
