import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../src/failure/failure.ts';
import { createForge } from '../../../src/forge/create.ts';

/** Answers in the shape of Gitea 1.26 (the real one is asked in test/real/forge): here only what it does not do by itself. */
const merge = 'b'.repeat(40);
const head = 'a'.repeat(40);
/** Where the branch is now, after the merge. */
const now = 'd'.repeat(40);
const alice = { id: 3, login: 'alice' };
const bob = { id: 4, login: 'bob' };
const root = '/api/v1/repos/acme/infra';

interface Reply {
  status?: number;
  body: unknown;
  headers?: Record<string, string>;
}

let server: Server;
let url: string;
let asked: string[];
let replies: Record<string, Reply>;

beforeEach(async () => {
  asked = [];
  replies = {
    [root]: { body: { id: 5, full_name: 'acme/infra' } },
    [`${root}/commits/${merge}/pull`]: { body: pull({}) },
    [`${root}/git/refs/pull/7/head`]: { body: [{ ref: 'refs/pull/7/head', object: { sha: head } }] },
    [`${root}/activities/feeds`]: { body: [] },
    [`${root}/pulls/7/reviews`]: list([review('APPROVED')]),
    [`${root}/issues/7/timeline`]: { body: null },
    [`${root}/pulls/7/commits`]: list([
      { sha: head, author: alice, committer: alice, commit: { message: 'Change' } },
    ]),
    [`${root}/commits/${head}/status`]: {
      body: { sha: head, statuses: null },
      headers: { 'x-total-count': '0' },
    },
    [`${root}/collaborators/bob/permission`]: { body: { permission: 'write', user: bob } },
  };
  server = createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://gitea').pathname;
    asked.push(request.url ?? '');
    const { status = 200, body, headers } = replies[path] ?? { status: 404, body: { message: 'not found' } };
    const later = Number(new URL(request.url ?? '', 'http://gitea').searchParams.get('page')) > 1;
    if (later) response.writeHead(status, headers).end('[]');
    else response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function pull(change: object): object {
  return {
    ...{
      number: 7,
      html_url: 'http://gitea.example/acme/infra/pulls/7',
      title: 'Change',
      user: alice,
      merged: true,
    },
    ...{
      merged_at: '2026-01-05T11:00:00Z',
      merged_by: bob,
      merge_commit_sha: merge,
      merge_base: 'c'.repeat(40),
    },
    ...{
      base: { ref: 'main', repo_id: 5 },
      head: { ref: 'change', label: 'change', repo_id: 5, repo: { full_name: 'acme/infra' }, sha: now },
    },
    ...change,
  };
}

function review(state: string): object {
  return { id: 1, user: bob, state, dismissed: false, commit_id: head, submitted_at: '2026-01-05T10:00:00Z' };
}

function list(items: object[], total = items.length): Reply {
  return { body: items, headers: { 'x-total-count': String(total) } };
}

const forge = () => createForge({ kind: 'gitea', url, repository: 'acme/infra', token: 'a-secret-token' });

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const thrown: unknown = await promise.then(
    () => undefined,
    error => error,
  );
  expect(thrown).toBeInstanceOf(Failure);
  return thrown as Failure;
}

it('reads null, which is how Gitea writes an empty list', async () => {
  expect(await forge().pullRequestsOf(merge)).toMatchObject([
    { number: 7, reviews: [{ state: 'approved' }], retargetedAt: [], checks: [], mergeBase: 'c'.repeat(40) },
  ]);
});

it('takes the head that was merged, and not where its branch is by now', async () => {
  expect(await forge().pullRequestsOf(merge)).toMatchObject([{ head: { sha: head } }]);
});

it('asks for the timeline whole, since its pages hide events without counting them', async () => {
  await forge().pullRequestsOf(merge);
  expect(asked).toContain(`${root}/issues/7/timeline`);
});

describe('is refused, never guessed', () => {
  it.each<[string, string, Reply]>([
    ['merged without a time', `/commits/${merge}/pull`, { body: pull({ merged_at: null }) }],
    [
      'a pull request of another commit',
      `/commits/${merge}/pull`,
      { body: pull({ merge_commit_sha: head }) },
    ],
    ['a page of a proxy', `/commits/${merge}/pull`, { body: '<html>Sign in</html>' }],
    ['a state that nobody knows', '/pulls/7/reviews', list([review('BLESSED')])],
    ['a list without its length', '/pulls/7/reviews', { body: [] }],
    [
      'fewer commits than counted',
      '/pulls/7/commits',
      list([{ sha: head, author: null, committer: null }], 3),
    ],
    ['a repository without a number', '', { body: { id: '5', full_name: 'acme/infra' } }],
  ])('%s', async (_, path, reply) => {
    replies[root + path] = reply;
    const asking = path === '' ? forge().repositoryId() : forge().pullRequestsOf(merge);
    expect((await failureOf(asking)).code).toBe('HF1405');
  });

  it.each([
    [401, 'HF1402'],
    [403, 'HF1402'],
    [404, 'HF1403'],
    [429, 'HF1404'],
    [502, 'HF1401'],
  ])('a status %i of any part of the evidence: %s', async (status, code) => {
    for (const path of [
      '/git/refs/pull/7/head',
      '/pulls/7/reviews',
      '/issues/7/timeline',
      '/activities/feeds',
      '/pulls/7/commits',
      `/commits/${head}/status`,
    ]) {
      const before = replies[root + path];
      replies[root + path] = { status, body: { message: 'no, a-secret-token' } };
      const failure = await failureOf(forge().pullRequestsOf(merge));
      expect([path, failure.code]).toEqual([path, code]);
      expect(failure.line).not.toContain('a-secret-token');
      if (before !== undefined) replies[root + path] = before;
    }
  });
});

it('reads on behind an empty page, for Gitea counts pending reviews that it does not show', async () => {
  const pages = [[], [review('APPROVED')], [review('REQUEST_CHANGES')]];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://gitea');
    const reply = replies[pathname];
    const reviews = pathname.endsWith('/reviews');
    const body = reviews ? (pages[Number(searchParams.get('page')) - 1] ?? []) : reply?.body;
    response.writeHead(200, reviews ? { 'x-total-count': '150' } : reply?.headers).end(JSON.stringify(body));
  });
  const [evidence] = await forge().pullRequestsOf(merge);
  expect(evidence?.reviews.map(each => each.state)).toEqual(['approved', 'changes-requested']);
});

describe('a 404 of the lookup', () => {
  const lookup = `${root}/commits/${merge}/pull`;

  it('is [] for a commit that is there', async () => {
    delete replies[lookup];
    replies[`${root}/git/commits/${merge}`] = { body: { sha: merge } };
    expect(await forge().pullRequestsOf(merge)).toEqual([]);
  });

  it('is no answer for a commit that is not', async () => {
    delete replies[lookup];
    expect((await failureOf(forge().pullRequestsOf(merge))).code).toBe('HF1406');
  });

  it('is no answer for a repository that is not', async () => {
    replies = {};
    expect((await failureOf(forge().pullRequestsOf(merge))).code).toBe('HF1403');
  });
});

describe('canWrite', () => {
  it.each([
    ['owner', true],
    ['admin', true],
    ['write', true],
    ['read', false],
    ['none', false],
  ])('%s: %s', async (permission, may) => {
    replies[`${root}/collaborators/bob/permission`] = { body: { permission, user: bob } };
    expect(await forge().canWrite({ id: '4', login: 'bob', bot: false })).toBe(may);
  });

  it('is false when the login belongs to another account now', async () => {
    expect(await forge().canWrite({ id: '40', login: 'bob', bot: false })).toBe(false);
  });
});
