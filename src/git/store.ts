import type { SourceTree } from '../declared/tree.ts';
import { Failure } from '../failure/failure.ts';
import { type GitObject, readObjects } from './blobs.ts';
import { readCommit } from './commit.ts';
import { type Git, type GitAnswer, GitExit } from './git.ts';
import type { Commit, Repository } from './repository.ts';
import { parseListing, revisionTree } from './revision-tree.ts';
import { gitFailure, looksCorrupt } from './trouble.ts';

export type ReadableRepository = Omit<Repository, 'fetch' | 'fetchCommit'>;

/** Throws HF1206 for anything but a full commit or tree id, so that no name and no option ever reaches git. */
export function checkRevision(revision: string): string {
  if (/^[0-9a-f]{40}$/.test(revision)) return revision;
  throw new Failure('HF1206', 'a revision must be a full commit SHA of 40 hex digits');
}

/** Reads an object store. Answers about a revision never change; nothing here looks at a branch, an index or a working tree. */
export class ObjectStore implements ReadableRepository {
  readonly #git: Git;
  readonly #prefix: string;
  readonly #onDamage: () => void;

  /** `prefix` (ending in `/`, or empty) is the folder that `tree` shows; `onDamage` is told when the store seems corrupt. */
  constructor(git: Git, options: { prefix?: string; onDamage?: () => void } = {}) {
    this.#git = git;
    this.#prefix = options.prefix ?? '';
    this.#onDamage = options.onDamage ?? (() => undefined);
  }

  async has(revision: string): Promise<boolean> {
    const object = (await this.#objects([checkRevision(revision)], 'cannot look for the revision')).get(
      revision,
    );
    return object?.type === 'commit';
  }

  async tree(revision: string): Promise<SourceTree> {
    await this.commit(revision);
    return this.treeObject(revision, revision);
  }

  /** The files of a tree that no commit has, such as that of a merge that was not made; told as `revision`. */
  async treeObject(id: string, revision: string): Promise<SourceTree> {
    const args = ['ls-tree', '-r', '-z', '-l', '--full-tree', '--end-of-options', checkRevision(id)];
    const { stdout } = await this.#run(args, 'cannot list the files');
    return revisionTree(revision, parseListing(stdout, this.#prefix), ids =>
      this.#objects(ids, 'cannot read files'),
    );
  }

  /** The files that cannot be merged; empty when all can. */
  async conflicts(base: string, head: string): Promise<string[]> {
    const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages'];
    const revisions = [checkRevision(base), checkRevision(head)];
    const { exitCode, stdout } = await this.#run(
      [...args, ...revisions],
      'cannot merge two revisions',
      [0, 1],
    );
    return exitCode === 0
      ? []
      : [
          ...new Set(
            stdout
              .split('\0')
              .slice(1)
              .filter(path => path !== ''),
          ),
        ].sort();
  }

  /** The newest commit that both come from; null where there is none, as in a shallow clone. */
  async mergeBase(a: string, b: string): Promise<string | null> {
    const args = ['merge-base', checkRevision(a), checkRevision(b)];
    const { exitCode, stdout } = await this.#run(args, 'cannot compare two revisions', [0, 1]);
    return exitCode === 0 ? checkRevision(stdout.trim()) : null;
  }

  async commit(revision: string): Promise<Commit> {
    const [commit] = await this.#commits([checkRevision(revision)]);
    if (commit === undefined) throw unknownRevision(revision);
    return commit;
  }

  async isAncestor(ancestor: string, descendant: string): Promise<boolean> {
    const args = ['merge-base', '--is-ancestor', checkRevision(ancestor), checkRevision(descendant)];
    return (await this.#run(args, 'cannot compare two revisions', [0, 1])).exitCode === 0;
  }

  async firstParents(from: string, to: string): Promise<Commit[]> {
    const range = ['--end-of-options', checkRevision(to), `^${checkRevision(from)}`];
    const { stdout } = await this.#run(
      ['rev-list', '--first-parent', '--reverse', ...range],
      'cannot list the commits',
    );
    return this.#commits(stdout.split('\n').filter(line => line !== ''));
  }

  async introduced(head: string, without: readonly string[]): Promise<string[]> {
    const range = [checkRevision(head), ...without.map(known => `^${checkRevision(known)}`)];
    const { stdout } = await this.#run(['rev-list', '--end-of-options', ...range], 'cannot list the commits');
    return stdout.split('\n').filter(line => line !== '');
  }

  async mergedTree(base: string, head: string): Promise<string | null> {
    const args = ['merge-tree', '--write-tree', '--no-messages', checkRevision(base), checkRevision(head)];
    const { exitCode, stdout } = await this.#run(args, 'cannot merge two revisions', [0, 1]);
    const tree = stdout.split(/[\0\n]/, 1)[0] ?? '';
    return exitCode === 0 ? checkRevision(tree) : null;
  }

  async changedPaths(from: string, to: string): ReturnType<Repository['changedPaths']> {
    const range = ['--end-of-options', checkRevision(from), checkRevision(to)];
    // a submodule is a file like any other, also where .gitmodules asks to ignore it
    const all = ['--no-renames', '--no-ext-diff', '--ignore-submodules=none'];
    const args = ['diff-tree', '-r', '-z', ...all, '--name-status', ...range];
    const fields = (await this.#run(args, 'cannot compare two trees')).stdout.split('\0');
    const changes: Awaited<ReturnType<Repository['changedPaths']>> = [];
    for (let index = 0; index + 1 < fields.length; index += 2) {
      const status = fields[index];
      const change = status === 'A' ? 'added' : status === 'D' ? 'deleted' : 'changed';
      changes.push({ path: fields[index + 1] ?? '', change });
    }
    return changes;
  }

  async #commits(shas: readonly string[]): Promise<Commit[]> {
    const objects = await this.#objects(shas, 'cannot read commits');
    return shas.map(sha => {
      const object = objects.get(sha);
      if (object?.type !== 'commit') throw unknownRevision(sha);
      return readCommit(sha, object.bytes);
    });
  }

  async #objects(ids: readonly string[], doing: string): Promise<Map<string, GitObject>> {
    return this.#guarded(doing, () => readObjects(this.#git, ids));
  }

  async #run(args: readonly string[], doing: string, expected?: readonly number[]): Promise<GitAnswer> {
    return this.#guarded(doing, () => this.#git.run(args, expected));
  }

  async #guarded<T>(doing: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof GitExit)) throw error;
      if (!looksCorrupt(error)) throw gitFailure(doing, error);
      this.#onDamage();
      throw gitFailure(doing, error, { code: 'HF1207' });
    }
  }
}

function unknownRevision(revision: string): Failure {
  return new Failure('HF1206', 'the object store does not have this commit', {
    where: { subject: revision },
  });
}
