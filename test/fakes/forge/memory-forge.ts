import { ownerText } from '../../../src/codeowners/codeowners.ts';
import type { Account, Announcement, Forge, Move, PullRequest } from '../../../src/forge/forge.ts';

export type Question = 'repositoryId' | 'pullRequestsOf' | 'canWrite' | 'moves' | 'owns' | 'announce';

/** A forge in memory: it answers from what a test put in, and fails where a test says so. */
export interface MemoryForge extends Forge {
  readonly pulls: PullRequest[];
  /** Pull requests that it names for a commit besides the one whose merge commit it is, by number. */
  readonly named: Map<string, number[]>;
  /** Logins that may write. */
  readonly writers: Set<string>;
  /** How the branch was moved, newest first; null where it does not tell. */
  branchMoves: Move[] | null;
  /** Logins of the members of a team, by `@org/team`. */
  readonly teams: Map<string, string[]>;
  readonly announced: Announcement[];
  /** What each question throws for these subjects (a commit, a login, or `*`). */
  readonly failures: Map<string, Error>;
  /** All questions in the order asked: `pullRequestsOf <sha>`. */
  readonly asked: string[];
  fail(question: Question, subject: string, error: Error): void;
}

/** As Gitea, it finds a pull request by its merge commit; what else is named, as GitHub does, goes into `named`. */
export function createMemoryForge(id = '7', secrets: readonly string[] = []): MemoryForge {
  const failures = new Map<string, Error>();
  const asked: string[] = [];
  const pulls: PullRequest[] = [];
  const named = new Map<string, number[]>();
  const writers = new Set<string>();

  async function answer<T>(question: Question, subject: string, value: () => T): Promise<T> {
    asked.push(`${question} ${subject}`);
    const failure = failures.get(`${question} ${subject}`) ?? failures.get(`${question} *`);
    if (failure !== undefined) throw failure;
    return structuredClone(value());
  }

  const forge: MemoryForge = {
    kind: 'github',
    tellsHow: true,
    branchMoves: null,
    teams: new Map(),
    announced: [],
    secrets,
    pulls,
    named,
    writers,
    failures,
    asked,
    fail: (question, subject, error) => failures.set(`${question} ${subject}`, error),
    repositoryId: () => answer('repositoryId', '', () => id),
    pullRequestsOf: commit =>
      answer('pullRequestsOf', commit, () =>
        pulls.filter(
          pull => pull.mergeCommit === commit || named.get(commit)?.includes(pull.number) === true,
        ),
      ),
    canWrite: (account: Account) => answer('canWrite', account.login, () => writers.has(account.login)),
    moves: (branch, since) => answer('moves', `${branch} ${since}`, () => forge.branchMoves),
    owns: (owner, account) =>
      answer('owns', `${ownerText(owner)} ${account.login}`, () => {
        return forge.teams.get(ownerText(owner))?.includes(account.login) === true;
      }),
    announce: announcement =>
      answer('announce', announcement.commit, () => void forge.announced.push(announcement)),
  };
  return forge;
}
