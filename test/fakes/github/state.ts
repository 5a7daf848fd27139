/** What the fake knows: plain data, filled by the builders and turned into GitHub's objects when asked for. */

export interface UserState {
  id: number;
  login: string;
  type: 'User' | 'Bot' | 'Organization' | 'Mannequin';
  /** What it shows in public. */
  email?: string;
}

export type Permission = 'admin' | 'maintain' | 'write' | 'triage' | 'read' | 'none';

export interface ReviewState {
  id: number;
  by: UserState | null;
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING';
  commit: string | null;
  at: string;
}

export interface EventState {
  id: number;
  event: string;
  by: UserState;
  at: string;
}

/** A commit of a pull request, with the accounts that GitHub links to it. */
export interface CommitState {
  sha: string;
  author: UserState | null;
  committer: UserState | null;
  coAuthors?: UserState[];
}

/** One time that a branch was moved; `bypass` as the rule suite says. */
export interface ActivityState {
  id: number;
  ref: string;
  type: 'push' | 'force_push' | 'branch_deletion' | 'branch_creation' | 'pr_merge' | 'merge_queue_merge';
  /** Null where it was created, or is deleted. */
  before: string | null;
  after: string | null;
  by: UserState | null;
  at: string;
  bypass: boolean;
}

export interface DeploymentState {
  id: number;
  sha: string;
  task: string;
  environment: string;
  statuses: { state: string; description: string }[];
}

/** A GitHub App that is installed, and the tokens that it was given, with the time at which each ends. */
export interface AppState {
  id: number;
  installation: number;
  publicKey: string;
  tokens: Map<string, number>;
  issued: number;
  now(): Date;
}

export interface PullState {
  number: number;
  id: number;
  title: string;
  body?: string | null;
  author: UserState;
  createdAt: string;
  base: { repository: RepositoryState; ref: string; sha: string };
  /** The repository is null once the fork is deleted. */
  head: { repository: RepositoryState | null; ref: string; sha: string };
  commits: CommitState[];
  reviews: ReviewState[];
  events: EventState[];
  closed: boolean;
  merged: { by: UserState | null; at: string; commit: string; introduces: string[] } | null;
}

export interface CheckRunState {
  id: number;
  sha: string;
  name: string;
  app: { id: number; slug: string } | null;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  title?: string;
}

export interface StatusState {
  id: number;
  sha: string;
  context: string;
  state: 'success' | 'pending' | 'failure' | 'error';
  description?: string | null;
}

export interface RepositoryState {
  id: number;
  owner: UserState;
  name: string;
  parent: RepositoryState | null;
  /** Former `owner/name`s, which redirect here. */
  formerNames: string[];
  commits: Set<string>;
  /** Branches by name, with the commit that they point to. */
  branches: Map<string, string>;
  pulls: Map<number, PullState>;
  permissions: Map<string, Permission>;
  checkRuns: CheckRunState[];
  statuses: StatusState[];
  activities: ActivityState[];
  deployments: DeploymentState[];
}

/** All of one fake, with its own numbers and its own clock, which goes on a minute with each event. */
export interface Universe {
  users: Map<string, UserState>;
  repositories: Map<number, RepositoryState>;
  /** Logins of the members of a team, by `org/slug` in lower case. */
  teams: Map<string, Set<string>>;
  app?: AppState;
  nextId(): number;
  nextTime(): string;
}

export function createUniverse(): Universe {
  let id = 1000;
  let time = Date.UTC(2026, 0, 5, 9);
  return {
    users: new Map(),
    repositories: new Map(),
    teams: new Map(),
    nextId: () => ++id,
    nextTime: () => {
      time += 60_000;
      return new Date(time).toISOString().replace('.000', '');
    },
  };
}
