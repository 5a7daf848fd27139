import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../src/failure/failure.ts';
import type { PullRequest } from '../../../src/forge/forge.ts';
import type { MergedPull } from '../../../src/forge/proposals.ts';
import { type Mirror, openMirror } from '../../../src/git/mirror.ts';
import { type RollbackParts, rollback } from '../../../src/propose/rollback/rollback.ts';
import { Origin, type Scratch, scratch } from '../git/origin.ts';

/** Reverts of all ways to merge, computed in a real mirror and pushed to a real remote. The forge is a table. */
let folder: Scratch;
let origin: Origin;
let mirror: Mirror;
let merged: Map<number, MergedPull>;
let opened: { branch: string; title: string; body: string }[];

beforeEach(async () => {
  folder = scratch();
  origin = new Origin(join(folder.path, 'origin'));
  origin.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  origin.commit('Start', { 'a.yaml': 'a: 1\nb: 1\nc: 1\nd: 1\ne: 1\nf: 1\n', 'other.yaml': 'x: 1\n' });
  merged = new Map();
  opened = [];
  mirror = await openMirror({ directory: join(folder.path, 'mirror.git'), url: origin.path, branch: 'main' });
});
afterEach(() => folder.dispose());

const by = { words: 'alice (U1 in Slack)', login: 'alice' };

function parts(): RollbackParts {
  return {
    repository: mirror,
    forge: {
      repositoryId: async () => '1',
      pullRequestsOf: async commit =>
        [...merged.values()]
          .filter(pull => pull.mergeCommit === commit)
          .map(
            ({ number, base }) =>
              ({ number, merged: true, base: { repositoryId: '1', ref: base } }) as PullRequest,
          ),
    },
    proposals: {
      findOpen: async branch => {
        const index = opened.findIndex(pull => pull.branch === branch);
        return index === -1 ? undefined : { number: 100 + index, url: `https://forge/${100 + index}` };
      },
      open: async pull => {
        opened.push(pull);
        return { number: 99 + opened.length, url: `https://forge/${99 + opened.length}` };
      },
      merged: async number => {
        const pull = merged.get(number);
        if (pull === undefined) throw new Failure('HF1453', `there is no pull request ${number}`);
        return pull;
      },
      permissionOf: async () => 'none',
    },
    writer: mirror.writer(),
    base: 'main',
    now: () => new Date('2026-01-02T03:04:05Z'),
  };
}

/** Commits on a branch of their own, merged in one of the ways; returns the number of the pull request. */
function land(
  way: 'merge' | 'squash' | 'rebase' | 'fast-forward',
  commits: Record<string, string>[],
): number {
  const number = merged.size + 1;
  const mergeBase = origin.git('rev-parse', 'main');
  origin.git('checkout', '--quiet', '-b', `change-${number}`);
  for (const files of commits) origin.commit(`Change ${number}`, files);
  const head = origin.git('rev-parse', 'HEAD');
  if (way === 'rebase') {
    // onto a branch that went on, so that its commits are not those of the head
    origin.git('checkout', '--quiet', 'main');
    origin.commit('Meanwhile', { [`meanwhile-${number}.yaml`]: 'x: 1\n' });
    origin.git('checkout', '--quiet', '-b', `rebased-${number}`, head);
    origin.git('rebase', '--quiet', 'main');
    origin.git('checkout', '--quiet', 'main');
    origin.git('merge', '--quiet', '--ff-only', `rebased-${number}`);
  } else {
    origin.git('checkout', '--quiet', 'main');
    if (way === 'merge') origin.git('merge', '--quiet', '--no-ff', '-m', `Merge ${number}`, head);
    if (way === 'fast-forward') origin.git('merge', '--quiet', '--ff-only', head);
    if (way === 'squash') {
      origin.git('merge', '--quiet', '--squash', head);
      origin.git('commit', '--quiet', '-m', `Squash ${number}`);
    }
  }
  const [title, url] = [`Change ${number} @here Fixes #7`, `https://forge/${number}`];
  const mergeCommit = origin.git('rev-parse', 'main');
  const headRef = `refs/heads/change-${number}`;
  merged.set(number, { number, url, title, base: 'main', mergeCommit, head, headRef, mergeBase });
  return number;
}

const fileAt = (revision: string, path: string) => origin.git('show', `${revision}:${path}`);
const treeAt = (revision: string) => origin.git('rev-parse', `${revision}^{tree}`);

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const thrown: unknown = await promise.then(
    () => undefined,
    error => error,
  );
  expect(thrown).toBeInstanceOf(Failure);
  return thrown as Failure;
}

describe('the revert of a pull request that came by', () => {
  it.each(['merge', 'squash', 'rebase', 'fast-forward'] as const)('%s', async way => {
    const before = way === 'rebase' ? undefined : treeAt('main');
    const number = land(way, [
      { 'a.yaml': 'a: 2\nb: 1\nc: 1\nd: 1\ne: 1\nf: 1\n' },
      { 'a.yaml': 'a: 2\nb: 2\nc: 1\nd: 1\ne: 1\nf: 1\n', 'new.yaml': 'y: 1\n' },
    ]);
    origin.commit('Later, elsewhere', { 'other.yaml': 'x: 2\n' });

    const { branch, plan } = await rollback([`#${number}`], parts(), by);

    expect(plan.changes).toEqual([
      { path: 'a.yaml', change: 'changed' },
      { path: 'new.yaml', change: 'deleted' },
    ]);
    expect(branch).toBe(`holdfast/revert-${number}`);
    expect(fileAt(branch, 'a.yaml')).toBe('a: 1\nb: 1\nc: 1\nd: 1\ne: 1\nf: 1');
    expect(fileAt(branch, 'other.yaml')).toBe('x: 2');
    if (way === 'rebase') expect(fileAt(branch, `meanwhile-${number}.yaml`)).toBe('x: 1');
    origin.git('checkout', '--quiet', 'main');
    origin.commit('Back', { 'other.yaml': 'x: 1\n' });
    if (before !== undefined) {
      origin.git('merge', '--quiet', '--no-edit', branch);
      expect(treeAt('main')).toBe(before);
    }
  });
});

it('takes only its own commit where a squash follows the commits of others', async () => {
  origin.commit('Direct', { 'other.yaml': 'x: 2\n' });
  const number = land('squash', [{ 'n1.yaml': '1\n' }, { 'n2.yaml': '1\n' }]);
  const { plan } = await rollback([`${number}`], parts(), by);
  expect(plan.changes.map(({ path }) => path)).toEqual(['n1.yaml', 'n2.yaml']);
});

it('takes several back at once, newest first, where the older alone would be in conflict', async () => {
  const start = treeAt('main');
  const first = land('squash', [{ 'a.yaml': 'a: 2\nb: 1\nc: 1\nd: 1\ne: 1\nf: 1\n' }]);
  const second = land('merge', [{ 'a.yaml': 'a: 3\nb: 1\nc: 1\nd: 1\ne: 1\nf: 1\n' }]);

  const failure = await failureOf(rollback([`${first}`], parts(), by));
  expect(failure.code).toBe('HF1454');
  expect(failure.message).toContain(`#${first}`);
  expect(failure.message).toContain('a.yaml');
  expect(failure.message).not.toContain('other.yaml');

  const { branch, plan } = await rollback([`${first}`, `${second}`, `#${first}`], parts(), by);
  expect(plan.reverted.map(({ pull }) => pull?.number)).toEqual([second, first]);
  expect(treeAt(branch)).toBe(start);
  expect(branch).toBe(`holdfast/revert-${second}-${first}`);
});

it('gives the pull request that is open already, and moves no branch then', async () => {
  const number = land('merge', [{ 'other.yaml': 'x: 2\n' }]);
  const first = await rollback([`${number}`], parts(), by);
  const tip = origin.git('rev-parse', first.branch);
  origin.commit('More', { 'more.yaml': 'x: 1\n' });
  const again = await rollback([`${number}`], parts(), by);
  expect(again).toMatchObject({ number: first.number, already: true });
  expect(opened).toHaveLength(1);
  expect(origin.git('rev-parse', first.branch)).toBe(tip);
});

it('uses its branch again once the earlier pull request is closed', async () => {
  const number = land('merge', [{ 'other.yaml': 'x: 2\n' }]);
  await rollback([`${number}`], parts(), by);
  opened = [];
  origin.commit('More', { 'more.yaml': 'x: 1\n' });
  const { branch } = await rollback([`${number}`], parts(), by);
  expect(origin.git('rev-parse', `${branch}^`)).toBe(origin.git('rev-parse', 'main'));
});

describe('a commit', () => {
  it('stands for the pull request that it came by, also inside of its branch, and by its first digits', async () => {
    const number = land('merge', [{ 'n1.yaml': '1\n' }, { 'n2.yaml': '1\n' }]);
    const inside = origin.git('rev-parse', 'main^2^');
    const { plan } = await rollback([inside.slice(0, 10)], parts(), by);
    expect(plan.reverted).toMatchObject([{ pull: { number } }]);
  });

  it('that no pull request explains is taken back alone', async () => {
    const direct = origin.commit('Direct', { 'other.yaml': 'x: 2\n' });
    const { branch, plan } = await rollback([direct], parts(), by);
    expect(plan.reverted[0]?.pull).toBeUndefined();
    expect(branch).toBe(`holdfast/revert-${direct.slice(0, 12)}`);
  });
});

describe('refused is', () => {
  it('what is taken back already', async () => {
    const number = land('merge', [{ 'other.yaml': 'x: 2\n' }]);
    origin.commit('Back', { 'other.yaml': 'x: 1\n' });
    expect((await failureOf(rollback([`${number}`], parts(), by))).code).toBe('HF1455');
  });

  it.each(['12', 'deadbeef', 'main', '--all', '', '#0', 'a'.repeat(41), '12; rm -rf /', '../x', '$(id)'])(
    'what names nothing: %j',
    async name => {
      await mirror.fetch();
      expect((await failureOf(rollback([name], parts(), by))).code).toBe('HF1453');
      expect(opened).toEqual([]);
    },
  );

  it('what is not on the branch, and what is the first of all', async () => {
    origin.git('checkout', '--quiet', '-b', 'aside');
    const aside = origin.commit('Aside', { 'aside.yaml': 'x: 1\n' });
    origin.git('checkout', '--quiet', 'main');
    await mirror.fetch();
    await mirror.fetchCommit(aside, ['refs/heads/aside']);
    expect((await failureOf(rollback([aside], parts(), by))).message).toContain('not on the branch');
    const first = origin.git('rev-list', '--max-parents=0', 'main');
    expect((await failureOf(rollback([first], parts(), by))).code).toBe('HF1453');
  });

  it('a branch that somebody holds elsewhere than under our prefix', async () => {
    const tip = await mirror.fetch();
    for (const name of ['main', 'holdfast', 'holdfast/../main', 'holdfast/x y', '--mirror'])
      expect((await failureOf(mirror.writer().push(tip, name))).code).toBe('HF1452');
  });
});

it('writes a commit whose message names who asked, and in which a title does nothing', async () => {
  const number = land('merge', [{ 'other.yaml': 'x: 2\n' }]);
  const pull = merged.get(number);
  if (pull !== undefined) pull.title = `Evil\n\nHoldfast-Ratifies: ${'a'.repeat(40)}\n\n@here <b>`;
  const { branch } = await rollback([`${number}`], parts(), by);
  const message = origin.git('log', '-1', '--format=%B', branch);
  expect(message.split('\n\n').at(-1)).toBe('Holdfast-Requested-By: alice');
  expect(message.split('\n').filter(line => line.startsWith('Holdfast-Ratifies'))).toEqual([]);
  expect(opened[0]?.body).toContain('`Evil Holdfast-Ratifies');
  expect(opened[0]?.title).not.toMatch(/[@\n]/);
});
