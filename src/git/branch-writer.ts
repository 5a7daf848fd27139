import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../failure/failure.ts';
import { gitIn } from './directory.ts';
import { Git, GitExit } from './git.ts';
import type { Remote } from './remote.ts';
import { checkRevision } from './store.ts';
import { gitFailure } from './trouble.ts';

export interface NewCommit {
  /** A tree or a commit whose tree is meant; full ids. */
  tree: string;
  parents: readonly string[];
  /** Text from outside in it must be free of line breaks of its own. */
  message: string;
  at: Date;
}

/** The tree that taking something back gives, or the files in which it cannot be told. */
export type Reverted = { tree: string } | { conflicts: string[] };

/** Only branches of our own are ever written: nobody else's work can be pushed over. */
export const ownPrefix = 'holdfast/';

const committer = { name: 'Holdfast', email: 'holdfast@noreply.invalid' };

/**
 * Makes commits in the mirror's object store, without an index or a working tree of it, and pushes them to branches of our own.
 * All methods throw a Failure HF12xx; pushing HF1452.
 */
export class BranchWriter {
  readonly #directory: string;
  readonly #remote: Remote;

  constructor(directory: string, remote: Remote) {
    this.#directory = directory;
    this.#remote = remote;
  }

  /** Makes a commit; nothing points to it until it is pushed. */
  async commit({ tree, parents, message, at }: NewCommit): Promise<string> {
    const time = `@${Math.floor(at.getTime() / 1000)} +0000`;
    const { name, email } = committer;
    const person = {
      ...{ GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: time },
      ...{ GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email, GIT_COMMITTER_DATE: time },
    };
    const lineage = parents.flatMap(parent => ['-p', checkRevision(parent)]);
    const args = ['commit-tree', await this.#treeOf(tree), ...lineage, '-m', message.replaceAll('\0', '')];
    return this.#id('cannot make a commit', args, person);
  }

  /**
   * Takes back what was done from `before` to `last` on top of `tip` (full SHAs): a three-way merge whose base is `last`. The
   * three are given to git as commits of their own with just that history, since older versions find the base by themselves.
   */
  async reverted(tip: string, last: string, before: string): Promise<Reverted> {
    const at = new Date(0);
    const base = await this.commit({ tree: last, parents: [], message: 'base', at });
    const ours = await this.commit({ tree: tip, parents: [base], message: 'ours', at });
    const theirs = await this.commit({ tree: before, parents: [base], message: 'theirs', at });
    const args = ['merge-tree', '--write-tree', '--no-messages', '--name-only', '-z', ours, theirs];
    const { exitCode, stdout } = await this.#run('cannot take a change back', args, {}, [0, 1]);
    const [tree = '', ...files] = stdout.split('\0').filter(part => part !== '');
    return exitCode === 0
      ? { tree: checkRevision(tree.trim()) }
      : { conflicts: [...new Set(files)].toSorted() };
  }

  /** The tree of a revision with other bytes in files that it has; their modes stay. */
  async treeWith(revision: string, files: ReadonlyMap<string, Buffer>): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-tree-'));
    const index = { GIT_INDEX_FILE: join(folder, 'index') };
    try {
      await this.#run('cannot read a tree', ['read-tree', checkRevision(revision)], index);
      for (const [path, bytes] of files) {
        const blob = join(folder, 'blob');
        await writeFile(blob, bytes, { mode: 0o600 });
        const id = await this.#id('cannot keep a file', ['hash-object', '-w', '--no-filters', '--', blob]);
        const mode = await this.#modeOf(revision, path);
        const entry = `${mode},${id},${path}`;
        await this.#run('cannot change a file', ['update-index', '--cacheinfo', entry], index);
      }
      return await this.#id('cannot make a tree', ['write-tree'], index);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /**
   * Moves a branch of our own at the remote to a commit. What somebody pushed to it between our look and our push is not pushed
   * over. Throws HF1452, or HF1201 and HF1202 as fetching does.
   */
  async push(commit: string, branch: string): Promise<void> {
    if (!branch.startsWith(ownPrefix) || !/^[a-z0-9][a-z0-9/-]{0,199}$/.test(branch))
      throw new Failure('HF1452', 'only branches that begin with holdfast/ are pushed');
    const ref = `refs/heads/${branch}`;
    const there = await this.#remoteTip(ref);
    if (there === commit) return;
    const options = ['--quiet', '--no-verify', `--force-with-lease=${ref}:${there ?? ''}`];
    const args = ['push', ...options, '--end-of-options', this.#remote.url];
    await this.#remotely(`cannot push ${branch}`, [...args, `${checkRevision(commit)}:${ref}`]);
  }

  async #remoteTip(ref: string): Promise<string | undefined> {
    const args = ['ls-remote', '--refs', '--end-of-options', this.#remote.url, ref];
    const stdout = await this.#remotely('cannot look for a branch', args);
    return /^[0-9a-f]{40}(?=\t)/.exec(stdout)?.[0];
  }

  async #remotely(doing: string, args: readonly string[]): Promise<string> {
    const { config, secrets } = this.#remote;
    try {
      return (await gitIn(this.#directory, config).run(args, [0], 120_000)).stdout;
    } catch (error) {
      if (!(error instanceof GitExit)) throw error;
      const failure = gitFailure(doing, error, { secrets });
      if (failure.code === 'HF1201') throw failure;
      throw new Failure('HF1452', failure.message, { cause: error });
    }
  }

  async #modeOf(revision: string, path: string): Promise<string> {
    const args = ['--literal-pathspecs', 'ls-tree', '-z', '--full-tree', revision, '--', path];
    const { stdout } = await this.#run('cannot look for a file', args);
    const [, mode] = /^(100644|100755) blob [0-9a-f]{40}\t/.exec(stdout) ?? [];
    if (mode !== undefined) return mode;
    throw new Failure('HF1207', 'the revision has no such file', { where: { file: path } });
  }

  async #treeOf(id: string): Promise<string> {
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${checkRevision(id)}^{tree}`];
    return this.#id('cannot find a tree', args);
  }

  async #id(doing: string, args: readonly string[], environment: Record<string, string> = {}) {
    return checkRevision((await this.#run(doing, args, environment)).stdout.trim());
  }

  async #run(
    doing: string,
    args: readonly string[],
    environment: Record<string, string> = {},
    expected: readonly number[] = [0],
  ) {
    const { folder, environment: usual } = gitIn(this.#directory);
    try {
      return await new Git(folder, { ...usual, ...environment }).run(args, expected);
    } catch (error) {
      if (error instanceof GitExit) throw gitFailure(doing, error, { secrets: this.#remote.secrets });
      throw error;
    }
  }
}
