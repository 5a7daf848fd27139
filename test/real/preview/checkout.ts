import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { git } from '../../../sandbox/shop/git.ts';

/** A Git checkout of a test's own. */
export interface Checkout {
  path: string;
  /** Writes files (undefined deletes), commits all and returns the SHA. */
  commit(files: Readonly<Record<string, string | undefined>>): Promise<string>;
  /** Goes on from a commit, on a branch of its own. */
  branch(name: string, from: string): Promise<void>;
  close(): void;
}

export async function openCheckout(): Promise<Checkout> {
  const path = mkdtempSync(join(tmpdir(), 'holdfast-preview-'));
  await git(path, 'init', '--quiet', '--initial-branch', 'main');
  return {
    path,
    async commit(files) {
      for (const [name, text] of Object.entries(files)) {
        const file = join(path, name);
        mkdirSync(dirname(file), { recursive: true });
        if (text === undefined) rmSync(file);
        else writeFileSync(file, text);
      }
      await git(path, 'add', '--all');
      await git(path, 'commit', '--quiet', '--message', 'change');
      return git(path, 'rev-parse', 'HEAD');
    },
    async branch(name, from) {
      await git(path, 'checkout', '--quiet', '-B', name, from);
    },
    close: () => rmSync(path, { recursive: true, force: true }),
  };
}
