import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { Failure } from '../failure/failure.ts';
import { gitEnvironment } from './environment.ts';
import { Git, type GitAnswer, GitExit } from './git.ts';
import { ObjectStore, type ReadableRepository } from './store.ts';
import { gitFailure } from './trouble.ts';

/** A checkout, read from its object store only. `tree` shows the folder that was opened, not more. */
export interface LocalRepository extends ReadableRepository {
  /** The full SHA of a commit that a person names (`HEAD~2`, a tag, a short SHA). Throws HF1206. Asked once. */
  resolve(name: string): Promise<string>;
  /** The folder's place in the checkout, ending in `/`; empty at its root. */
  readonly prefix: string;
  /** The folder's own name. */
  readonly name: string;
}

/** Opens the repository that the folder (or file) at `path` belongs to. Throws HF1105 or HF1207. */
export async function openLocal(path: string): Promise<LocalRepository> {
  const folder = await folderAt(path);
  const outside = new Git(folder, gitEnvironment([], { own: false }));
  const places = await answered(`${path} is in no Git checkout`, () =>
    outside.run(['rev-parse', '--absolute-git-dir', '--show-prefix']),
  );
  const [directory = '', prefix = ''] = places.stdout.split('\n');
  const git = new Git(folder, gitEnvironment([], { directory, own: false }));
  const store = new ObjectStore(git, { prefix });
  return Object.assign(store, {
    prefix,
    name: basename(folder),
    resolve: (name: string) => resolveName(git, name),
  });
}

async function folderAt(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new Failure('HF1105', 'there is nothing', { where: { file: path } });
  return found.isDirectory() ? resolve(path) : dirname(resolve(path));
}

async function resolveName(git: Git, name: string): Promise<string> {
  const unknown = new Failure('HF1206', 'no commit has this name', {
    where: { subject: name.slice(0, 100) },
  });
  if (name === '' || /[\0-\x1f\x7f]/.test(name)) throw unknown;
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
  const answer = await git.run(args, [0, 1, 128]).catch(() => undefined);
  const sha = answer?.exitCode === 0 ? answer.stdout.trim() : '';
  if (!/^[0-9a-f]{40}$/.test(sha)) throw unknown;
  return sha;
}

async function answered(doing: string, work: () => Promise<GitAnswer>): Promise<GitAnswer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GitExit) throw gitFailure(doing, error, { code: 'HF1207' });
    throw error;
  }
}
