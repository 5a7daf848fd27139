import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of its own for a test, removed by `dispose`. */
export interface Scratch {
  path: string;
  dispose(): void;
}

export function scratch(): Scratch {
  const path = mkdtempSync(join(tmpdir(), 'holdfast-git-'));
  return { path, dispose: () => rmSync(path, { recursive: true, force: true }) };
}

const identity = {
  GIT_AUTHOR_NAME: 'Mara Voss',
  GIT_AUTHOR_EMAIL: 'mara@example.com',
  GIT_COMMITTER_NAME: 'Mara Voss',
  GIT_COMMITTER_EMAIL: 'mara@example.com',
  GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
  GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};

/** A repository with a working tree that plays the remote. */
export class Origin {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
    mkdirSync(path, { recursive: true });
    this.git('init', '--quiet', '--initial-branch=main');
  }

  git(...args: string[]): string {
    const env = { PATH: process.env['PATH'], ...identity };
    return execFileSync('git', args, {
      cwd: this.path,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  }

  /** Writes files (null removes one), commits them and returns the commit. */
  commit(message: string, files: Record<string, string | Buffer | null>): string {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.path, name);
      if (content === null) rmSync(path);
      else {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, content);
      }
    }
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '-m', message);
    return this.git('rev-parse', 'HEAD');
  }
}
