import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { FakeRepository } from './builder.ts';
import { primaryLimit, secondaryLimit } from './faults.ts';
import { sha } from './names.ts';
import { createAnswerCheck } from './schema.ts';
import { type FakeGithub, startFakeGithub } from './server.ts';

let github: FakeGithub;
let repository: FakeRepository;

beforeEach(async () => {
  github = await startFakeGithub();
  repository = github.repository('acme/infra', { id: 4711 });
});
afterEach(() => github.close());

async function get(path: string, headers: Record<string, string> = {}) {
  const address = path.startsWith('http') ? path : `${github.url}/api/v3${path}`;
  const auth = { authorization: `Bearer ${github.token}` };
  const response = await fetch(address, { headers: { ...auth, ...headers }, redirect: 'manual' });
  const text = await response.text();
  const body: unknown = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, body };
}

const numbers = (body: unknown) =>
  z
    .array(z.object({ number: z.int() }))
    .parse(body)
    .map(pull => pull.number);

describe('the fake GitHub answers every operation as the published OpenAPI says', () => {
  const head = sha('head');
  const operations = [
    '',
    `/commits/${sha('merge')}/pulls`,
    `/commits/${head}/check-runs`,
    `/commits/${head}/status`,
    `/compare/${sha('base')}...${head}`,
    '/pulls/1',
    '/pulls/1/reviews',
    '/pulls/1/commits',
    '/issues/1/timeline',
    '/collaborators/bob/permission',
  ];

  it.each(operations)('GET /repos/acme/infra%s', async path => {
    const commits = [{ sha: head, author: null, committer: 'carol' }];
    const pull = repository.pull({ author: 'alice', head, baseSha: sha('base'), commits });
    pull.review('bob', 'APPROVED');
    pull.review(null, 'COMMENTED', { commit: null });
    pull.retarget('main');
    pull.merge(sha('merge'));
    repository.permit('bob', 'maintain');
    repository.checkRun(head, { name: 'test' });
    repository.checkRun(head, { name: 'slow', app: null, status: 'in_progress', conclusion: null });
    repository.status(head, 'ci', 'success');

    const { status, body } = await get(`/repos/acme/infra${path}`);

    expect(status).toBe(200);
    expect(JSON.stringify(body).length).toBeGreaterThan(100);
  });

  it('notices an answer that is not', () => {
    const check = createAnswerCheck();
    expect(check('/repos/{owner}/{repo}', 200, { id: 1 })).toMatch(/required property/);
    expect(check('/repos/{owner}/{repo}/pulls/{pull_number}/reviews', 200, [{ id: 'one' }])).toBeDefined();
    expect(check('/user', 200, {})).toMatch(/no operation/);
  });

  it('lets the head repository be null for a deleted fork, as the service does', async () => {
    const fork = repository.fork('mallory');
    repository.pull({ author: 'mallory', head, from: fork });
    fork.remove();
    expect((await get('/repos/acme/infra/pulls/1')).body).toMatchObject({ head: { repo: null, sha: head } });
  });
});

describe('the lookup of a commit', () => {
  it('names the merged pull request that introduced it', async () => {
    const pull = repository.pull({ author: 'alice', head: sha('head') });
    pull.merge(sha('merge'));
    for (const commit of ['merge', 'head']) {
      const { body } = await get(`/repos/acme/infra/commits/${sha(commit)}/pulls`);
      expect(numbers(body)).toEqual([1]);
    }
  });

  it('names open ones for a commit that nothing merged, with a trial merge as merge_commit_sha', async () => {
    repository.pull({ author: 'alice', head: sha('head') });
    const { body } = await get(`/repos/acme/infra/commits/${sha('head')}/pulls`);
    expect(body).toMatchObject([{ number: 1, merged_at: null, merge_commit_sha: expect.any(String) }]);
    expect(body).not.toHaveProperty('0.merged');
  });

  it('names those of the parent when a fork is asked', async () => {
    const fork = repository.fork('mallory');
    const pull = repository.pull({ author: 'mallory', head: sha('head'), from: fork });
    pull.merge(sha('merge'));
    fork.push(sha('merge'));
    const { body } = await get(`/repos/mallory/infra/commits/${sha('merge')}/pulls`);
    expect(body).toMatchObject([{ number: 1, base: { repo: { id: 4711 } } }]);
  });

  it('is [] for a direct push and 422 for a commit that it does not know', async () => {
    repository.push(sha('direct'));
    expect((await get(`/repos/acme/infra/commits/${sha('direct')}/pulls`)).body).toEqual([]);
    expect((await get(`/repos/acme/infra/commits/${sha('nowhere')}/pulls`)).status).toBe(422);
  });
});

describe('lists', () => {
  beforeEach(() => {
    const pull = repository.pull({ author: 'alice', head: sha('head') });
    for (let n = 0; n < 120; n += 1) pull.review(`reviewer-${n}`, 'COMMENTED');
  });

  it.each([
    ['', 30],
    ['?per_page=100', 100],
    ['?per_page=1000', 100],
    ['?per_page=100&page=2', 20],
    ['?per_page=100&page=3', 0],
  ])('of reviews%s have %i items', async (query, count) => {
    const { body } = await get(`/repos/acme/infra/pulls/1/reviews${query}`);
    expect(body).toHaveLength(count);
  });

  it('lead to the next page by the id of the repository, and end', async () => {
    const first = await get('/repos/acme/infra/pulls/1/reviews?per_page=100');
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    expect(next).toContain('/repositories/4711/pulls/1/reviews?per_page=100&page=2');
    const second = await get(next);
    expect(second.body).toHaveLength(20);
    expect(second.headers.get('link')).not.toContain('next');
  });

  it('of commits stop at 250 without a word', async () => {
    const commits = Array.from({ length: 260 }, (_, n) => ({ sha: sha(`commit ${n}`) }));
    repository.pull({ author: 'alice', head: sha('commit 259'), commits, number: 2 });
    const last = await get('/repos/acme/infra/pulls/2/commits?per_page=100&page=3');
    expect(last.body).toHaveLength(50);
    expect(last.headers.get('link')).not.toContain('next');
  });
});

describe('the service refuses', () => {
  it.each([
    ['a wrong token', '/repos/acme/infra', { authorization: 'Bearer wrong' }, 401],
    [
      'an API version that it does not have',
      '/repos/acme/infra',
      { 'x-github-api-version': '1999-01-01' },
      400,
    ],
    ['a repository that it does not know', '/repos/acme/other', {}, 404],
    ['a pull request that it does not know', '/repos/acme/infra/pulls/9', {}, 404],
    ['an account that it does not know', '/repos/acme/infra/collaborators/nobody/permission', {}, 404],
    ['an operation that the fake does not have', '/repos/acme/infra/branches', {}, 404],
    ['a path outside of the API', '/nothing', {}, 404],
  ])('%s', async (_, path, headers, status) => {
    const answer = await get(path, headers);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ message: expect.any(String) });
  });

  it('what comes after the limit, but answers 304 for free', async () => {
    const { headers } = await get('/repos/acme/infra');
    github.limit(1, 1_800_000_000);
    const known = { 'if-none-match': headers.get('etag') ?? '' };
    expect((await get('/repos/acme/infra', known)).status).toBe(304);
    expect((await get('/repos/acme/infra')).status).toBe(200);
    const refused = await get('/repos/acme/infra');
    expect(refused.status).toBe(403);
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(refused.headers.get('x-ratelimit-reset')).toBe('1800000000');
  });
});

describe('ETags', () => {
  it('change with the answer', async () => {
    const pull = repository.pull({ author: 'alice', head: sha('head') });
    const first = await get('/repos/acme/infra/pulls/1');
    const known = { 'if-none-match': first.headers.get('etag') ?? '' };
    expect((await get('/repos/acme/infra/pulls/1', known)).status).toBe(304);
    pull.merge(sha('merge'));
    expect((await get('/repos/acme/infra/pulls/1', known)).status).toBe(200);
  });
});

describe('faults', () => {
  it('strike the rule that they are for, as often as asked', async () => {
    github.inject('repository', { kind: 'status', status: 502 }, 2);
    const statuses: number[] = [];
    for (let n = 0; n < 3; n += 1) statuses.push((await get('/repos/acme/infra')).status);
    expect(statuses).toEqual([502, 502, 200]);
  });

  it.each([
    ['primary limit', primaryLimit(1_800_000_000), 403, 'x-ratelimit-reset'],
    ['secondary limit', secondaryLimit(7, 429), 429, 'retry-after'],
  ])('%s has the headers of the service', async (_, fault, status, header) => {
    github.inject('any', fault);
    const answer = await get('/repos/acme/infra');
    expect(answer.status).toBe(status);
    expect(answer.headers.get(header)).not.toBeNull();
  });

  it('are counted as calls, by rule', async () => {
    github.inject('repository', { kind: 'html' });
    expect((await get('/repos/acme/infra')).body).toContain('<title>');
    expect([github.calls('repository'), github.calls('pull'), github.calls()]).toEqual([1, 0, 1]);
  });

  it('cut a connection in the middle', async () => {
    github.inject('repository', { kind: 'cut' });
    await expect(get('/repos/acme/infra')).rejects.toThrow();
  });
});

it('redirects a moved repository to its id', async () => {
  repository.move('acme/platform');
  const answer = await get('/repos/acme/infra');
  expect(answer.status).toBe(301);
  const target = answer.headers.get('location') ?? '';
  expect(target).toContain('/repositories/4711');
  expect((await get(target)).body).toMatchObject({ id: 4711, full_name: 'acme/platform' });
});
