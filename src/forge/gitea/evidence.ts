/** From Gitea's answers to the words of the contract: pure, one function per kind of evidence. */
import { Failure } from '../../failure/failure.ts';
import { coAuthorEmails, isOf } from '../co-authors.ts';
import type { Account, Check, PullRequest, Review } from '../forge.ts';
import type { CommitAnswer, Event, Pull, ReviewAnswer, Status, User } from './schema.ts';

/**
 * Gitea's stand-ins have negative ids: -1 is a deleted account (null here), the others act for machines. Gitea does not say
 * which accounts are bots otherwise; where it gives a type, that is used.
 */
export function accountOf(user: User | null): Account | null {
  if (user === null || user.id === -1) return null;
  const bot = user.id < 0 || (user.type !== undefined && !/^(user|individual)$/i.test(user.type));
  return { id: String(user.id), login: user.login, bot };
}

const reviewStates = {
  APPROVED: 'approved',
  REQUEST_CHANGES: 'changes-requested',
  COMMENT: 'commented',
  PENDING: 'pending',
} as const;

/**
 * Reviews in the order of submission. A dismissed review keeps its state in Gitea and has only a flag (measured), which
 * wins here. Requests for a review are none. Gitea's `stale` lags behind and is not read: the commit tells.
 */
export function reviewsOf(answers: readonly ReviewAnswer[]): Review[] {
  return answers
    .flatMap(answer => {
      if (answer.state === 'REQUEST_REVIEW') return [];
      const state: Review['state'] = answer.dismissed ? 'dismissed' : reviewStates[answer.state];
      const commit = answer.commit_id === '' ? null : answer.commit_id;
      return [
        {
          id: answer.id,
          time: Date.parse(answer.submitted_at),
          review: { reviewer: accountOf(answer.user), state, commit, submittedAt: answer.submitted_at },
        },
      ];
    })
    .sort((a, b) => a.time - b.time || a.id - b.id)
    .map(({ review }) => review);
}

/** Times at which the pull request was pointed at another branch; its approvals survive that in Gitea (measured). */
export function retargetsOf(events: readonly Event[]): string[] {
  return events.filter(event => event.type === 'change_target_branch').map(event => event.created_at);
}

/**
 * Accounts that Gitea links to commits, by e-mail, so this may only exclude, never vouch. Gitea links no co-authors, so the
 * trailers of the commits are held against the addresses of those who reviewed.
 */
export function contributorsOf(
  commits: readonly CommitAnswer[],
  reviewers: readonly (User | null)[] = [],
): Account[] {
  const emails = coAuthorEmails(commits.map(({ commit }) => commit.message));
  const coAuthors = reviewers.filter(
    reviewer => reviewer !== null && emails.some(email => isOf(email, reviewer.login, reviewer.email)),
  );
  const users = [...commits.flatMap(commit => [commit.author, commit.committer]), ...coAuthors];
  const accounts = users.map(accountOf).filter(account => account !== null);
  return [...new Map(accounts.map(account => [account.id, account])).values()];
}

/** The latest status of each context. Only `success` is success: a skipped or warning status proves nothing. */
export function checksOf(statuses: readonly Status[]): Check[] {
  return statuses.map(({ context, status }) => {
    const state = status === 'success' || status === 'pending' ? status : 'failure';
    return { name: context, app: null, state };
  });
}

/** A merged pull request without its lists; one that contradicts itself is a Failure HF1405. */
export function mergedPull(
  pull: Pull,
): Omit<PullRequest, 'reviews' | 'retargetedAt' | 'contributors' | 'checks'> {
  if (!pull.merged || pull.merged_at === null || pull.merge_commit_sha === null) {
    throw new Failure(
      'HF1405',
      `pull request ${pull.number} is given as merged, but not when or as which commit`,
    );
  }
  return {
    number: pull.number,
    url: pull.html_url,
    title: pull.title,
    author: accountOf(pull.user),
    merged: true,
    mergedAt: pull.merged_at,
    mergedBy: accountOf(pull.merged_by),
    mergeCommit: pull.merge_commit_sha,
    base: { repositoryId: String(pull.base.repo_id), ref: pull.base.ref },
    head: { sha: pull.head.sha, repositoryId: pull.head.repo_id > 0 ? String(pull.head.repo_id) : null },
    mergeBase: pull.merge_base || null,
  };
}
