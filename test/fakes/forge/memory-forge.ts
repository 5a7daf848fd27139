import type { Account, Forge, PullRequest } from '../../../src/forge/forge.ts';

export type Question = 'repositoryId' | 'pullRequestsOf' | 'canWrite';

/** A forge in memory: it answers from what a test put in, and fails where a test says so. */
export interface MemoryForge extends Forge {
  readonly pulls: PullRequest[];
  /** Pull requests that it names for a commit besides the one whose merge commit it is, by number. */
  readonly named: Map<string, number[]>;
  /** Logins that may write. */
  readonly writers: Set<string>;
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

  return {
    kind: 'gitea',
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
  };
}
