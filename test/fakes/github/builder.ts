import { sha, userOf } from './names.ts';
import { type FakePull, pullBuilder } from './pull-builder.ts';
import type {
  ActivityState,
  CheckRunState,
  CommitState,
  Permission,
  RepositoryState,
  StatusState,
  Universe,
  UserState,
} from './state.ts';

export interface NewPull {
  author: string;
  head: string;
  number?: number;
  title?: string;
  base?: string;
  baseSha?: string;
  headRef?: string;
  /** The fork that it comes from. */
  from?: FakeRepository;
  /** Without them: one commit, the head, by the author. */
  commits?: { sha: string; author?: string | null; committer?: string | null; coAuthors?: string[] }[];
}

/** What a test does to a repository of the fake. SHAs are 40 hex digits; `sha(text)` makes one. */
export interface FakeRepository {
  readonly state: RepositoryState;
  /** `owner/name`. */
  readonly fullName: string;
  readonly id: string;
  /** A commit that came by a push: known, and belonging to no pull request. */
  push(sha: string, branch?: string): void;
  pull(options: NewPull): FakePull;
  /** A branch is moved: what the service notes of it. */
  moved(
    branch: string,
    move: Pick<ActivityState, 'type' | 'before' | 'after'> & { by: string | null; bypass?: boolean },
  ): void;
  permit(login: string, permission: Permission): void;
  checkRun(sha: string, run: Partial<Omit<CheckRunState, 'id' | 'sha'>> & { name: string }): void;
  status(sha: string, context: string, state: StatusState['state']): void;
  fork(owner: string): FakeRepository;
  /** Renames or transfers it: the old name redirects. */
  move(fullName: string): void;
  /** Deletes it; forks of it stay. */
  remove(): void;
}

export function repositoryBuilder(universe: Universe, state: RepositoryState): FakeRepository {
  const linked = (login: string | null | undefined, otherwise: UserState) =>
    login === undefined ? otherwise : login === null ? null : userOf(universe, login);

  return {
    state,
    id: String(state.id),
    get fullName() {
      return `${state.owner.login}/${state.name}`;
    },
    push: (commit, branch) => {
      state.commits.add(commit);
      if (branch !== undefined) state.branches.set(branch, commit);
    },

    pull(options) {
      const author = userOf(universe, options.author);
      const commits: CommitState[] = (options.commits ?? [{ sha: options.head }]).map(commit => ({
        sha: commit.sha,
        author: linked(commit.author, author),
        committer: linked(commit.committer, author),
        coAuthors: (commit.coAuthors ?? []).map(login => userOf(universe, login)),
      }));
      const number = options.number ?? state.pulls.size + 1;
      const base = {
        repository: state,
        ref: options.base ?? 'main',
        sha: options.baseSha ?? sha(`base of ${number}`),
      };
      const head = {
        repository: options.from?.state ?? state,
        ref: options.headRef ?? 'change',
        sha: options.head,
      };
      const fixed = {
        number,
        id: universe.nextId(),
        author,
        createdAt: universe.nextTime(),
        base,
        head,
        commits,
      };
      const title = options.title ?? `Change ${number}`;
      const pull = { ...fixed, title, reviews: [], events: [], closed: false, merged: null };
      state.pulls.set(number, pull);
      for (const commit of [options.head, ...commits.map(each => each.sha)]) state.commits.add(commit);
      return pullBuilder(universe, pull);
    },

    moved(branch, { by, bypass = false, ...move }) {
      const actor = by === null ? null : userOf(universe, by);
      const noted = {
        id: universe.nextId(),
        ref: `refs/heads/${branch}`,
        at: universe.nextTime(),
        by: actor,
        bypass,
      };
      state.activities.push({ ...move, ...noted });
    },

    permit: (login, permission) => {
      state.permissions.set(userOf(universe, login).login, permission);
    },
    checkRun(commit, run) {
      const usual = {
        app: { id: 15368, slug: 'github-actions' },
        status: 'completed',
        conclusion: 'success',
      } as const;
      state.checkRuns.push({ id: universe.nextId(), sha: commit, ...usual, ...run });
    },
    status(commit, context, value) {
      state.statuses.push({ id: universe.nextId(), sha: commit, context, state: value });
    },

    fork(owner) {
      return addRepository(universe, `${owner}/${state.name}`, { parent: state });
    },
    move(fullName) {
      state.formerNames.push(`${state.owner.login}/${state.name}`);
      const [owner = '', name = ''] = fullName.split('/');
      state.owner = userOf(universe, owner);
      state.name = name;
    },
    remove() {
      universe.repositories.delete(state.id);
      for (const { pulls } of universe.repositories.values()) {
        for (const pull of pulls.values()) if (pull.head.repository === state) pull.head.repository = null;
      }
    },
  };
}

export function addRepository(
  universe: Universe,
  fullName: string,
  options: { id?: number; parent?: RepositoryState } = {},
): FakeRepository {
  const [owner = '', name = ''] = fullName.split('/');
  const state: RepositoryState = {
    id: options.id ?? universe.nextId(),
    owner: userOf(universe, owner),
    name,
    parent: options.parent ?? null,
    formerNames: [],
    commits: new Set(options.parent?.commits),
    branches: new Map(),
    pulls: new Map(),
    permissions: new Map([[owner, 'admin']]),
    checkRuns: [],
    statuses: [],
    activities: [],
    deployments: [],
  };
  universe.repositories.set(state.id, state);
  return repositoryBuilder(universe, state);
}
