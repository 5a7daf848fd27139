import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A private folder with copies of some files of a tree, for one run of a program. */
export interface Workspace {
  /** Where the copies are, under their own paths. */
  readonly tree: string;
  /** An empty folder for what the program thinks is its person's home. */
  readonly home: string;
  /** The text without the paths of this machine. */
  clean(text: string): string;
  remove(): Promise<void>;
}

const standing = new Set<string>();
let sweeps = false;

/**
 * Writes the files, by path relative to the tree's root, into a new folder that only this account can enter. The paths must be
 * those of a SourceTree, so none of them leads out of it. Rejects, and leaves nothing behind, when they cannot be written.
 */
export async function createWorkspace(files: ReadonlyMap<string, Buffer>): Promise<Workspace> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'holdfast-render-'));
  standing.add(folder);
  sweepAtExit();
  const remove = async () => {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    standing.delete(folder);
  };
  const [tree, home] = [join(folder, 'tree'), join(folder, 'home')];
  try {
    await Promise.all([tree, home].map(path => mkdir(path, { mode: 0o700 })));
    for (const [path, bytes] of files) await writeIn(tree, path, bytes);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    tree,
    home,
    clean: text => text.replaceAll(`${tree}/`, '').replaceAll(tree, '.').replaceAll(folder, ''),
    remove,
  };
}

async function writeIn(tree: string, path: string, bytes: Buffer): Promise<void> {
  const target = join(tree, path);
  if (!target.startsWith(`${tree}/`)) throw new Error('a path leads out of its tree');
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  await writeFile(target, bytes, { flag: 'wx', mode: 0o600 });
}

/** What is still there when the process ends in the middle of a run goes with it. */
function sweepAtExit(): void {
  if (sweeps) return;
  sweeps = true;
  process.once('exit', () => {
    for (const folder of standing) rmSync(folder, { recursive: true, force: true });
  });
}
