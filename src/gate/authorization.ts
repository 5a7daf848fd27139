import type { Account, PullRequest } from '../forge/forge.ts';

/** Policy of the gate, read from the last authorized revision, never from the one being judged. */
export interface Policy {
  /** How many distinct humans with write permission must have approved the final head. */
  approvals: number;
  /** Whether pull requests from forks are accepted. */
  forks: boolean;
  /** Checks that must have succeeded on the head; `app` pins who may report it. */
  requiredChecks: { name: string; app?: string }[];
  /** Logins of one person's several accounts: they count as one. */
  aliases: string[][];
}

/** One first-parent commit of the range that is judged, from our own object store. */
export interface RangeCommit {
  sha: string;
  tree: string;
  message: string;
}

/** What is known of one candidate: a pull request that may explain the commits `from`..`to` (first-parent, `from` excluded). */
export interface Candidate {
  pull: PullRequest;
  /** Index into the range of the first and of the last commit that it would explain. */
  first: number;
  last: number;
  /** Whether `git merge-tree` of the base before and the reviewed head gives the tree of the last commit. */
  content: 'same' | 'different' | 'conflict' | 'head-unavailable';
  /** The message of the reviewed head commit, for its trailers; null where the head is not at hand. */
  headMessage: string | null;
  /** Which reviewers may write, by account id. */
  writers: string[];
}

/** All that the gate judges by: plain data, no clock. */
export interface Evidence {
  repositoryId: string;
  branch: string;
  /** The last authorized revision and its tree. */
  from: { sha: string; tree: string };
  /** The revision judged. */
  to: string;
  /** Whether `from` is an ancestor of `to`. */
  descends: boolean;
  /** Oldest first; the last one is `to`. */
  range: RangeCommit[];
  candidates: Candidate[];
  policy: Policy;
  /** What could not be learned; not empty means the verdict is unknown unless the range is denied by what is known. */
  gaps: { code: string; message: string }[];
}

/** A reason for which a segment is denied. `code` is stable: `no-pr`, `content`, `approvals`, `base`, … */
export interface Reason {
  code: string;
  message: string;
  commits: string[];
  pull?: number;
}

export interface AcceptedPull {
  number: number;
  url: string;
  title: string;
  author: string | null;
  approvers: string[];
  mergeCommit: string;
}

/** The verdict on a revision. `digest` is over the evidence, so that two records of it can be compared. */
export type Authorization =
  | {
      verdict: 'authorized';
      from: string;
      revision: string;
      pulls: AcceptedPull[];
      digest: string;
      note?: string;
    }
  | {
      verdict: 'denied';
      from: string;
      revision: string;
      reasons: Reason[];
      pulls: AcceptedPull[];
      digest: string;
      /** The newest revision of the range that may be applied all the same; `from` if none. */
      upTo: string;
    }
  | { verdict: 'unknown'; from: string; revision: string; reasons: Reason[] };

export type { Account, PullRequest };
