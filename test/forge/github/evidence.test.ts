import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FakeRepository } from '../../fakes/github/builder.ts';
import { sha } from '../../fakes/github/names.ts';
import type { FakePull } from '../../fakes/github/pull-builder.ts';
import { type FakeGithub, startFakeGithub } from '../../fakes/github/server.ts';
import { accountOf, failureOf, forgeOf } from './support.ts';

let github: FakeGithub;
let repository: FakeRepository;
let pull: FakePull;

beforeEach(async () => {
  github = await startFakeGithub();
  repository = github.repository('acme/infra', { id: 4711 });
  pull = repository.pull({ author: 'alice', head: sha('head'), title: 'Raise the limits' });
});
afterEach(() => github.close());

async function evidence() {
  const pulls = await forgeOf(github).pullRequestsOf(sha('merge'));
  const [first] = pulls;
  if (first === undefined || pulls.length > 1) throw new Error(`${pulls.length} pull requests`);
  return first;
}

it('tells all that GitHub says of a merged and approved pull request', async () => {
  pull.review('bob', 'APPROVED', { at: '2026-01-05T10:00:00Z' });
  pull.merge(sha('merge'), { by: 'carol', at: '2026-01-05T11:00:00Z' });

  expect(await evidence()).toEqual({
    number: 1,
    url: `${github.url}/acme/infra/pull/1`,
    title: 'Raise the limits',
    author: accountOf(github, 'alice'),
    merged: true,
    mergedAt: '2026-01-05T11:00:00Z',
    mergedBy: accountOf(github, 'carol'),
    mergeCommit: sha('merge'),
    base: { repositoryId: '4711', ref: 'main' },
    head: { sha: sha('head'), repositoryId: '4711' },
    reviews: [
      {
        reviewer: accountOf(github, 'bob'),
        state: 'approved',
        commit: sha('head'),
        submittedAt: '2026-01-05T10:00:00Z',
      },
    ],
    retargetedAt: [],
    contributors: [accountOf(github, 'alice')],
    writers: [],
    checks: [],
  });
});

describe('pullRequestsOf', () => {
  it('is [] for a direct push', async () => {
    repository.push(sha('direct'));
    expect(await forgeOf(github).pullRequestsOf(sha('direct'))).toEqual([]);
  });

  it('leaves out an open pull request, though it names a merge commit and is found by its head', async () => {
    expect(await forgeOf(github).pullRequestsOf(sha('head'))).toEqual([]);
  });

  it('finds every commit of a rebase', async () => {
    pull.merge(sha('second'), { introduces: [sha('first'), sha('second')] });
    for (const commit of ['first', 'second']) {
      const found = await forgeOf(github).pullRequestsOf(sha(commit));
      expect(found.map(each => [each.number, each.mergeCommit])).toEqual([[1, sha('second')]]);
    }
  });

  it('names all pull requests that a commit belongs to', async () => {
    pull.merge(sha('merge'));
    const other = repository.pull({ author: 'alice', head: sha('head 2') });
    other.merge(sha('other merge'), { introduces: [sha('merge')] });
    const found = await forgeOf(github).pullRequestsOf(sha('merge'));
    expect(found.map(each => each.number).sort()).toEqual([1, 2]);
  });

  it.each(['main', 'refs/heads/main', sha('merge').slice(0, 12), sha('merge').toUpperCase(), ''])(
    'asks nothing about %j, which is no full SHA',
    async commit => {
      expect((await failureOf(forgeOf(github).pullRequestsOf(commit))).code).toBe('HF1206');
      expect(github.requests).toEqual([]);
    },
  );

  it('gives a pull request of another repository as such, and does not read the one of the same number here', async () => {
    const fork = repository.fork('mallory');
    const own = fork.pull({ author: 'mallory', head: sha('own') });
    own.review('bob', 'APPROVED');
    own.merge(sha('own merge'));
    pull.merge(sha('merge'));
    fork.push(sha('merge'));
    const found = await forgeOf(github, { repository: 'mallory/infra' }).pullRequestsOf(sha('merge'));
    expect(found).toMatchObject([{ number: 1, base: { repositoryId: '4711' }, reviews: [], mergedBy: null }]);
    expect(github.calls('reviews')).toBe(0);
  });

  it('keeps the base that the pull request was merged to', async () => {
    pull.retarget('staging');
    pull.merge(sha('merge'));
    expect((await evidence()).base.ref).toBe('staging');
  });

  it('knows a fork, and one that is gone', async () => {
    const fork = repository.fork('dave');
    const from = repository.pull({ author: 'dave', head: sha('fork head'), from: fork });
    from.merge(sha('merge'), { introduces: [sha('merge')] });
    expect((await evidence()).head.repositoryId).toBe(fork.id);
    fork.remove();
    expect((await evidence()).head).toEqual({ sha: sha('fork head'), repositoryId: null });
  });
});

describe('reviews', () => {
  it('keep GitHub’s order and states, and the commit that each was about', async () => {
    const first = pull.review('bob', 'APPROVED');
    pull.push(sha('head 2'), 'alice');
    pull.review('carol', 'CHANGES_REQUESTED');
    pull.review('bob', 'COMMENTED', { commit: null });
    pull.review('carol', 'PENDING');
    pull.dismiss(first);
    pull.merge(sha('merge'));
    const { reviews, head } = await evidence();
    expect(head.sha).toBe(sha('head 2'));
    expect(reviews.map(each => [each.reviewer?.login, each.state, each.commit])).toEqual([
      ['bob', 'dismissed', sha('head')],
      ['carol', 'changes-requested', sha('head 2')],
      ['bob', 'commented', null],
      ['carol', 'pending', sha('head 2')],
    ]);
    expect(reviews.at(-1)?.submittedAt).toBeNull();
  });

  it('are read to the last page', async () => {
    for (let n = 0; n < 230; n += 1) pull.review('bob', 'COMMENTED');
    pull.review('carol', 'CHANGES_REQUESTED');
    pull.merge(sha('merge'));
    const { reviews } = await evidence();
    expect(reviews).toHaveLength(231);
    expect(reviews.at(-1)?.state).toBe('changes-requested');
  });

  it.each([
    ['a bot', 'renovate[bot]', true],
    ['a human', 'bob', false],
  ])('say whether the reviewer is %s', async (_, login, bot) => {
    pull.review(login, 'APPROVED');
    pull.merge(sha('merge'));
    expect((await evidence()).reviews[0]?.reviewer?.bot).toBe(bot);
  });

  it('of a mannequin are none of a human', async () => {
    github.user('imported', 'Mannequin');
    pull.review('imported', 'APPROVED');
    pull.merge(sha('merge'));
    expect((await evidence()).reviews[0]?.reviewer?.bot).toBe(true);
  });

  it('of a deleted account have no reviewer, whether GitHub says null or shows its stand-in', async () => {
    github.user('ghost').id = 10137;
    pull.review(null, 'APPROVED');
    pull.review('ghost', 'APPROVED');
    pull.merge(sha('merge'));
    expect((await evidence()).reviews.map(each => each.reviewer)).toEqual([null, null]);
  });
});

describe('retargetedAt', () => {
  it('has the time of each change of the base, also of those that GitHub made itself', async () => {
    pull.retarget('staging', { at: '2026-01-05T10:00:00Z' });
    pull.event('labeled', 'alice', '2026-01-05T10:30:00Z');
    pull.retarget('main', { at: '2026-01-05T11:00:00Z', automatic: true });
    pull.merge(sha('merge'));
    expect((await evidence()).retargetedAt).toEqual(['2026-01-05T10:00:00Z', '2026-01-05T11:00:00Z']);
  });

  it('is found behind any number of other events', async () => {
    for (let n = 0; n < 150; n += 1) pull.event('mentioned', 'mallory');
    pull.retarget('main');
    pull.merge(sha('merge'));
    expect((await evidence()).retargetedAt).toHaveLength(1);
  });
});

describe('contributors', () => {
  it('are those linked to commits as author or committer, and who force-pushed, each once', async () => {
    pull.push(sha('head 2'), 'dave', { force: true });
    pull.push(sha('head 3'), 'alice');
    pull.state.commits.push({ sha: sha('x'), author: null, committer: github.user('web-flow') });
    pull.merge(sha('merge'));
    const logins = (await evidence()).contributors.map(each => each.login);
    expect(logins.sort()).toEqual(['alice', 'dave', 'web-flow']);
  });

  it('are read from a comparison beyond the 250 commits that GitHub lists', async () => {
    const commits = Array.from({ length: 330 }, (_, n) => ({
      sha: sha(`commit ${n}`),
      author: `author-${n}`,
      committer: null,
    }));
    const large = repository.pull({ author: 'alice', head: sha('commit 329'), commits });
    large.merge(sha('merge'), { introduces: [sha('merge')] });
    const { contributors } = await evidence();
    expect(contributors).toHaveLength(330);
    expect(contributors.at(-1)?.login).toBe('author-329');
  });
});

describe('checks', () => {
  beforeEach(() => pull.merge(sha('merge')));

  it('are those of the head, with the id of the app that reported them', async () => {
    repository.checkRun(sha('head'), { name: 'test', app: { id: 15368, slug: 'github-actions' } });
    repository.checkRun(sha('head'), { name: 'test', app: { id: 666, slug: 'github-actions' } });
    repository.checkRun(sha('head'), { name: 'old', app: null });
    repository.checkRun(sha('merge'), { name: 'elsewhere' });
    repository.status(sha('head'), 'ci', 'success');
    expect((await evidence()).checks).toEqual([
      { name: 'test', app: '15368', state: 'success' },
      { name: 'test', app: '666', state: 'success' },
      { name: 'old', app: null, state: 'success' },
      { name: 'ci', app: null, state: 'success' },
    ]);
  });

  it.each([
    ['completed', 'success', 'success'],
    ['completed', 'failure', 'failure'],
    ['completed', 'neutral', 'failure'],
    ['completed', 'skipped', 'failure'],
    ['completed', 'cancelled', 'failure'],
    ['completed', 'timed_out', 'failure'],
    ['completed', 'action_required', 'failure'],
    ['in_progress', null, 'pending'],
    ['queued', null, 'pending'],
  ] as const)('%s with %s is %s', async (status, conclusion, state) => {
    repository.checkRun(sha('head'), { name: 'test', status, conclusion });
    expect((await evidence()).checks.map(each => each.state)).toEqual([state]);
  });

  it.each([
    ['success', 'success'],
    ['pending', 'pending'],
    ['failure', 'failure'],
    ['error', 'failure'],
  ] as const)('a commit status %s is %s', async (status, state) => {
    repository.status(sha('head'), 'ci', status);
    expect((await evidence()).checks).toEqual([{ name: 'ci', app: null, state }]);
  });

  it('are read to the last page', async () => {
    for (let n = 0; n < 140; n += 1) repository.checkRun(sha('head'), { name: `test ${n}` });
    for (let n = 0; n < 140; n += 1) repository.status(sha('head'), `status ${n}`, 'success');
    expect((await evidence()).checks).toHaveLength(280);
  });
});

describe('canWrite', () => {
  it.each([
    ['admin', true],
    ['maintain', true],
    ['write', true],
    ['triage', false],
    ['read', false],
    ['none', false],
  ] as const)('%s: %s', async (permission, may) => {
    repository.permit('bob', permission);
    expect(await forgeOf(github).canWrite(accountOf(github, 'bob'))).toBe(may);
  });

  it('is false for an account that is gone', async () => {
    const account = accountOf(github, 'bob');
    github.removeUser('bob');
    expect(await forgeOf(github).canWrite(account)).toBe(false);
  });

  it('is false when the login belongs to another account now', async () => {
    repository.permit('bob', 'write');
    const account = { ...accountOf(github, 'bob'), id: '1' };
    expect(await forgeOf(github).canWrite(account)).toBe(false);
  });

  it('asks for the login as one path segment', async () => {
    expect(await forgeOf(github).canWrite({ id: '1', login: '../../../user', bot: false })).toBe(false);
    expect(github.requests[0]).toBe('/api/v3/repos/acme/infra/collaborators/..%2F..%2F..%2Fuser/permission');
  });
});
