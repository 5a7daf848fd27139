import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gitIn } from '../../../src/git/directory.ts';
import type { Commit, Repository } from '../../../src/git/repository.ts';
import { ObjectStore } from '../../../src/git/store.ts';

const run = promisify(execFile);

/** A repository on disk with nothing between it and git: for tests that need real histories and nothing of a remote. */
export function localRepository(
  folder: string,
  withheld: ReadonlySet<string> = new Set(),
): Repository & { calls: string[] } {
  const calls: string[] = [];
  const store = new ObjectStore(gitIn(join(folder, '.git')));
  const git = async (...args: string[]): Promise<string> =>
    (await run('git', ['-C', folder, ...args], { maxBuffer: 1 << 28 })).stdout;
  const holds = async (...args: string[]): Promise<boolean> =>
    git(...args).then(
      () => true,
      (error: { code?: unknown }) => {
        if (error.code === 1 || error.code === 128) return false;
        throw error;
      },
    );
  const commits = async (...args: string[]): Promise<Commit[]> => {
    const text = await git('log', '--format=%H%x00%T%x00%P%x00%B%x01', ...args);
    return text
      .split('\x01')
      .map(part => part.replace(/^\n/, ''))
      .filter(part => part !== '')
      .map(part => {
        const [sha = '', tree = '', parents = '', message = ''] = part.split('\0');
        return { sha, tree, parents: parents.split(' ').filter(parent => parent !== ''), message };
      });
  };
  const unused = (): never => {
    throw new Error('the gate does not ask this');
  };
  return {
    calls,
    fetch: unused,
    tree: revision => store.tree(revision),
    changedPaths: (from, to) => store.changedPaths(from, to),
    treeObject: unused,
    conflicts: unused,
    mergeBase: unused,
    has: async sha => !withheld.has(sha) && holds('cat-file', '-e', `${sha}^{commit}`),
    async commit(sha) {
      const [commit] = await commits('-1', sha);
      if (commit === undefined) throw new Error(`no commit ${sha}`);
      return commit;
    },
    isAncestor: (ancestor, descendant) => holds('merge-base', '--is-ancestor', ancestor, descendant),
    firstParents: (from, to) => commits('--first-parent', '--reverse', `${from}..${to}`),
    introduced: (head, without) => store.introduced(head, without),
    async mergedTree(base, head) {
      calls.push(`${base} ${head}`);
      try {
        return (await git('merge-tree', '--write-tree', base, head)).trim();
      } catch (error) {
        if ((error as { code?: unknown }).code === 1) return null;
        throw error;
      }
    },
    fetchCommit: async sha => !withheld.has(sha) && holds('cat-file', '-e', `${sha}^{commit}`),
  };
}
