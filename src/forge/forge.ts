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
   * Accounts that the forge links to commits of the pull request, or knows to have pushed to it. The link goes by e-mail,
   * which proves nothing, and not every push is told: this may exclude an approver, never vouch for anyone.
   */
  contributors: Account[];
  checks: Check[];
}

/**
 * The questions that the gate asks a forge. Every method throws a Failure HF14xx when the forge cannot say: an outage, a
 * refused token, a truncated or contradictory answer. An empty answer is an answer.
 */
export interface Forge {
  readonly kind: 'gitea' | 'github';
  /** The numeric id of the configured repository, as text. It is pinned: a name can be moved. */
  repositoryId(): Promise<string>;
  /**
   * Merged pull requests that this commit (40 hex digits) belongs to, with all their evidence. One of another repository
   * (`base.repositoryId`) may be among them; it comes without reviews. Empty also just after a merge, while a forge lags.
   */
  pullRequestsOf(commit: string): Promise<PullRequest[]>;
  /** Whether the account may write to the repository now. */
  canWrite(account: Account): Promise<boolean>;
  /** Text that must never leave the process. */
  readonly secrets: readonly string[];
}
