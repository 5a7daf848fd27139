import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { toFailure } from '../failure/failure.ts';
import { type GitConfig, gitEnvironment } from './environment.ts';
import { Git, GitExit } from './git.ts';
import { gitFailure } from './trouble.ts';

/** Git in a mirror's folder, with the environment that a mirror has. */
export function gitIn(directory: string, config: GitConfig = []): Git {
  return new Git(dirname(directory), gitEnvironment(config, { directory, own: true }));
}

/** What git says of a folder in which there is no repository of use, and never will be. */
const noRepository = /not a git repository|bad config|invalid gitfile|expected git repo version/i;

/**
 * Whether the folder is a whole bare repository made for this address. False only where that is clear: what is no mirror may be
 * thrown away. Throws HF1207 where it could not be told (git did not start, took too long, may not read it).
 */
export async function isMirrorOf(directory: string, url: string): Promise<boolean> {
  try {
    if (!(await isThere(directory))) return false;
    const git = gitIn(directory);
    if ((await answerOf(git, ['rev-parse', '--is-bare-repository'])) !== 'true') return false;
    return (await answerOf(git, ['config', '--local', '--get', 'holdfast.url'])) === url;
  } catch (error) {
    const doing = 'cannot look at the mirror';
    if (error instanceof GitExit) throw gitFailure(doing, error, { subject: directory, code: 'HF1207' });
    throw toFailure(error, 'HF1207', { subject: directory });
  }
}

async function isThere(directory: string): Promise<boolean> {
  try {
    await stat(directory);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR'].includes(String(error.code)))
      return false;
    throw error;
  }
}

/** Undefined where git says that there is no repository, or no such setting in it. */
async function answerOf(git: Git, args: readonly string[]): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await git.run(args, [0, 1]);
    return exitCode === 0 ? stdout.trim() : undefined;
  } catch (error) {
    if (error instanceof GitExit && error.exitCode === 128 && noRepository.test(error.stderr))
      return undefined;
    throw error;
  }
}

/** Makes an empty mirror beside `directory` and returns its folder; it gets its place when it is whole (`putInPlace`). */
export async function makeMirror(directory: string, url: string): Promise<string> {
  await mkdir(dirname(directory), { recursive: true, mode: 0o700 });
  await sweep(directory);
  const fresh = `${directory}.new-${suffix()}`;
  const git = gitIn(fresh);
  await git.run(['init', '--quiet', '--bare', '--initial-branch=holdfast']);
  await git.run(['config', '--local', 'holdfast.url', url]);
  return fresh;
}

/**
 * Moves a whole mirror to its place. What stands there is moved out of the way first; when another process was quicker,
 * its mirror stays if `keepOther` says that it will do.
 */
export async function putInPlace(
  fresh: string,
  directory: string,
  keepOther: () => Promise<boolean>,
): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      await rename(fresh, directory);
      return;
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
    if (await keepOther()) {
      await rm(fresh, { recursive: true, force: true });
      return;
    }
    await moveAway(directory);
  }
  await rename(fresh, directory);
}

async function moveAway(directory: string): Promise<void> {
  const broken = `${directory}.old-${suffix()}`;
  await rename(directory, broken).catch(() => undefined);
  await rm(broken, { recursive: true, force: true });
}

/** Removes what a process that was killed left beside the mirror more than an hour ago. */
async function sweep(directory: string): Promise<void> {
  const parent = dirname(directory);
  for (const name of await readdir(parent)) {
    const left = name.startsWith(`${basename(directory)}.`) && /\.(?:new|old)-[0-9a-f]{16}$/.test(name);
    if (!left) continue;
    const path = join(parent, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (Date.now() - mtimeMs > 3_600_000) await rm(path, { recursive: true, force: true });
  }
}

function suffix(): string {
  return randomBytes(8).toString('hex');
}

function isTaken(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return ['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(String(error.code));
}
