/** Whatever happens to a branch, nothing that nobody reviewed is authorized: random histories, judged against the truth. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applicable } from '../../src/gate/authorization.ts';
import { collectEvidence } from '../../src/gate/collect.ts';
import { judge } from '../../src/gate/judge.ts';
import { createMemoryForge } from '../fakes/forge/memory-forge.ts';
import { ModelHistory } from '../fakes/history/model.ts';
import { approval, policy, pullRequest } from './support/data.ts';

type Step =
  | { do: 'push'; path: number }
  | { do: 'restore'; at: number }
  | { do: 'push-merge'; path: number; at: number; quiet: boolean }
  | { do: 'foxtrot'; path: number; at: number }
  | { do: 'claim'; path: number; at: number }
  | {
      do: 'pull';
      commits: number[];
      at: number;
      onSide: boolean;
      approved: boolean;
      method: number;
      ratifies: boolean;
    };

const at = fc.nat(20);
const path = fc.nat(5);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('push' as const), path }),
  fc.record({ do: fc.constant('restore' as const), at }),
  fc.record({ do: fc.constant('push-merge' as const), path, at, quiet: fc.boolean() }),
  fc.record({ do: fc.constant('foxtrot' as const), path, at }),
  fc.record({ do: fc.constant('claim' as const), path, at }),
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('pull' as const),
      commits: fc.array(path, { minLength: 1, maxLength: 3 }),
      at,
      onSide: fc.boolean(),
      approved: fc.boolean(),
      method: fc.nat(3),
      ratifies: fc.boolean(),
    }),
  },
);

/** A branch to which random things happen, with the truth about each of its commits. */
class Branch {
  readonly history = new ModelHistory();
  readonly forge = createMemoryForge();
  readonly root = this.history.commit(new Map([['f0', 'start']]), []);
  readonly sides: string[] = [];
  /** Per commit: whether an approved pull request made it, as which merge commit, and what that one ratifies. */
  truth = new Map<string, { reviewed: boolean; merge: string; ratified: string[] }>();
  tip = this.root;
  #made = 0;

  constructor() {
    this.forge.writers.add('bob');
  }

  line(): string[] {
    const commits: string[] = [];
    for (let sha: string | undefined = this.tip; sha !== undefined && sha !== this.root; ) {
      commits.unshift(sha);
      sha = this.history.node(sha).parents[0];
    }
    return [this.root, ...commits];
  }

  /** A file that holds what nothing held before. */
  #change(base: string, file: number): Map<string, string> {
    this.#made += 1;
    return new Map(this.history.files(base)).set(`f${file}`, `made ${this.#made}`);
  }

  #earlier(index: number): string {
    const line = this.line();
    return line[Math.max(line.length - 1 - (index % 6), 0)] ?? this.root;
  }

  #move(sha: string, reviewed: boolean, merge = sha, ratified: string[] = []): void {
    this.truth.set(sha, { reviewed, merge, ratified });
    this.tip = sha;
  }

  take(what: Step): void {
    if (what.do === 'push')
      this.#move(this.history.commit(this.#change(this.tip, what.path), [this.tip]), false);
    if (what.do === 'restore') {
      this.#move(this.history.commit(this.history.files(this.#earlier(what.at)), [this.tip]), false);
    }
    if (what.do === 'push-merge') this.#pushMerge(what);
    if (what.do === 'foxtrot') this.#foxtrot(what);
    if (what.do === 'claim') this.#claim(what);
    if (what.do === 'pull') this.#pull(what);
  }

  #pushMerge({ path: file, at: index, quiet }: Extract<Step, { do: 'push-merge' }>): void {
    const from = this.#earlier(index);
    const side = this.history.commit(this.#change(from, file), [from]);
    this.sides.push(side);
    const tree = quiet ? this.history.node(this.tip).tree : this.history.merged(this.tip, side);
    if (tree !== null)
      this.#move(this.history.commit(this.history.filesOfTree(tree), [this.tip, side]), false);
  }

  /** A push whose first parent is not the tip, so that what was on the branch hides behind the second. */
  #foxtrot({ path: file, at: index }: Extract<Step, { do: 'foxtrot' }>): void {
    const from = this.#earlier(index);
    if (from === this.root) return;
    const tree = this.history.merged(from, this.tip);
    if (tree === null) return;
    const files = new Map(this.history.filesOfTree(tree)).set(`f${file}`, 'foxtrot');
    this.#move(this.history.commit(files, [from, this.tip]), false);
  }

  /** An approved pull request that is marked as merged by a commit that it did not make. */
  #claim({ path: file, at: index }: Extract<Step, { do: 'claim' }>): void {
    const head = this.history.commit(this.#change(this.tip, file), [this.tip]);
    this.#register(head, this.#earlier(index), true, this.tip);
  }

  #pull({ commits, at: index, onSide, approved, method, ratifies }: Extract<Step, { do: 'pull' }>): void {
    const { history } = this;
    const base = (onSide ? this.sides.at(-1) : undefined) ?? this.#earlier(index);
    const refused = this.line().filter(sha => this.truth.get(sha)?.reviewed === false);
    const named = ratifies ? refused : [];
    let head = base;
    for (const [number, file] of commits.entries()) {
      const trailers = number === commits.length - 1 ? named.map(sha => `Holdfast-Ratifies: ${sha}`) : [];
      head = history.commit(this.#change(head, file), [head], `Change\n\n${trailers.join('\n')}`);
    }
    const tree = history.merged(this.tip, head);
    const mergeBase = history.mergeBase(this.tip, head);
    if (tree === null || mergeBase === undefined) return;
    const made = this.#mergeCommits(head, mergeBase, tree, method);
    for (const sha of made) this.#move(sha, approved, made.at(-1), sha === made.at(-1) ? named : []);
    if (this.tip === made.at(-1)) this.#register(head, this.tip, approved, mergeBase);
  }

  /** The commits that a merge, a squash, a rebase or a fast-forward puts on the branch. */
  #mergeCommits(head: string, mergeBase: string, tree: string, method: number): string[] {
    const { history, tip } = this;
    const files = history.filesOfTree(tree);
    if (method === 0) return [history.commit(files, [tip, head])];
    if (method === 1) return [history.commit(files, [tip])];
    const own = this.#own(head, mergeBase);
    if (method === 3) return mergeBase === tip ? own : [];
    const made: string[] = [];
    for (const sha of own) {
      const part = history.merged(tip, sha);
      if (part === null) return [];
      made.push(history.commit(history.filesOfTree(part), [made.at(-1) ?? tip]));
    }
    return made;
  }

  #own(head: string, mergeBase: string): string[] {
    const known = this.history.ancestors(mergeBase);
    const own: string[] = [];
    for (let sha: string | undefined = head; sha !== undefined && !known.has(sha); ) {
      own.unshift(sha);
      sha = this.history.node(sha).parents[0];
    }
    return own;
  }

  #register(head: string, mergeCommit: string, approved: boolean, mergeBase: string): void {
    const number = this.forge.pulls.length + 1;
    const reviews = approved ? [approval('bob', { commit: head })] : [];
    const place = { sha: head, repositoryId: '7' };
    this.forge.pulls.push(pullRequest({ number, head: place, mergeCommit, mergeBase, reviews }));
  }

  /** What is truly authorized: the revisions after which nothing unreviewed is left that was not restored or ratified. */
  authorized(): Set<string> {
    const good = new Set([this.root]);
    let { tree } = this.history.node(this.root);
    let debts = new Set<string>();
    let reviewedSince = false;
    const line = this.line().slice(1);
    for (const sha of line) {
      const { merge, ratified, ...known } = this.truth.get(sha) ?? {
        reviewed: false,
        merge: sha,
        ratified: [],
      };
      const reviewed = known.reviewed && line.includes(merge);
      if (reviewed) for (const named of ratified) debts.delete(named);
      else debts.add(sha);
      const node = this.history.node(sha);
      if (node.tree === tree && (reviewed || !reviewedSince)) debts = new Set();
      reviewedSince ||= reviewed;
      if (debts.size > 0 || (reviewed && merge !== sha)) continue;
      good.add(sha);
      tree = node.tree;
      reviewedSince = false;
    }
    return good;
  }
}

async function verdictOn(branch: Branch) {
  const { forge, root, tip: to } = branch;
  const repository = branch.history.repository();
  return judge(await collectEvidence({ repository, forge, from: root, to, branch: 'main', policy }));
}

describe('the gate, whatever happens to a branch', () => {
  it('authorizes no revision with a commit that was neither reviewed nor restored nor ratified', async () => {
    let denied = 0;
    let authorized = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 9 }), async steps => {
        const branch = new Branch();
        for (const what of steps) branch.take(what);
        const authorization = await verdictOn(branch);
        if (authorization.verdict === 'denied') denied += 1;
        if (authorization.verdict === 'authorized') authorized += 1;
        expect(branch.authorized()).toContain(applicable(authorization));
      }),
      { numRuns: 1500, seed: 1 },
    );
    expect(denied).toBeGreaterThan(100);
    expect(authorized).toBeGreaterThan(100);
  });

  it('authorizes every branch to which only approved pull requests were merged', async () => {
    const pulls = step.filter(what => what.do === 'pull' && what.approved);
    await fc.assert(
      fc.asyncProperty(fc.array(pulls, { minLength: 1, maxLength: 7 }), async steps => {
        const branch = new Branch();
        for (const what of steps) branch.take(what);
        const authorization = await verdictOn(branch);
        expect(authorization).toMatchObject({ verdict: 'authorized', revision: branch.tip });
      }),
      { numRuns: 400, seed: 2 },
    );
  });
});
