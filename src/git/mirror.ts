import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { SourceTree } from '../declared/tree.ts';
import { Failure } from '../failure/failure.ts';
import { asking } from '../telemetry/requests.ts';
import { BranchWriter } from './branch-writer.ts';
import { gitIn, isMirrorOf, makeMirror, putInPlace } from './directory.ts';
import { GitExit } from './git.ts';
import { isLocked, removeLeftovers } from './locks.ts';
import { NoteWriter } from './notes.ts';
import { type Remote, remoteOf } from './remote.ts';
import type { Commit, LendingRepository, Repository } from './repository.ts';
import { checkRevision, ObjectStore } from './store.ts';
import { codeOf, gitFailure, looksCorrupt } from './trouble.ts';

export interface MirrorOptions {
  /** The folder of the bare mirror; made when it is not there. */
  directory: string;
  /** https, http, ssh, file or a path. User and password in it are taken out at once. */
  url: string;
  branch: string;
  /** Sent to the remote over HTTP only, never written down. */
  token?: string | undefined;
  /** How long one fetch may take; 5 minutes unless told. */
  fetchTimeoutMs?: number;
}

/**
 * Opens the mirror of a repository, without asking the remote. A folder that is damaged or belongs to another address is made
 * anew. Throws HF1001 for an address that is none, HF1207 when the folder cannot be used.
 */
export async function openMirror(options: MirrorOptions): Promise<Mirror> {
  const remote = remoteOf(options);
  const directory = resolve(options.directory);
  await ensure(directory, remote);
  return new Mirror(directory, remote, options.fetchTimeoutMs ?? 300_000);
}

async function ensure(directory: string, remote: Remote): Promise<void> {
  const usable = () => isMirrorOf(directory, remote.url);
  if (await usable()) {
    await removeLeftovers(directory);
    await returnLent(directory);
    return;
  }
  try {
    await putInPlace(await makeMirror(directory, remote.url), directory, usable);
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (error instanceof GitExit) throw gitFailure('cannot make the mirror', error, { subject: directory });
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new Failure('HF1207', `cannot make the mirror (${why})`, {
      where: { subject: directory },
      cause: error,
    });
  }
}

/** What a process that ended at once had lent is given back. */
async function returnLent(directory: string): Promise<void> {
  const git = gitIn(directory);
  const listed = await git.run(['for-each-ref', '--format=%(refname)', lentRefs]).catch(() => undefined);
  for (const ref of listed?.stdout.trim().split('\n') ?? [])
    if (ref !== '') await git.run(['update-ref', '-d', ref]).catch(() => undefined);
}

/** The configured repository in our own object store. Nothing that was once fetched is lost by a later fetch. */
export class Mirror implements LendingRepository {
  readonly #directory: string;
  readonly #remote: Remote;
  readonly #timeoutMs: number;
  readonly #store: ObjectStore;
  #damaged = false;
  #fetching: Promise<string> | undefined;

  constructor(directory: string, remote: Remote, timeoutMs: number) {
    this.#directory = directory;
    this.#remote = remote;
    this.#timeoutMs = timeoutMs;
    this.#store = new ObjectStore(gitIn(directory), {
      onDamage: () => {
        this.#damaged = true;
      },
    });
  }

  /** The address without user and password. */
  get url(): string {
    return this.#remote.url;
  }

  get branch(): string {
    return this.#remote.branch;
  }

  /** Text that must never leave the process. */
  get secrets(): readonly string[] {
    return this.#remote.secrets;
  }

  /** Fetches the branch, also when it was rewritten (then the last tip is no ancestor of the new one). */
  fetch(): Promise<string> {
    this.#fetching ??= asking(
      { service: 'git', method: 'fetch' },
      () => this.#fetchBranch(),
      () => 'ok',
    ).finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  /** The branch's tip as of the last fetch that succeeded; undefined when there was none. */
  async lastTip(): Promise<string | undefined> {
    return this.#tipIn(this.#directory);
  }

  async fetchCommit(sha: string, refs: readonly string[]): Promise<boolean> {
    checkRevision(sha);
    if (await this.#store.has(sha)) return true;
    if (!(await this.#fetchTo(`refs/holdfast/commits/${sha}`, sha, refs))) return false;
    return this.#keep(sha);
  }

  /**
   * Lends one commit that nobody has approved: fetched for the time of `use`, and held by no reference afterwards, so that Git drops
   * it with time. Undefined when the remote has it no more.
   */
  async withCommit<T>(sha: string, refs: readonly string[], use: () => Promise<T>): Promise<T | undefined> {
    checkRevision(sha);
    // a reference of its own, since two may ask for the same commit
    const lent = `${lentRefs}/${sha}-${randomBytes(4).toString('hex')}`;
    try {
      const known = await this.#store.has(sha);
      if (known) await this.#git(['update-ref', lent, sha]);
      else if (!(await this.#fetchTo(lent, sha, refs))) return undefined;
      return await use();
    } finally {
      await this.#git(['update-ref', '-d', lent]).catch(() => undefined);
    }
  }

  async #fetchTo(ref: string, sha: string, refs: readonly string[]): Promise<boolean> {
    for (const source of [...refs.filter(isSafeRef), sha]) {
      try {
        await this.#fetchRefspec(this.#directory, `+${source}:${ref}`);
      } catch (error) {
        if (!(error instanceof GitExit)) throw error;
        if (!isGone(error)) throw this.#failure(`cannot fetch a commit from ${this.#remote.url}`, error);
      }
      if (await this.#store.has(sha)) return true;
    }
    return false;
  }

  #git(args: readonly string[]): Promise<unknown> {
    return gitIn(this.#directory).run([...args]);
  }

  /** Makes commits in the object store and pushes them with this token; without one as fetching does. */
  writer(token?: string): BranchWriter {
    const { url, branch } = this.#remote;
    return new BranchWriter(
      this.#directory,
      token === undefined ? this.#remote : remoteOf({ url, branch, token }),
    );
  }

  /** Writes notes on commits, with the credentials that fetching has. */
  notes(): NoteWriter {
    return new NoteWriter(this.#directory, this.#remote);
  }

  /** The full SHA that at least seven hex digits stand for; undefined when none or several begin so. */
  async expand(prefix: string): Promise<string | undefined> {
    if (!/^[0-9a-f]{7,40}$/.test(prefix)) return undefined;
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${prefix}^{commit}`];
    const { exitCode, stdout } = await gitIn(this.#directory).run(args, [0, 1, 128]);
    const sha = stdout.trim();
    return exitCode === 0 && sha.startsWith(prefix) ? sha : undefined;
  }

  has(revision: string): Promise<boolean> {
    return this.#store.has(revision);
  }

  tree(revision: string): Promise<SourceTree> {
    return this.#store.tree(revision);
  }

  commit(revision: string): Promise<Commit> {
    return this.#store.commit(revision);
  }

  isAncestor(ancestor: string, descendant: string): Promise<boolean> {
    return this.#store.isAncestor(ancestor, descendant);
  }

  firstParents(from: string, to: string): Promise<Commit[]> {
    return this.#store.firstParents(from, to);
  }

  introduced(head: string, without: readonly string[]): Promise<string[]> {
    return this.#store.introduced(head, without);
  }

  mergedTree(base: string, head: string): Promise<string | null> {
    return this.#store.mergedTree(base, head);
  }

  treeObject(id: string, revision: string): Promise<SourceTree> {
    return this.#store.treeObject(id, revision);
  }

  conflicts(base: string, head: string): Promise<string[]> {
    return this.#store.conflicts(base, head);
  }

  mergeBase(a: string, b: string): Promise<string | null> {
    return this.#store.mergeBase(a, b);
  }

  changedPaths(from: string, to: string): ReturnType<Repository['changedPaths']> {
    return this.#store.changedPaths(from, to);
  }

  async #fetchBranch(): Promise<string> {
    if (!(await isMirrorOf(this.#directory, this.#remote.url))) await ensure(this.#directory, this.#remote);
    try {
      if (this.#damaged) return await this.#fetchAnew();
      return await this.#fetchInto(this.#directory);
    } catch (error) {
      if (!(error instanceof GitExit)) throw error;
      if (this.#damaged || !looksCorrupt(error) || codeOf(error) !== 'HF1207')
        throw await this.#explained(error);
      return await this.#fetchAnew().catch(async again => {
        throw again instanceof GitExit ? await this.#explained(again) : again;
      });
    }
  }

  async #fetchInto(directory: string): Promise<string> {
    const before = await this.#tipIn(directory);
    await this.#fetchRefspec(directory, `+refs/heads/${this.#remote.branch}:${this.#tipRef}`);
    const tip = await this.#tipIn(directory);
    if (tip === undefined) throw new GitExit(1, 'the fetched branch is not there: broken ref');
    if (before !== undefined && before !== tip && !(await this.#store.isAncestor(before, tip)))
      await this.#keep(before);
    return tip;
  }

  /** Fills a new mirror and puts it in the place of the damaged one, which stays until then. */
  async #fetchAnew(): Promise<string> {
    const fresh = await makeMirror(this.#directory, this.#remote.url);
    try {
      const tip = await this.#fetchInto(fresh);
      await putInPlace(fresh, this.#directory, async () => false);
      this.#damaged = false;
      return tip;
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
  }

  async #fetchRefspec(directory: string, refspec: string): Promise<void> {
    const options = ['--quiet', '--no-tags', '--force', '--no-write-fetch-head', '--no-recurse-submodules'];
    const args = ['fetch', ...options, '--end-of-options', this.#remote.url, refspec];
    for (let attempt = 1; ; attempt++) {
      try {
        await gitIn(directory, this.#remote.config).run(args, [0], this.#timeoutMs);
        return;
      } catch (error) {
        if (!(error instanceof GitExit) || !isLocked(error.stderr) || attempt === 5) throw error;
        await removeLeftovers(directory);
        await wait(50 * 2 ** attempt);
      }
    }
  }

  get #tipRef(): string {
    return `refs/holdfast/heads/${this.#remote.branch}`;
  }

  async #tipIn(directory: string): Promise<string | undefined> {
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${this.#tipRef}^{commit}`];
    const answer = await gitIn(directory).run(args, [0, 1, 128]);
    const tip = answer.stdout.trim();
    return answer.exitCode === 0 && /^[0-9a-f]{40}$/.test(tip) ? tip : undefined;
  }

  /** Holds on to a commit that no branch leads to any more. */
  async #keep(sha: string): Promise<true> {
    await gitIn(this.#directory)
      .run(['update-ref', `refs/holdfast/kept/${sha}`, sha])
      .catch(() => undefined);
    return true;
  }

  #failure(doing: string, trouble: GitExit): Failure {
    return gitFailure(doing, trouble, { secrets: this.#remote.secrets });
  }

  async #explained(trouble: GitExit): Promise<Failure> {
    const { url, branch } = this.#remote;
    if (codeOf(trouble) !== 'HF1204') return this.#failure(`cannot fetch ${url}`, trouble);
    const heads = await gitIn(this.#directory, this.#remote.config)
      .run(['ls-remote', '--heads', '--end-of-options', url], [0], 60_000)
      .catch(() => undefined);
    const empty = heads?.stdout.trim() === '';
    return new Failure('HF1204', empty ? `${url} is empty` : `${url} has no branch ${branch}`);
  }
}

/** Where commits are that were lent to a preview. */
const lentRefs = 'refs/holdfast/lent';

function isSafeRef(ref: string): boolean {
  return /^refs\/[\w-][\w./-]{0,200}$/.test(ref) && !/\.\.|\/\/|\/\.|\.lock(?:\/|$)|[./]$/.test(ref);
}

/** The remote answered, and what it says is that it does not have that. */
function isGone(trouble: GitExit): boolean {
  return /couldn't find remote ref|not our ref|unadvertised object|not advertised|does not allow request/i.test(
    trouble.stderr,
  );
}
