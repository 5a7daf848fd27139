import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProposals } from '../../../src/forge/create-proposals.ts';
import type { Proposals } from '../../../src/forge/proposals.ts';
import type { FakeRepository } from '../../fakes/github/builder.ts';
import { sha } from '../../fakes/github/names.ts';
import { type FakeGithub, startFakeGithub } from '../../fakes/github/server.ts';
import { failureOf } from './support.ts';

let github: FakeGithub;
let repository: FakeRepository;
let proposals: Proposals;

const wanted = { branch: 'holdfast/revert-1', base: 'main', title: 'Revert #1', body: 'Takes it back.' };

beforeEach(async () => {
  github = await startFakeGithub();
  repository = github.repository('acme/infra');
  repository.push(sha('tip'), 'main');
  const fixed = { kind: 'github', url: github.url, repository: 'acme/infra' } as const;
  proposals = createProposals({ ...fixed, token: github.token });
});
afterEach(() => github.close());

describe('opening a pull request at GitHub', () => {
  it('gives its number and its page, and finds it afterwards', async () => {
    repository.push(sha('revert'), wanted.branch);
    const opened = await proposals.open(wanted);
    expect(opened).toEqual({ number: 1, url: `${github.url}/acme/infra/pull/1` });
    expect(repository.state.pulls.get(1)).toMatchObject({ title: 'Revert #1', body: 'Takes it back.' });
    expect(await proposals.findOpen(wanted.branch, 'main')).toMatchObject({
      ...opened,
      author: expect.any(String),
    });
  });

  it('gives the one that is open already', async () => {
    repository.push(sha('revert'), wanted.branch);
    const first = await proposals.open(wanted);
    expect(await proposals.open(wanted)).toMatchObject(first);
  });

  it('finds none that is closed, of a fork, or for another branch', async () => {
    const fork = repository.fork('acme');
    repository.pull({ author: 'mallory', head: sha('x'), headRef: wanted.branch, from: fork });
    repository.pull({ author: 'bob', head: sha('y'), headRef: wanted.branch, base: 'next' });
    repository.pull({ author: 'bob', head: sha('z'), headRef: wanted.branch }).close();
    expect(await proposals.findOpen(wanted.branch, 'main')).toBeUndefined();
  });

  it('says what GitHub said when it does not', async () => {
    const failure = await failureOf(proposals.open(wanted));
    expect(failure.code).toBe('HF1451');
    expect(failure.message).toContain('Validation Failed');
  });

  it('is not tried again by itself', async () => {
    repository.push(sha('revert'), wanted.branch);
    github.inject('open', { kind: 'status', status: 502 });
    expect((await failureOf(proposals.open(wanted))).code).toBe('HF1401');
    expect(github.calls('open')).toBe(1);
  });
});

describe('a merged pull request', () => {
  it('is told with what its merge made', async () => {
    const pull = repository.pull({ author: 'alice', head: sha('head'), title: 'More replicas' });
    pull.merge(sha('merge'));
    expect(await proposals.merged(1)).toMatchObject({
      ...{ number: 1, title: 'More replicas', base: 'main' },
      ...{ mergeCommit: sha('merge'), head: sha('head'), mergeBase: null },
    });
  });

  it('is not one that is open, or that is not there', async () => {
    repository.pull({ author: 'alice', head: sha('head') });
    expect((await failureOf(proposals.merged(1))).code).toBe('HF1453');
    expect((await failureOf(proposals.merged(9))).code).toBe('HF1453');
  });
});

describe('the permission of a login', () => {
  it.each([
    ['admin', 'admin'],
    ['maintain', 'write'],
    ['write', 'write'],
    ['triage', 'read'],
    ['read', 'read'],
  ] as const)('%s is %s', async (given, expected) => {
    repository.permit('alice', given);
    expect(await proposals.permissionOf('alice')).toBe(expected);
  });

  it('is none for a bot, an account without any, and one that is not there', async () => {
    repository.permit('ci[bot]', 'admin');
    github.user('eve');
    for (const login of ['ci[bot]', 'eve', 'nobody'])
      expect(await proposals.permissionOf(login)).toBe('none');
  });

  it('is no answer while GitHub is down', async () => {
    github.inject('permission', { kind: 'status', status: 500 });
    expect((await failureOf(proposals.permissionOf('alice'))).code).toBe('HF1401');
  });
});
