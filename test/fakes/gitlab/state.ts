/** What the fake knows: plain data, filled by a test and turned into GitLab's objects when asked for. */

export interface UserState {
  id: number;
  username: string;
  bot: boolean;
  publicEmail: string | null;
}

export interface ApprovalState {
  by: UserState;
  at: string;
}

export interface MergeState {
  iid: number;
  title: string;
  author: UserState | null;
  state: 'opened' | 'closed' | 'merged';
  source: { project: ProjectState | null; branch: string };
  target: { project: ProjectState; branch: string };
  head: string;
  baseSha: string;
  versions: { head: string; at: string }[];
  /** By `add`ed commits, with who GitLab links to them. */
  commits: { id: string; message: string; committer: UserState | null }[];
  approvals: ApprovalState[];
  reviewers: { user: UserState; state: string; at: string }[];
  notes: { body: string; system: boolean; by: UserState | null; at: string }[];
  merged: {
    by: UserState | null;
    at: string;
    mergeCommit: string | null;
    squashCommit: string | null;
  } | null;
}

export interface PushState {
  branch: string;
  from: string | null;
  to: string | null;
  by: UserState;
  at: string;
}

export interface ProjectState {
  id: number;
  path: string;
  commits: Set<string>;
  /** Branches by name, with the commit that they point to. */
  branches: Map<string, string>;
  merges: Map<number, MergeState>;
  /** Access levels by id of the account. */
  members: Map<number, number>;
  statuses: { sha: string; name: string; status: string; description: string | null; by: UserState }[];
  pushes: PushState[];
  /** Merge requests that the lookup by commit misses, as the service does now and then. */
  missed: Set<number>;
}

export interface Universe {
  users: Map<string, UserState>;
  projects: Map<number, ProjectState>;
  /** Members of groups, by full path. */
  groups: Map<string, Map<number, number>>;
  nextId(): number;
  /** An instant later than all before: a minute, as GitLab has milliseconds. */
  nextTime(): string;
}

export function createUniverse(): Universe {
  let id = 100;
  let time = Date.UTC(2026, 0, 5, 9);
  return {
    users: new Map(),
    projects: new Map(),
    groups: new Map(),
    nextId: () => ++id,
    nextTime: () => {
      time += 60_000;
      return new Date(time).toISOString();
    },
  };
}

export function userOf(universe: Universe, username: string): UserState {
  const known = universe.users.get(username);
  if (known !== undefined) return known;
  const user = { id: universe.nextId(), username, bot: false, publicEmail: null };
  universe.users.set(username, user);
  return user;
}
