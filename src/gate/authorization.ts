import type { Move, PullRequest } from '../forge/forge.ts';

/** Policy of the gate, read from the last authorized revision, never from the one being judged. */
export interface Policy {
  /** How many distinct humans with write permission must have approved the final head. */
  approvals: number;
  /** Whether pull requests from forks are accepted. */
  forks: boolean;
  /** Checks that must have succeeded on the head; `app` pins who may report it. */
  requiredChecks: { name: string; app?: string | undefined }[];
  /** One person's several accounts: they count as one. */
  aliases: Alias[][];
  /** Whether each changed file needs an approval of those who own it by CODEOWNERS. */
  codeOwners: boolean;
  /** Logins of accounts that merge by pushing (merge bots): their pushes count as merges, and all else must hold. */
  mergers: string[];
  /** Accounts that may pass the gate in an emergency. The id, where given, must fit too: a login can be taken over. */
  breakGlass: { actors: { login: string; id?: string | undefined }[] };
}

/** A login, or an account by its id: a login can be given up, and taken over by somebody else. */
export type Alias = string | { login: string; id?: string | undefined };

/** One first-parent commit of the range that is judged, from our own object store. Its message and names are never read. */
export interface RangeCommit {
  sha: string;
  tree: string;
  parents: string[];
}

/**
 * Whether merging the reviewed head into the revision before a run gives the run's last tree. `contained`: the head holds
 * the first commit of the run already, so it was on the branch before and no merge of this head made it. `unknown`: it
 * could not be asked.
 */
export type Content = 'same' | 'different' | 'conflict' | 'head-unavailable' | 'contained' | 'unknown';

/** Commits `first`..`last` of the range, which one merge may have made. */
export interface Run {
  first: number;
  content: Content;
}

/** What CODEOWNERS of the last authorized revision asks of a pull request, and who of its reviewers may answer. */
export interface OwnersEvidence {
  /** The path of the file; null where there is none. */
  file: string | null;
  /** Lines that the forge would pass over, with what is wrong; `merged` for those that the pull request brings. */
  errors: string[];
  mergedErrors: string[];
  /** Whether it changes nothing but CODEOWNERS: a broken one must be reparable. */
  onlyOwners: boolean;
  demands: OwnersDemand[];
}

/** One entry of the file that owns changed files. */
export interface OwnersDemand {
  line: number;
  section?: string;
  /** As they stand in the file. */
  owners: string[];
  approvals: number;
  /** The first of the changed files, and how many there are. */
  path: string;
  files: number;
  /** Ids of reviewers who are owners, and of those of whom it could not be asked. */
  members: string[];
  unknown: string[];
}

/** What is known of one pull request that the forge names for a commit of the range. */
export interface Candidate {
  pull: PullRequest;
  /** Commits of the range for which the forge named it. */
  foundBy: string[];
  /** Index of its merge commit in the range, where each of its runs ends; null if it is not there. */
  last: number | null;
  /** The longest first. */
  runs: Run[];
  /** The message of the reviewed head commit, for its trailers; null where the head is not at hand. */
  headMessage: string | null;
  /** Whether a reviewer may write, by account id; one that is absent could not be asked, or need not be. */
  permissions: Record<string, boolean>;
  /**
   * Commits of the head of which the forge does not tell who pushed them (the first few); absent where it tells that of none,
   * or where what was merged is not what was reviewed.
   */
  untold?: string[];
  /** Absent where the policy does not ask for code owners, null where it could not be read. */
  owners?: OwnersEvidence | null;
}

/** Something that could not be learned. */
export interface Gap {
  /** A code of a Failure, `unsettled` (the forge may lag behind the merge) or `contradiction`. */
  code: string;
  message: string;
  /** Commits of the range whose verdict may depend on it; absent: all. */
  commits?: string[];
  /** The pull request whose evidence lacks it; what else is known of that one may suffice to deny it. */
  pull?: number;
  /** Milliseconds after which it is worth asking again. */
  retryAfterMs?: number;
}

/** All that the gate judges by: plain data, no clock. */
export interface Evidence {
  repositoryId: string;
  branch: string;
  /** The last authorized revision and its tree. */
  from: { sha: string; tree: string };
  /** The revision judged. */
  to: string;
  /** Whether `from` is an ancestor of `to`, or the same. */
  descends: boolean;
  /** First-parent commits, oldest first; the last one is `to`. */
  range: RangeCommit[];
  candidates: Candidate[];
  /** How the branch came to each of the commits of the range, newest first; null where the forge does not tell. */
  moves: Move[] | null;
  /** Whether the forge tells a merge from a push. */
  tellsHow: boolean;
  policy: Policy;
  gaps: Gap[];
}

/** Every reason has one of these codes, or that of the failure which left a gap. They are stable. */
export const reasonCodes = [
  'no-pr',
  'base-repository',
  'base',
  'not-merged',
  'fork',
  'content',
  'approvals',
  'changes-requested',
  'retargeted',
  'checks',
  'codeowners',
  'bypass',
  'rewind',
  'unsettled',
  'pushers',
  'incomplete',
  'contradiction',
] as const;
export type ReasonCode = (typeof reasonCodes)[number];

/** Why commits are denied, or cannot be judged. */
export interface Reason {
  code: string;
  /** For people. Logins and branch names in it are text from outside. */
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

/**
 * The verdict on a revision. `upTo` is the newest revision of the range that is authorized all the same, `from` if none;
 * `pulls` are the accepted pull requests up to there, and `note` tells what was healed on the way. `digest` is over the
 * evidence, so that two records of it can be compared.
 */
export type Authorization =
  | {
      verdict: 'authorized';
      from: string;
      revision: string;
      pulls: AcceptedPull[];
      digest: string;
      note?: string;
      /** The number that the forge gives the repository; absent for the trust root, which nobody was asked about. */
      repositoryId?: string;
    }
  | {
      verdict: 'denied';
      from: string;
      revision: string;
      reasons: Reason[];
      pulls: AcceptedPull[];
      digest: string;
      upTo: string;
      note?: string;
      repositoryId?: string;
    }
  | {
      verdict: 'unknown';
      from: string;
      revision: string;
      reasons: Reason[];
      upTo: string;
      /** Milliseconds after which it is worth judging again. */
      retryAfterMs: number;
    };

/** The newest revision that an authorization lets be applied; never anything newer than what was accepted whole. */
export function applicable(authorization: Authorization): string {
  return authorization.verdict === 'authorized' ? authorization.revision : authorization.upTo;
}
