import type { Owner } from '../codeowners/codeowners.ts';

/** An account of the forge. `id` is the forge's own, as text; the login is for people. */
export interface Account {
  id: string;
  login: string;
  bot: boolean;
}

export interface Review {
  /** Null for a deleted account. */
  reviewer: Account | null;
  state: 'approved' | 'changes-requested' | 'commented' | 'dismissed' | 'pending';
  /** The commit that was reviewed; null where the forge no longer knows. */
  commit: string | null;
  submittedAt: string | null;
}

export interface Check {
  name: string;
  /** The app that reported it, as the forge identifies apps; null for a plain commit status. */
  app: string | null;
  state: 'success' | 'failure' | 'pending';
}

/** All that a forge says of one pull request, each field as schema-checked. */
export interface PullRequest {
  number: number;
  url: string;
  title: string;
  author: Account | null;
  merged: boolean;
  mergedAt: string | null;
  mergedBy: Account | null;
  /** What the base was updated to by the merge: the merge, the squashed or the last rebased commit. */
  mergeCommit: string | null;
  base: { repositoryId: string; ref: string };
  head: { sha: string; repositoryId: string | null };
  /** Ids of reviewers of whom the forge says at once that they may write now; the others are asked for one by one. */
  writers?: string[];
  /**
   * The commit from which the forge shows the pull request's changes, where it says: it tells which of the commits of a
   * fast-forward were under review, and which were on the branch before.
   */
  mergeBase?: string | null;
  /** In the order of submission. */
  reviews: Review[];
  /** Times at which the base branch was changed to another one. */
  retargetedAt: string[];
  /**
   * Accounts that the forge links to commits of the pull request (as author, committer or co-author), or knows to have
   * pushed to it. The link goes by e-mail, which proves nothing: this may exclude an approver, never vouch for anyone.
   */
  contributors: Account[];
  /**
   * Pushes to its head, each by an account that the forge authenticated, in no order; some may be told late, or never. Absent
   * where a forge does not tell enough for the gate to ask for each commit who pushed it.
   */
  pushes?: Push[];
  /** Whether a bot is known to have pushed to it: whoever made it do so may be the one who approves. */
  botPushed?: boolean;
  checks: Check[];
}

/**
 * Who moved the head from where (null: the branch was created) to where, or who brought which commits. `by` is null for a
 * deleted account.
 */
export type Push = { by: Account | null } & (
  | { before: string | null; after: string }
  | { commits: string[] }
);

/**
 * One time that the branch was moved, as the forge itself saw it: by whom is authenticated, whatever the commits say.
 * `untold`: the forge tells who, but not whether by a push or by merging a pull request.
 */
export interface Move {
  kind: 'merge' | 'push' | 'force-push' | 'created' | 'deleted' | 'untold';
  /** Null where the branch was created. */
  before: string | null;
  /** Null where it was deleted. */
  after: string | null;
  /** Null for a deleted account. */
  actor: Account | null;
  at: string;
  /** Whether the forge says that somebody bypassed its rules; absent where it does not say. */
  bypass?: boolean;
}

/** How far the sync of a merged commit is, for those who look at it on the forge. */
export interface Announcement {
  /** The merged commit: 40 hex digits. */
  commit: string;
  state: 'pending' | 'success' | 'failure';
  /** Cut to what the forge takes (140 characters). Nothing secret. */
  description: string;
  /** The environment, as Holdfast is told; in the name of the status where there is one. */
  environment?: string;
}

/**
 * The questions that the gate asks a forge. Every method throws a Failure HF14xx when the forge cannot say: an outage, a
 * refused token, a truncated or contradictory answer. An empty answer is an answer.
 */
export interface Forge {
  readonly kind: ForgeKind;
  /** Whether `moves` tells a merge from a push, each as soon as it happened; else it tells who alone, some time later. */
  readonly tellsHow: boolean;
  /** The numeric id of the configured repository, as text. It is pinned: a name can be moved. */
  repositoryId(): Promise<string>;
  /**
   * Merged pull requests that this commit (40 hex digits) belongs to, with all their evidence. One of another repository
   * (`base.repositoryId`) may be among them; it comes without reviews. Empty also just after a merge, while a forge lags.
   */
  pullRequestsOf(commit: string): Promise<PullRequest[]>;
  /** Whether the account may write to the repository now. */
  canWrite(account: Account): Promise<boolean>;
  /**
   * How the branch was moved, newest first, back to where it was at the commit `since` or as far as the forge remembers.
   * Null where the forge does not tell, which is no failure.
   */
  moves(branch: string, since: string): Promise<Move[] | null>;
  /** Whether the account is, or belongs to, an owner that CODEOWNERS names. Accounts by login the caller compares itself. */
  owns(owner: Owner, account: Account): Promise<boolean>;
  /** Shows how the sync of a merged commit goes: a commit status or check `holdfast/sync`, and a deployment where there are any. */
  announce(announcement: Announcement): Promise<void>;
  /** Text that must never leave the process; it may change while the forge is in use. */
  readonly secrets: readonly string[];
}

export type ForgeKind = 'gitea' | 'github' | 'gitlab';
