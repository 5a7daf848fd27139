import type { SourceTree } from '../declared/tree.ts';

/** A first-parent commit. */
export interface Commit {
  /** 40 hex digits. */
  sha: string;
  tree: string;
  parents: string[];
  message: string;
  /** What the committer says of the time, RFC 3339; absent where it cannot be read. */
  committedAt?: string;
}

/**
 * The configured repository as seen in our own object store: every question is about a full commit SHA, never a branch
 * name, so that nothing is read twice with two answers. All methods throw a Failure HF12xx.
 */
export interface Repository {
  /** Fetches the branch and nothing else. Returns its tip; nothing known is lost when it fails. */
  fetch(): Promise<string>;
  has(revision: string): Promise<boolean>;
  tree(revision: string): Promise<SourceTree>;
  commit(revision: string): Promise<Commit>;
  isAncestor(ancestor: string, descendant: string): Promise<boolean>;
  /** First-parent commits of `from`..`to`, oldest first, `from` excluded. */
  firstParents(from: string, to: string): Promise<Commit[]>;
  /** The commits that `head` leads to and none of `without` does, newest first. */
  introduced(head: string, without: readonly string[]): Promise<string[]>;
  /** The tree that merging `head` into `base` gives, or null on a conflict (`git merge-tree --write-tree`). */
  mergedTree(base: string, head: string): Promise<string | null>;
  /** The files of a tree that no commit has, such as that of a merge that was not made; told as `revision`. */
  treeObject(id: string, revision: string): Promise<SourceTree>;
  /** The files that cannot be merged; empty when all can. */
  conflicts(base: string, head: string): Promise<string[]>;
  /** The newest commit that both come from; null where there is none. */
  mergeBase(a: string, b: string): Promise<string | null>;
  /** Fetches one commit that the branch does not contain, such as the head of a pull request; false when the remote has it no more. */
  fetchCommit(sha: string, refs: readonly string[]): Promise<boolean>;
  /** Paths that differ between two revisions, with what happened to each. */
  changedPaths(
    from: string,
    to: string,
  ): Promise<{ path: string; change: 'added' | 'changed' | 'deleted' }[]>;
}

/** A repository that lends commits which nobody has approved. */
export interface LendingRepository extends Repository {
  /** Has one commit that nobody has approved for the time of `use` alone; undefined when the remote has it no more. */
  withCommit<T>(sha: string, refs: readonly string[], use: () => Promise<T>): Promise<T | undefined>;
}
