import type { Account, PullRequest, Review } from '../forge/forge.ts';
import type { Candidate, Policy } from './authorization.ts';
import { type PersonOf, persons } from './persons.ts';
import { requesters } from './trailers.ts';

/** An approval as it was given, and whether it counts; `unknown` while the permission of its giver is. */
export interface Vote {
  /** Null for a deleted account. */
  login: string | null;
  /** Who gave it, for comparison with others. */
  person: string | null;
  counts: boolean | 'unknown';
  /** Why it does not count, or may not. */
  why?: string;
  submittedAt: string | null;
}

/**
 * Each approval of the pull request, and whether it counts as that of one more human with write permission who saw the
 * final head. A pull request of a bot needs two at least, as one human may have triggered it.
 */
export function votes(candidate: Candidate, policy: Policy): Vote[] {
  const personOf = persons(policy.aliases);
  const counted = new Set<string>();
  const unclear = new Set<string>();
  const asked = requesters(candidate.headMessage ?? '');
  return candidate.pull.reviews.filter(wasApproval).map(review => {
    const { reviewer, submittedAt } = review;
    const login = reviewer?.login ?? null;
    const person = reviewer === null ? null : personOf(reviewer);
    const not = (why: string): Vote => ({ login, person, counts: false, why, submittedAt });
    if (reviewer === null || person === null) return not('the account is deleted');
    const why = objection(review, reviewer, candidate.pull, personOf) ?? askedFor(asked, reviewer, personOf);
    if (why !== undefined) return not(why);
    if (counted.has(person)) return not('the same person has approved already');
    const writes = mayWrite(candidate, reviewer);
    if (!writes) return not('no write permission');
    const doubt = writes === 'unknown' ? 'whether they may write is not known' : unknownPusher(candidate);
    if (doubt !== undefined) {
      if (unclear.has(person)) return not('the same person');
      unclear.add(person);
      return { login, person, counts: 'unknown', why: doubt, submittedAt };
    }
    counted.add(person);
    return { login, person, counts: true, submittedAt };
  });
}

/** Whoever pushed a commit of which that is not told may be the one who approves it. */
function unknownPusher({ untold = [] }: Candidate): string | undefined {
  const [first] = untold;
  return first === undefined
    ? undefined
    : `who pushed ${first.slice(0, 12)} is not known, and it may be them`;
}

/** The same, where an approval that was given before the pull request was pointed at another base does not count. */
export function standingVotes(candidate: Candidate, policy: Policy): Vote[] {
  const moved = candidate.pull.retargetedAt;
  return votes(candidate, policy).map(vote => {
    const later = vote.submittedAt !== null && moved.every(time => isAfter(vote.submittedAt, time));
    return vote.counts === false || later || moved.length === 0
      ? vote
      : { ...vote, counts: false as const, why: 'before the base was changed' };
  });
}

/** Both times are the forge's own; within one second the order is not known, so that is not after. */
function isAfter(time: string | null, other: string): boolean {
  return time !== null && Math.floor(Date.parse(time) / 1000) > Math.floor(Date.parse(other) / 1000);
}

/** A change that Holdfast made on somebody's word is that person's change, whoever's token opened the pull request. */
function askedFor(logins: readonly string[], reviewer: Account, personOf: PersonOf): string | undefined {
  const same = logins.some(
    login =>
      login.toLowerCase() === reviewer.login.toLowerCase() ||
      personOf({ id: '', login, bot: false }) === personOf(reviewer),
  );
  return same ? 'asked for this change' : undefined;
}

export function mayWrite(candidate: Candidate, account: Account): boolean | 'unknown' {
  return Object.hasOwn(candidate.permissions, account.id)
    ? (candidate.permissions[account.id] ?? 'unknown')
    : 'unknown';
}

/** How many approvals a pull request needs. */
export function needed(pull: PullRequest, policy: Policy): number {
  const least = Math.max(policy.approvals, 1);
  return botsPart(pull) === undefined ? least : Math.max(least, 2);
}

/** What a bot did of the pull request, if anything: one human may have triggered it. */
export function botsPart(pull: PullRequest): 'opened' | 'pushed to' | undefined {
  if (pull.author?.bot === true) return 'opened';
  return pull.botPushed === true ? 'pushed to' : undefined;
}

/** The last review of each account that says yes or no; one that was dismissed says neither. */
export function opinions(reviews: readonly Review[]): Map<string, Review> {
  const last = new Map<string, Review>();
  for (const review of reviews) {
    const opinion = review.state !== 'commented' && review.state !== 'pending';
    if (review.reviewer !== null && opinion) last.set(review.reviewer.id, review);
  }
  return last;
}

/** Accounts whose permission must be known to judge the pull request: those who approve or object at the end. */
export function reviewersToAsk(pull: PullRequest, policy: Policy): Account[] {
  const personOf = persons(policy.aliases);
  return [...opinions(pull.reviews).values()].flatMap(review => {
    const { reviewer } = review;
    if (reviewer === null || reviewer.bot) return [];
    const asked =
      review.state === 'changes-requested' ||
      (wasApproval(review) && objection(review, reviewer, pull, personOf) === undefined);
    return asked ? [reviewer] : [];
  });
}

function wasApproval(review: Review): boolean {
  return review.state === 'approved' || review.state === 'dismissed';
}

function objection(
  review: Review,
  reviewer: Account,
  pull: PullRequest,
  personOf: PersonOf,
): string | undefined {
  const person = personOf(reviewer);
  if (reviewer.bot) return 'not a human';
  if (review.state === 'dismissed') return 'dismissed';
  if (pull.author !== null && personOf(pull.author) === person) return 'the author';
  if (pull.contributors.some(account => personOf(account) === person)) return 'a contributor to its commits';
  if (review.commit !== pull.head.sha) return 'for another commit than the one merged';
  const last = opinions(pull.reviews).get(reviewer.id);
  if (last?.state === 'changes-requested') return 'followed by a request for changes';
  if (last?.state === 'dismissed') return 'followed by a review that was dismissed';
  return undefined;
}
