import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { retryAtOf } from '../../../src/forge/http/slow-down.ts';
import type { FakeRepository } from '../../fakes/github/builder.ts';
import { type Fault, primaryLimit, secondaryLimit } from '../../fakes/github/faults.ts';
import { sha } from '../../fakes/github/names.ts';
import type { FakePull } from '../../fakes/github/pull-builder.ts';
import type { Rule } from '../../fakes/github/routes.ts';
import { type FakeGithub, startFakeGithub } from '../../fakes/github/server.ts';
import { accountOf, failureOf, forgeOf } from './support.ts';

let github: FakeGithub;
let repository: FakeRepository;
let pull: FakePull;

beforeEach(async () => {
  github = await startFakeGithub();
  repository = github.repository('acme/infra', { id: 4711 });
  pull = repository.pull({ author: 'alice', head: sha('head') });
  pull.review('bob', 'APPROVED');
  repository.permit('bob', 'write');
  pull.merge(sha('merge'));
});
afterEach(() => github.close());

const ask = () => forgeOf(github).pullRequestsOf(sha('merge'));
const edit = (change: object): Fault => ({
  kind: 'edit',
  edit: body => ({ ...(body as object), ...change }),
});
const editItem = (change: object): Fault => ({
  kind: 'edit',
  edit: body => (body as object[]).map(item => ({ ...item, ...change })),
});

describe('every operation', () => {
  const rules: Rule[] = [
    'repository',
    'lookup',
    'pull',
    'reviews',
    'timeline',
    'commits',
    'check-runs',
    'status',
    'permission',
  ];
  const faults: [string, Fault, string][] = [
    ['a 500', { kind: 'status', status: 500 }, 'HF1401'],
    ['a 503', { kind: 'status', status: 503 }, 'HF1401'],
    ['an HTML error page with status 200', { kind: 'html' }, 'HF1405'],
    ['an HTML error page with status 502', { kind: 'html', status: 502 }, 'HF1401'],
    ['silence', { kind: 'hang' }, 'HF1401'],
    ['a cut connection', { kind: 'cut' }, 'HF1401'],
    ['half of the JSON', { kind: 'truncated' }, 'HF1405'],
    ['null', { kind: 'edit', edit: () => null }, 'HF1405'],
    ['the wrong JSON', { kind: 'edit', edit: () => ({ message: 'ok' }) }, 'HF1405'],
    ['more than is ever read', { kind: 'huge', bytes: 21 * 1024 * 1024 }, 'HF1405'],
    ['the primary limit', primaryLimit(1_800_000_000), 'HF1404'],
    ['the secondary limit', secondaryLimit(60), 'HF1404'],
    ['a refusal of the token', { kind: 'status', status: 401 }, 'HF1402'],
    ['a missing right', { kind: 'status', status: 403, message: 'Resource not accessible' }, 'HF1402'],
  ];

  it.each(faults)('says so when it gets %s', async (_, fault, code) => {
    for (const rule of rules) {
      github.clearFaults();
      github.inject(rule, fault);
      const forge = forgeOf(github, fault.kind === 'hang' ? { timeoutMs: 300 } : {});
      const asked =
        rule === 'permission' ? forge.canWrite(accountOf(github, 'bob')) : forge.pullRequestsOf(sha('merge'));
      const failure = await failureOf(asked);
      expect([rule, failure.code]).toEqual([rule, code]);
      expect(failure.line).not.toContain(github.token);
    }
  });
});

describe('a list that is not whole', () => {
  beforeEach(() => {
    for (let n = 0; n < 101; n += 1) {
      pull.review('bob', 'COMMENTED');
      pull.push(sha(`commit ${n}`), 'alice');
    }
    for (let n = 0; n < 101; n += 1) {
      repository.checkRun(pull.state.head.sha, { name: `check ${n}` });
      repository.status(pull.state.head.sha, `status ${n}`, 'success');
    }
  });

  it.each<[string, Rule, Fault]>([
    ['commits without their second page', 'commits', { kind: 'first-page-only' }],
    ['check runs without their second page', 'check-runs', { kind: 'first-page-only' }],
    ['statuses without their second page', 'status', { kind: 'first-page-only' }],
    ['reviews that never end', 'reviews', { kind: 'endless' }],
    ['reviews that go on at another host', 'reviews', { kind: 'next', url: 'http://127.0.0.1:1/reviews' }],
  ])('is refused: %s', async (_, rule, fault) => {
    github.inject(rule, fault);
    expect((await failureOf(ask())).code).toBe('HF1405');
  });
});

describe('a contradiction', () => {
  it.each<[string, Rule, Fault]>([
    ['merged without a time', 'pull', edit({ merged_at: null })],
    ['merged without a commit', 'pull', edit({ merge_commit_sha: null })],
    ['a time without merged', 'pull', edit({ merged: false })],
    ['another merge commit than in the list', 'pull', edit({ merge_commit_sha: sha('another') })],
    ['more commits than are listed', 'pull', edit({ commits: 2 })],
    ['fewer commits than are listed', 'pull', edit({ commits: 0 })],
    ['a review in a state that nobody knows', 'reviews', editItem({ state: 'BLESSED' })],
    ['a review of a branch name', 'reviews', editItem({ commit_id: 'main' })],
    [
      'a change of the base without its time',
      'timeline',
      editItem({ event: 'base_ref_changed', created_at: null }),
    ],
    [
      'an item without its repository',
      'lookup',
      editItem({ base: { ref: 'main', sha: sha('b'), repo: null } }),
    ],
    ['an id that is a text', 'repository', edit({ id: '4711' })],
  ])('is refused, and named: %s', async (_, rule, fault) => {
    github.inject(rule, fault);
    const failure = await failureOf(ask());
    expect(failure.code).toBe('HF1405');
  });
});

it('gives an empty list as an answer: it is the gate that waits for a lagging forge', async () => {
  github.inject('lookup', { kind: 'edit', edit: () => [] });
  expect(await ask()).toEqual([]);
});

it('says that the forge does not know a commit, which is not the same as no pull request', async () => {
  expect((await failureOf(forgeOf(github).pullRequestsOf(sha('not there yet')))).code).toBe('HF1406');
});

describe('the repository', () => {
  it('is known by its id', async () => {
    expect(await forgeOf(github).repositoryId()).toBe('4711');
  });

  it.each([
    ['unknown', { repository: 'acme/nothing' }, 'HF1403'],
    ['not for this token', { token: 'another-token' }, 'HF1402'],
  ])('%s', async (_, options, code) => {
    const forge = forgeOf(github, options);
    for (const each of [() => forge.repositoryId(), () => forge.pullRequestsOf(sha('merge'))]) {
      const failure = await failureOf(each());
      expect(failure.code).toBe(code);
      expect(failure.line).not.toContain('another-token');
    }
  });

  it('that was renamed is not followed; the message says where it went', async () => {
    repository.move('acme/platform');
    for (const each of [() => forgeOf(github).repositoryId(), ask]) {
      const failure = await failureOf(each());
      expect(failure.code).toBe('HF1403');
      expect(failure.message).toContain('moved to acme/platform (id 4711)');
    }
  });

  it('that was made anew under its name is not the one that was trusted', async () => {
    const forge = forgeOf(github);
    await forge.repositoryId();
    repository.remove();
    github.repository('acme/infra', { id: 4712 });
    const failure = await failureOf(forge.repositoryId());
    expect(failure.code).toBe('HF1403');
    expect(failure.message).toContain('4712');
  });

  it('gone: a permission that cannot be asked is no answer', async () => {
    repository.remove();
    expect((await failureOf(forgeOf(github).canWrite(accountOf(github, 'bob')))).code).toBe('HF1403');
  });
});

describe('the rate limit', () => {
  it('asking again what did not change costs nothing but the one question that has no ETag', async () => {
    const forge = forgeOf(github);
    const first = await forge.pullRequestsOf(sha('merge'));
    github.limit(0, 1_800_000_000);
    github.resetCalls();
    expect(await forge.pullRequestsOf(sha('merge')).catch(error => error.code)).toBe('HF1404');

    const another = forgeOf(github);
    github.limit(5000, 0);
    await another.pullRequestsOf(sha('merge'));
    github.resetCalls();
    expect(await another.pullRequestsOf(sha('merge'))).toEqual(first);
    expect(github.confirmed()).toBe(github.calls() - github.calls('graphql'));
    expect(github.calls('graphql')).toBe(1);
  });

  it('names the time from which it may be asked again, and asks nothing before', async () => {
    let now = new Date('2027-01-15T08:00:00Z');
    const reset = new Date('2027-01-15T08:20:00Z');
    const forge = forgeOf(github, { now: () => now });
    github.inject('repository', primaryLimit(reset.getTime() / 1000), 1);
    const failure = await failureOf(forge.pullRequestsOf(sha('merge')));
    expect(retryAtOf(failure)).toBe(reset.toISOString());
    github.resetCalls();
    await failureOf(forge.pullRequestsOf(sha('merge')));
    expect(github.requests).toEqual([]);
    now = reset;
    expect(await forge.pullRequestsOf(sha('merge'))).toHaveLength(1);
  });
});
