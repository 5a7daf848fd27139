import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { PullRequest } from '../../../src/forge/forge.ts';
import type { Authorization, Evidence, Policy } from '../../../src/gate/authorization.ts';
import { type Collection, collectEvidence } from '../../../src/gate/collect.ts';
import { judge } from '../../../src/gate/judge.ts';
import { createMemoryForge, type MemoryForge } from '../../fakes/forge/memory-forge.ts';
import { approval, policy, pullRequest } from './data.ts';
import { localRepository } from './repository.ts';

/** Files to write, by path; null deletes. */
export type Files = Record<string, string | null>;
export type Method = 'merge' | 'squash' | 'rebase' | 'rebase-merge' | 'fast-forward';

/** A pull request before it is merged: a branch with its commits and what the forge says. */
export interface Draft {
  branch: string;
  pull: PullRequest;
}

/** A real Git repository with a `main`, and a forge that knows what a test tells it. */
export class World {
  readonly folder = mkdtempSync(join(tmpdir(), 'holdfast-gate-'));
  readonly forge: MemoryForge = createMemoryForge();
  /** Heads that the remote does not give. */
  readonly withheld = new Set<string>();
  readonly repository = localRepository(this.folder, this.withheld);
  /** The trusted first revision. */
  readonly root: string;
  #clock = Date.parse('2026-03-01T08:00:00Z');
  #numbers = 0;

  constructor() {
    this.git('init', '-q', '-b', 'main');
    for (const login of ['alice', 'bob', 'carol', 'dave']) this.forge.writers.add(login);
    this.root = this.commit('main', { 'cart.yaml': lines('cart'), 'pay.yaml': lines('pay') }, 'Start');
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The time that commits are dated with from now on. */
  dateFrom(time: string): void {
    this.#clock = Date.parse(time);
  }

  git(...args: string[]): string {
    this.#clock += 1000;
    const date = new Date(this.#clock).toISOString();
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: this.folder,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'alice',
      GIT_AUTHOR_EMAIL: 'alice@example.com',
      GIT_COMMITTER_NAME: 'alice',
      GIT_COMMITTER_EMAIL: 'alice@example.com',
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_DATE: date,
      GIT_EDITOR: 'true',
    };
    return execFileSync('git', args, { cwd: this.folder, env, encoding: 'utf8', stdio: 'pipe' }).trim();
  }

  tip(branch = 'main'): string {
    return this.git('rev-parse', branch);
  }

  tree(revision: string): string {
    return this.git('rev-parse', `${revision}^{tree}`);
  }

  /** A commit on a branch, as if it were pushed. Returns its SHA. */
  commit(branch: string, files: Files, message = 'Change', ...options: string[]): string {
    if (this.git('symbolic-ref', '--short', 'HEAD') !== branch) this.git('checkout', '-q', branch);
    this.write(files);
    this.git('commit', '-q', '--allow-empty', '-m', message, ...options);
    return this.tip('HEAD');
  }

  write(files: Files): void {
    for (const [path, content] of Object.entries(files)) {
      const place = join(this.folder, path);
      if (content === null) {
        rmSync(place);
      } else {
        mkdirSync(dirname(place), { recursive: true });
        writeFileSync(place, content);
      }
    }
    this.git('add', '-A');
  }

  /** A pull request of one commit per set of files, from `base` on; opened by alice and approved by bob. */
  open(
    commits: readonly Files[],
    change: Partial<PullRequest> = {},
    base = 'main',
    message = 'Change',
  ): Draft {
    this.#numbers += 1;
    const branch = `pull-${this.#numbers}`;
    this.git('branch', branch, base);
    for (const files of commits) this.commit(branch, files, message);
    const sha = this.tip(branch);
    const pull = pullRequest({
      number: this.#numbers,
      url: `https://forge.example/shop/pulls/${this.#numbers}`,
      head: { sha, repositoryId: '7' },
      mergeCommit: null,
      mergeBase: this.git('merge-base', 'main', sha),
      reviews: [approval('bob', { commit: sha })],
      ...change,
    });
    return { branch, pull };
  }

  /** Merges a draft into a branch as a forge does, and lets the forge know. Returns the merge commit. */
  merge({ branch, pull }: Draft, method: Method = 'merge', into = 'main'): string {
    if (pull.mergeBase !== undefined) pull.mergeBase = this.git('merge-base', into, branch);
    this.git('checkout', '-q', into);
    this.#carryOut(branch, method, into, `Merge pull request #${pull.number}`);
    pull.mergeCommit ??= this.tip(into);
    this.forge.pulls.push(pull);
    return this.tip(into);
  }

  #carryOut(branch: string, method: Method, into: string, message: string): void {
    if (method === 'merge') this.git('merge', '-q', '--no-ff', '-m', message, branch);
    if (method === 'fast-forward') this.git('merge', '-q', '--ff-only', branch);
    if (method === 'squash') {
      this.git('merge', '-q', '--squash', branch);
      this.git('commit', '-q', '--allow-empty', '-m', message);
    }
    if (method !== 'rebase' && method !== 'rebase-merge') return;
    this.git('checkout', '-q', '-b', 'rebasing', branch);
    this.git('rebase', '-q', '--no-ff', into);
    this.git('checkout', '-q', into);
    if (method === 'rebase') this.git('merge', '-q', '--ff-only', 'rebasing');
    else this.git('merge', '-q', '--no-ff', '-m', message, 'rebasing');
    this.git('branch', '-q', '-D', 'rebasing');
  }

  /** Opens, approves and merges in one step. */
  land(files: Files, method: Method = 'merge', change: Partial<PullRequest> = {}): string {
    return this.merge(this.open([files], change), method);
  }

  async evidence(to = this.tip(), rules: Policy = policy, more: Partial<Collection> = {}): Promise<Evidence> {
    const { repository, forge, root } = this;
    return collectEvidence({ repository, forge, from: root, to, branch: 'main', policy: rules, ...more });
  }

  async verdict(
    to = this.tip(),
    rules: Policy = policy,
    more: Partial<Collection> = {},
  ): Promise<Authorization> {
    return judge(await this.evidence(to, rules, more));
  }
}

/** A file of twenty lines, so that changes of different lines merge without a conflict. */
export function lines(word: string, changes: Record<number, string> = {}): string {
  return Array.from({ length: 20 }, (_, index) => `${changes[index] ?? `${word} ${index}`}\n`).join('');
}

/** The codes of what a revision was refused for, each once, in order. */
export function codes(authorization: Authorization): string[] {
  if (authorization.verdict === 'authorized') return [];
  return [...new Set(authorization.reasons.map(({ code }) => code))];
}

/** Each reason as `code: message`. */
export function reasons(authorization: Authorization): string[] {
  if (authorization.verdict === 'authorized') return [];
  return authorization.reasons.map(({ code, message }) => `${code}: ${message}`);
}
