import { beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { Failure } from '../../../src/failure/failure.ts';
import { createForge } from '../../../src/forge/create.ts';
import type { Account, Forge, PullRequest } from '../../../src/forge/forge.ts';
import { createPullScenario, type MergeMethod, type Person, type PullScenario } from '../support/pulls.ts';
import { waitUntil } from '../support/wait-until.ts';

let scenario: PullScenario;
let forge: Forge;
let alice: Person;
let bob: Person;

const accountOf = ({ id, login }: Person): Account => ({ id, login, bot: false });

beforeAll(async () => {
  scenario = await createPullScenario({ url: inject('giteaUrl'), adminToken: inject('giteaToken') });
  alice = await scenario.person('alice', 'write');
  bob = await scenario.person('bob', 'write');
  forge = forgeWith({});
});

function forgeWith(options: { token?: string; repository?: string; url?: string }): Forge {
  const usual = { url: scenario.url, repository: scenario.repository, token: scenario.owner.token };
  return createForge({ kind: 'gitea', ...usual, ...options });
}

async function onlyPullOf(commit: string): Promise<PullRequest> {
  const pulls = await forge.pullRequestsOf(commit);
  const [first] = pulls;
  if (first === undefined || pulls.length > 1) throw new Error(`${pulls.length} pull requests`);
  return first;
}

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const thrown: unknown = await promise.then(
    () => undefined,
    error => error,
  );
  expect(thrown).toBeInstanceOf(Failure);
  return thrown as Failure;
}

/** A change on a branch of its own, as a pull request of alice. */
async function opened(name: string, base = 'main') {
  await scenario.commit(alice, name, { [`${name}.txt`]: name });
  return scenario.open(alice, name, base);
}

describe('a merged and approved pull request', () => {
  it.each<MergeMethod>(['merge', 'squash', 'rebase', 'rebase-merge', 'fast-forward-only'])(
    'is told with all its evidence after %s',
    async method => {
      const pull = await opened(`by-${method}`);
      await scenario.review(bob, pull, 'APPROVED');
      const commit = await scenario.merge(scenario.owner, pull, method);

      const evidence = await onlyPullOf(commit);

      expect(commit).toBe(await scenario.tip());
      expect(evidence).toMatchObject({
        number: pull.number,
        author: accountOf(alice),
        merged: true,
        mergedBy: accountOf(scenario.owner),
        mergeCommit: commit,
        base: { repositoryId: await forge.repositoryId(), ref: 'main' },
        reviews: [{ reviewer: accountOf(bob), state: 'approved', commit: evidence.head.sha }],
        retargetedAt: [],
        contributors: [accountOf(alice)],
        checks: [],
      });
      expect(evidence.head.repositoryId).toBe(evidence.base.repositoryId);
      expect(Date.parse(evidence.mergedAt ?? '')).not.toBeNaN();
    },
  );

  it('is not found by the other commits of a rebase: Gitea knows the last one only', async () => {
    await scenario.commit(alice, 'two-commits', { 'one.txt': '1' });
    await scenario.commit(alice, 'two-commits', { 'two.txt': '2' });
    const pull = await scenario.open(alice, 'two-commits');
    await scenario.review(bob, pull, 'APPROVED');
    const last = await scenario.merge(scenario.owner, pull, 'rebase');
    const answer = await scenario.api.call(
      scenario.owner.token,
      'GET',
      `/repos/${scenario.repository}/git/commits/${last}`,
    );
    const first = (answer.json as { parents: { sha: string }[] }).parents[0]?.sha ?? '';
    expect(await forge.pullRequestsOf(first)).toEqual([]);
    expect((await onlyPullOf(last)).number).toBe(pull.number);
  });
});

describe('no pull request is told', () => {
  it('of a direct push, whatever its message and author say', async () => {
    const message = "Merge pull request '#1' from alice/change (#1)";
    const author = { name: alice.login, email: `${alice.login}@example.com` };
    const commit = await scenario.commit(bob, 'main', { 'direct.txt': 'x' }, { message, author });
    expect(await forge.pullRequestsOf(commit)).toEqual([]);
  });

  it('of the head of an open one', async () => {
    const pull = await opened('still-open');
    expect(await forge.pullRequestsOf(pull.head)).toEqual([]);
  });
});

describe('reviews', () => {
  it('that were dismissed say so, though Gitea keeps their state', async () => {
    const pull = await opened('dismissed');
    const review = await scenario.review(bob, pull, 'APPROVED');
    await scenario.dismiss(scenario.owner, pull, review);
    const { reviews } = await onlyPullOf(await scenario.merge(scenario.owner, pull));
    expect(reviews.map(each => each.state)).toEqual(['dismissed']);
  });

  it('keep the commit that they were about when more is pushed', async () => {
    const pull = await opened('pushed-after');
    await scenario.review(bob, pull, 'APPROVED');
    const later = await scenario.commit(alice, 'pushed-after', { 'later.txt': 'x' });
    await scenario.headIs(pull, later);
    const evidence = await onlyPullOf(await scenario.merge(scenario.owner, pull));
    expect(evidence.head.sha).toBe(later);
    expect(evidence.reviews.map(each => each.commit)).toEqual([pull.head]);
  });

  it('come in their order; Gitea dismisses an approval when the same person asks for changes', async () => {
    const pull = await opened('second-thoughts');
    await scenario.review(bob, pull, 'APPROVED');
    await scenario.review(bob, pull, 'REQUEST_CHANGES');
    await scenario.review(bob, pull, 'COMMENT');
    const { reviews } = await onlyPullOf(await scenario.merge(scenario.owner, pull));
    expect(reviews.map(each => each.state)).toEqual(['dismissed', 'changes-requested', 'commented']);
  });

  it('are read to the last page', async () => {
    const pull = await opened('many-reviews');
    await Promise.all(Array.from({ length: 55 }, () => scenario.review(bob, pull, 'COMMENT', pull.head)));
    await scenario.review(bob, pull, 'REQUEST_CHANGES');
    const { reviews } = await onlyPullOf(await scenario.merge(scenario.owner, pull));
    expect(reviews).toHaveLength(56);
    expect(reviews.at(-1)?.state).toBe('changes-requested');
  });

  it('of a deleted account have no reviewer', async () => {
    const gone = await scenario.person('gone', 'write');
    const pull = await opened('deleted-reviewer');
    await scenario.review(gone, pull, 'APPROVED');
    const commit = await scenario.merge(scenario.owner, pull);
    await scenario.api.call(inject('giteaToken'), 'DELETE', `/admin/users/${gone.login}`);
    const { reviews } = await onlyPullOf(commit);
    expect(reviews.map(each => [each.state, each.reviewer])).toEqual([['approved', null]]);
    expect(await forge.canWrite(accountOf(gone))).toBe(false);
  });
});

describe('the way of a pull request', () => {
  it('tells that it was pointed at another branch after its approval', async () => {
    await scenario.commit(alice, 'staging', { 'staging.txt': 'x' });
    const pull = await opened('retargeted', 'staging');
    await scenario.review(bob, pull, 'APPROVED');
    await scenario.retarget(alice, pull, 'main');
    const { retargetedAt, reviews, base } = await onlyPullOf(await scenario.merge(scenario.owner, pull));
    expect([retargetedAt.length, reviews.length, base.ref]).toEqual([1, 1, 'main']);
    expect(Date.parse(retargetedAt[0] ?? '')).toBeGreaterThanOrEqual(
      Date.parse(reviews[0]?.submittedAt ?? ''),
    );
  });

  it('tells of that also when more events follow than fit on a page', async () => {
    await scenario.commit(alice, 'side', { 'side.txt': 'x' });
    const pull = await opened('long-story', 'side');
    await scenario.retarget(alice, pull, 'main');
    const path = `/repos/${scenario.repository}/issues/${pull.number}/comments`;
    const remark = () => scenario.api.expect(z.unknown(), alice.token, 'POST', path, { body: 'A remark.' });
    await Promise.all(Array.from({ length: 60 }, remark));
    const { retargetedAt } = await onlyPullOf(await scenario.merge(scenario.owner, pull));
    expect(retargetedAt).toHaveLength(1);
  });

  it('names the base that it was merged to, which may not be the branch that it reached', async () => {
    await scenario.commit(alice, 'release', { 'release.txt': 'x' });
    const pull = await opened('to-release', 'release');
    const evidence = await onlyPullOf(await scenario.merge(scenario.owner, pull));
    expect(evidence.base.ref).toBe('release');
  });

  it('tells who pushed to it, whatever the commits say, some time after the merge', async () => {
    const carol = await scenario.person('carol', 'write');
    const pull = await opened('helped');
    const author = { name: alice.login, email: `${alice.login}@example.com` };
    const commit = await scenario.commit(carol, 'helped', { 'help.txt': 'x' }, { author });
    await scenario.headIs(pull, commit);
    const merge = await scenario.merge(scenario.owner, pull);
    const pushes = await waitUntil('Gitea tells of both pushes', async () => {
      const { pushes: told = [] } = await onlyPullOf(merge);
      const fed = told.filter(push => 'after' in push);
      return fed.length > 1 ? fed : undefined;
    });
    expect(pushes).toEqual([
      { by: accountOf(alice), before: null, after: pull.head },
      { by: accountOf(carol), before: pull.head, after: commit },
    ]);
  });

  it('carries the statuses of its head, the latest of each context', async () => {
    const pull = await opened('checked');
    await scenario.status(alice, pull.head, 'ci/test', 'pending');
    await scenario.status(alice, pull.head, 'ci/test', 'success');
    await scenario.status(alice, pull.head, 'ci/lint', 'failure');
    const { checks } = await onlyPullOf(await scenario.merge(scenario.owner, pull));
    expect(checks.sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
      { name: 'ci/lint', app: null, state: 'failure' },
      { name: 'ci/test', app: null, state: 'success' },
    ]);
  });

  it('may come from a fork, and is told after the fork is gone', async () => {
    const dave = await scenario.person('dave', 'none');
    const fork = await scenario.fork(dave);
    const head = await scenario.commit(dave, 'from-fork', { 'fork.txt': 'x' }, { repository: fork });
    const pull = await scenario.open(dave, `${dave.login}:from-fork`);
    await scenario.review(bob, pull, 'APPROVED');
    const commit = await scenario.merge(scenario.owner, pull);
    const before = await onlyPullOf(commit);
    expect(before.head.sha).toBe(head);
    expect(before.head.repositoryId).toMatch(/^\d+$/);
    expect(before.head.repositoryId).not.toBe(before.base.repositoryId);
    await scenario.api.call(dave.token, 'DELETE', `/repos/${fork}`);
    expect((await onlyPullOf(commit)).head).toEqual({ sha: head, repositoryId: null });
  });
});

describe('who may write', () => {
  it.each([
    ['admin', true],
    ['write', true],
    ['read', false],
    ['none', false],
  ] as const)('%s: %s', async (permission, may) => {
    const person = await scenario.person('someone', permission);
    expect(await forge.canWrite(accountOf(person))).toBe(may);
  });

  it('the owner', async () => {
    expect(await forge.canWrite(accountOf(scenario.owner))).toBe(true);
  });

  it('is told to an administrator of the repository only, and the message says so', async () => {
    const failure = await failureOf(forgeWith({ token: bob.token }).canWrite(accountOf(alice)));
    expect(failure.code).toBe('HF1402');
    expect(failure.message).toMatch(/admin/i);
  });
});

describe('what Gitea cannot say', () => {
  it('to a token that it does not know', async () => {
    const token = '0123456789abcdef0123456789abcdef01234567';
    const failure = await failureOf(forgeWith({ token }).repositoryId());
    expect(failure.code).toBe('HF1402');
    expect(failure.line).not.toContain(token);
  });

  it('of a repository that it does not know', async () => {
    const wrong = forgeWith({ repository: `${scenario.owner.login}/nothing` });
    expect((await failureOf(wrong.repositoryId())).code).toBe('HF1403');
    expect((await failureOf(wrong.pullRequestsOf('0'.repeat(40)))).code).toBe('HF1403');
  });

  it('of a commit that it does not have', async () => {
    expect((await failureOf(forge.pullRequestsOf('0'.repeat(40)))).code).toBe('HF1406');
  });

  it('of a repository that was renamed: it is not followed', async () => {
    const other = await createPullScenario({ url: inject('giteaUrl'), adminToken: inject('giteaToken') });
    const before = forgeWith({ repository: other.repository, token: other.owner.token });
    const id = await before.repositoryId();
    await other.api.call(other.owner.token, 'PATCH', `/repos/${other.repository}`, { name: 'platform' });
    const failure = await failureOf(before.repositoryId());
    expect(failure.code).toBe('HF1403');
    expect(failure.message).toContain('platform');
    const after = forgeWith({ repository: `${other.owner.login}/platform`, token: other.owner.token });
    expect(await after.repositoryId()).toBe(id);
  });

  it.each(['main', 'HEAD', '0'.repeat(39), 'refs/heads/main'])(
    'of %j, which is never asked',
    async commit => {
      expect((await failureOf(forge.pullRequestsOf(commit))).code).toBe('HF1206');
    },
  );
});
