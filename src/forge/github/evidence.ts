/** From GitHub's answers to the words of the contract: pure, one function per kind of evidence. */
import { Failure } from '../../failure/failure.ts';
import type { Account, Check, PullRequest, Review } from '../forge.ts';
import type {
  CheckRun,
  CommitAnswer,
  Event,
  Pull,
  ReviewAnswer,
  SimplePull,
  Status,
  User,
} from './schema.ts';

/** The account that GitHub puts in the place of deleted ones. */
export const ghost = 10137;

/** Null for a deleted account. Only the type `User` is a human: apps, bots, organizations and mannequins are not. */
export function accountOf(user: User | null | undefined): Account | null {
  if (user === null || user === undefined || user.id === ghost) return null;
  return {
    id: String(user.id),
    login: user.login,
    bot: user.type !== 'User' || user.login.endsWith('[bot]'),
  };
}

const reviewStates = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes-requested',
  COMMENTED: 'commented',
  DISMISSED: 'dismissed',
  PENDING: 'pending',
} as const;

/** In GitHub's order, which is that of submission. */
export function reviewsOf(answers: readonly ReviewAnswer[]): Review[] {
  return answers.map(answer => ({
    reviewer: accountOf(answer.user),
    state: reviewStates[answer.state],
    commit: answer.commit_id,
    submittedAt: answer.submitted_at ?? null,
  }));
}

/** Times at which the base became another branch: by a person, or by GitHub when the base of a stack was merged. */
export function retargetsOf(events: readonly Event[]): string[] {
  const kinds = ['base_ref_changed', 'automatic_base_change_succeeded'];
  return events
    .filter(event => kinds.includes(event.event ?? ''))
    .map(event => {
      if (typeof event.created_at === 'string') return event.created_at;
      throw new Failure('HF1405', 'the forge tells of a changed base branch without its time');
    });
}

/** Accounts that GitHub links to commits (by e-mail: it may only exclude, never vouch), and those that force-pushed the head. */
export function contributorsOf(commits: readonly CommitAnswer[], events: readonly Event[]): Account[] {
  const pushers = events.filter(event => event.event === 'head_ref_force_pushed').map(event => event.actor);
  const users = [...commits.flatMap(commit => [commit.author, commit.committer]), ...pushers];
  const accounts = users.map(accountOf).filter(account => account !== null);
  return [...new Map(accounts.map(account => [account.id, account])).values()];
}

/**
 * Check runs with the numeric id of their app, and commit statuses, which any writer can set, with none. Only `success` is
 * success: GitHub lets skipped and neutral runs pass, but they prove nothing.
 */
export function checksOf(runs: readonly CheckRun[], statuses: readonly Status[]): Check[] {
  return [
    ...runs.map(run => ({
      name: run.name,
      app: run.app === null ? null : String(run.app.id),
      state: runState(run),
    })),
    ...statuses.map(({ context, state }) => ({
      name: context,
      app: null,
      state: state === 'error' ? ('failure' as const) : state,
    })),
  ];
}

function runState({ status, conclusion }: CheckRun): Check['state'] {
  if (status !== 'completed') return 'pending';
  return conclusion === 'success' ? 'success' : 'failure';
}

type Lists = 'reviews' | 'retargetedAt' | 'contributors' | 'checks';

/** What both a list item and a whole pull request tell; `mergedBy` stands in the whole one only. */
function commonOf(pull: SimplePull | Pull): Omit<PullRequest, Lists | 'mergedBy' | 'merged'> {
  return {
    number: pull.number,
    url: pull.html_url,
    title: pull.title,
    author: accountOf(pull.user),
    mergedAt: pull.merged_at,
    mergeCommit: pull.merge_commit_sha,
    base: { repositoryId: String(pull.base.repo.id), ref: pull.base.ref },
    head: {
      sha: pull.head.sha,
      repositoryId: pull.head.repo === null ? null : String(pull.head.repo.id),
    },
  };
}

/** A merged pull request without its lists; one that contradicts itself is a Failure HF1405. */
export function mergedPull(pull: Pull): Omit<PullRequest, Lists> {
  if (!pull.merged || pull.merged_at === null || pull.merge_commit_sha === null) {
    throw new Failure(
      'HF1405',
      `pull request ${pull.number} is given as merged, but not when or as which commit`,
    );
  }
  return { ...commonOf(pull), merged: true, mergedBy: accountOf(pull.merged_by) };
}

/**
 * A merged pull request of another repository, which the lookup also finds. It is evidence of where the commit comes from
 * and can authorize nothing, so its reviews are not asked for; its number means another pull request here.
 */
export function foreignPull(pull: SimplePull): PullRequest {
  const none = { reviews: [], retargetedAt: [], contributors: [], checks: [] };
  return { ...commonOf(pull), merged: true, mergedBy: null, ...none };
}
