/** From GitLab's answers to the words of the contract: pure, one function per kind of evidence. */
import { Failure } from '../../failure/failure.ts';
import type { Account, Check, Move, PullRequest, Review } from '../forge.ts';
import type {
  Event,
  MergeRequest,
  Note,
  Reviewer,
  Status,
  User,
  Version,
  WholeMergeRequest,
} from './schema.ts';

/** Whether an account is a bot is on its own page only; here are those that were looked up. */
export type Bots = ReadonlySet<number>;

/** Null for GitLab's stand-in for deleted accounts. */
export function accountOf(user: User | null | undefined, bots: Bots): Account | null {
  if (user === null || user === undefined || /^ghost\d*$/.test(user.username)) return null;
  // accounts of project and group access tokens
  const machine = /^(project|group)_\d+_bot/.test(user.username);
  return { id: String(user.id), login: user.username, bot: machine || bots.has(user.id) };
}

/**
 * What the branch was updated to. A fast-forward has no merge commit (null): then it is the squashed commit, or the head
 * itself.
 */
export function mergeCommitOf({
  merge_commit_sha: merge,
  squash_commit_sha: squash,
  sha,
}: MergeRequest): string {
  return merge ?? squash ?? sha;
}

export function mergedPull(
  merge: WholeMergeRequest,
  bots: Bots,
): Omit<PullRequest, 'reviews' | 'retargetedAt' | 'contributors' | 'checks'> {
  if (merge.state !== 'merged' || merge.merged_at === null) {
    throw new Failure('HF1405', `merge request ${merge.iid} is given as merged, but not when`);
  }
  if (merge.diff_refs !== null && merge.diff_refs.head_sha !== merge.sha) {
    throw new Failure('HF1405', `the forge tells two stories of merge request ${merge.iid}`);
  }
  return {
    number: merge.iid,
    url: merge.web_url,
    title: merge.title,
    author: accountOf(merge.author, bots),
    merged: true,
    mergedAt: merge.merged_at,
    mergedBy: accountOf(merge.merge_user ?? merge.merged_by, bots),
    mergeCommit: mergeCommitOf(merge),
    base: { repositoryId: String(merge.target_project_id), ref: merge.target_branch },
    head: {
      sha: merge.sha,
      repositoryId: merge.source_project_id === null ? null : String(merge.source_project_id),
    },
    mergeBase: merge.diff_refs?.base_sha ?? null,
  };
}

export interface ReviewSources {
  approvedBy: readonly { user: User; approved_at?: string | undefined }[];
  reviewers: readonly Reviewer[];
  notes: readonly Note[];
  versions: readonly Version[];
}

/**
 * Approvals name no commit in GitLab. Each is taken for the newest version of the merge request that was there before it, by
 * GitLab's own times; one whose time is not told, or is the same as a version's, is for none. Only approvals that stand are
 * given; who asks for changes is told by the reviewers' states.
 */
export function reviewsOf({ approvedBy, reviewers, notes, versions }: ReviewSources, bots: Bots): Review[] {
  const approvals = approvedBy.map(({ user, approved_at: told }) => {
    const noted = notes.findLast(
      note => note.system && note.body === 'approved this merge request' && note.author?.id === user.id,
    );
    const at = told ?? noted?.created_at ?? null;
    const commit = at === null ? null : versionAt(versions, at);
    return { reviewer: accountOf(user, bots), state: 'approved' as const, commit, submittedAt: at };
  });
  const objections = reviewers
    .filter(({ state }) => state === 'requested_changes')
    .map(({ user, created_at: at }) => ({
      reviewer: accountOf(user, bots),
      state: 'changes-requested' as const,
      commit: null,
      submittedAt: at,
    }));
  // an objection that stands does so whatever was approved before, so it comes last
  return [...approvals, ...objections];
}

function versionAt(versions: readonly Version[], at: string): string | null {
  const time = Date.parse(at);
  const sorted = versions.toSorted((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at));
  if (sorted.some(({ created_at: made }) => Date.parse(made) === time)) return null;
  return sorted.find(({ created_at: made }) => Date.parse(made) < time)?.head_commit_sha ?? null;
}

/** GitLab notes it in words, in a note that people cannot write. */
export function retargetsOf(notes: readonly Note[]): string[] {
  return notes
    .filter(({ system, body }) => system && /^changed target branch from /.test(body))
    .map(note => note.created_at);
}

/** Who pushed to the merge request, by GitLab's own notes. */
export function pushersOf(notes: readonly Note[], bots: Bots): Account[] {
  return notes.flatMap(({ system, body, author }) => {
    const account = system && /^added \d+ commits?\b/.test(body) ? accountOf(author, bots) : null;
    return account === null ? [] : [account];
  });
}

/** The latest status of each name, reported by an account: any developer may report one. */
export function checksOf(statuses: readonly Status[]): Check[] {
  return statuses.map(({ name, status, author }) => ({
    name,
    app: author === undefined || author === null ? null : String(author.id),
    state:
      status === 'success'
        ? 'success'
        : /^(created|pending|running|waiting|preparing)/.test(status)
          ? 'pending'
          : 'failure',
  }));
}

/** How a branch was moved: a push and a merge look the same in GitLab's events. */
export function moveOf(
  { author, created_at: at, push_data: push }: Event,
  branch: string,
  bots: Bots,
): Move[] {
  if (push === undefined || push.ref_type !== 'branch' || push.ref !== branch) return [];
  const { commit_from: before, commit_to: after } = push;
  const kind = after === null ? 'deleted' : before === null ? 'created' : 'untold';
  return [{ kind, before, after, actor: accountOf(author, bots), at }];
}
