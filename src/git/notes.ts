import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../failure/failure.ts';
import { gitIn } from './directory.ts';
import { Git, GitExit } from './git.ts';
import type { Remote } from './remote.ts';
import { checkRevision } from './store.ts';
import { gitFailure } from './trouble.ts';

/** Where the audit trail stands in Git. Nothing is ever read from here to decide anything: whoever may write may write it. */
export const notesRef = 'refs/notes/holdfast';

/** A note longer than this loses its oldest lines, also those of others. */
const mostBytes = 65_536;
const attempts = 5;
const name = 'Holdfast';
const email = 'holdfast@noreply.invalid';

/**
 * Adds lines to notes on commits, and pushes them. What others have pushed meanwhile stays: then it is fetched again and the
 * lines are added to it, so that no push is ever forced. All methods throw a Failure: HF1201 while the remote is away, else HF1208.
 */
export class NoteWriter {
  readonly #directory: string;
  readonly #remote: Remote;

  constructor(directory: string, remote: Remote) {
    this.#directory = directory;
    this.#remote = remote;
  }

  /**
   * Adds each line to the note of its commit (full SHAs) unless it stands there already. Commits that the mirror does not have
   * are left out. Returns how many lines were new.
   */
  async add(lines: ReadonlyMap<string, readonly string[]>): Promise<number> {
    for (let attempt = 1; ; attempt += 1) {
      await this.#fetch();
      const added = await this.#addHere(lines);
      if (added === 0 || (await this.#push(attempt < attempts))) return added;
    }
  }

  /** The lines of the note of a commit as of the last fetch; empty where there is none. */
  async read(revision: string): Promise<string[]> {
    const args = ['notes', `--ref=${notesRef}`, 'show', checkRevision(revision)];
    const { exitCode, stdout } = await this.#run(args, [0, 1]);
    return exitCode === 0 ? stdout.split('\n').filter(line => line !== '') : [];
  }

  async #addHere(lines: ReadonlyMap<string, readonly string[]>): Promise<number> {
    let added = 0;
    for (const [revision, own] of lines) {
      const there = await this.#run(['cat-file', '-e', `${checkRevision(revision)}^{commit}`], [0, 1, 128]);
      if (there.exitCode !== 0) continue;
      const before = await this.read(revision);
      const fresh = own.filter(line => !before.includes(line));
      if (fresh.length === 0) continue;
      await this.#write(revision, bounded([...before, ...fresh]));
      added += fresh.length;
    }
    return added;
  }

  async #write(revision: string, lines: readonly string[]): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-note-'));
    try {
      const file = join(folder, 'note');
      await writeFile(file, lines.map(line => `${line}\n`).join(''), { mode: 0o600 });
      const { stdout } = await this.#run(['hash-object', '-w', '--no-filters', '--', file]);
      const id = checkRevision(stdout.trim());
      await this.#run(['notes', `--ref=${notesRef}`, 'add', '--force', '-C', id, revision]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Takes over what the remote has; what was not pushed is dropped, since whoever wants it there adds it again. */
  async #fetch(): Promise<void> {
    const options = ['--quiet', '--no-tags', '--force', '--no-write-fetch-head', '--no-recurse-submodules'];
    const args = ['fetch', ...options, '--end-of-options', this.#remote.url, `+${notesRef}:${notesRef}`];
    try {
      await this.#git().run(args, [0], 120_000);
    } catch (error) {
      const none = error instanceof GitExit && /couldn't find remote ref/i.test(error.stderr);
      if (!none) throw this.#failure('cannot fetch the notes', error);
      await this.#run(['update-ref', '-d', notesRef]);
    }
  }

  /** False when somebody else was faster, which is no failure while there is another attempt. */
  async #push(again: boolean): Promise<boolean> {
    const options = ['--quiet', '--no-verify', '--end-of-options', this.#remote.url];
    try {
      await this.#git().run(['push', ...options, `${notesRef}:${notesRef}`], [0], 120_000);
      return true;
    } catch (error) {
      const late =
        error instanceof GitExit &&
        /non-fast-forward|fetch first|stale info|cannot lock ref|failed to update ref/i.test(error.stderr);
      if (late && again) return false;
      throw this.#failure('cannot push the notes', error);
    }
  }

  async #run(args: readonly string[], expected: readonly number[] = [0]) {
    try {
      return await this.#git().run(args, expected);
    } catch (error) {
      throw this.#failure('cannot write notes', error);
    }
  }

  #git(): Git {
    const { folder, environment } = gitIn(this.#directory, this.#remote.config);
    const person = {
      ...{ GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email },
      ...{ GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email },
    };
    return new Git(folder, { ...environment, ...person });
  }

  #failure(doing: string, error: unknown): unknown {
    if (!(error instanceof GitExit)) return error;
    const failure = gitFailure(doing, error, { secrets: this.#remote.secrets });
    return failure.code === 'HF1201' ? failure : new Failure('HF1208', failure.message, { cause: error });
  }
}

/** The newest lines that fit. */
function bounded(lines: readonly string[]): string[] {
  let size = 0;
  const kept: string[] = [];
  for (const line of lines.toReversed()) {
    size += Buffer.byteLength(line) + 1;
    if (size > mostBytes) break;
    kept.unshift(line);
  }
  return kept;
}
