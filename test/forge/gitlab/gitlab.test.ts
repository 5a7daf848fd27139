import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../src/failure/failure.ts';
import { createForge } from '../../../src/forge/create.ts';
import type { Forge } from '../../../src/forge/forge.ts';
import { sha } from '../../fakes/github/names.ts';
import { type FakeGitlab, startFakeGitlab } from '../../fakes/gitlab/server.ts';
import type { MergeState, ProjectState } from '../../fakes/gitlab/state.ts';

let gitlab: FakeGitlab;
let project: ProjectState;
let open: MergeState;
beforeEach(async () => {
  gitlab = await startFakeGitlab();
  project = gitlab.project('acme/platform/infra', 42);
  open = gitlab.open(project, { author: 'alice', head: sha('head'), base: sha('base') });
});
afterEach(() => gitlab.close());

function forge(change: Partial<Parameters<typeof createForge>[0]> = {}): Forge {
  const fixed = { kind: 'gitlab', url: gitlab.url, repository: project.path, token: gitlab.token } as const;
  return createForge({ ...fixed, ...change });
}

async function evidence(commit = 'merge') {
  const [pull] = await forge().pullRequestsOf(sha(commit));
  return pull;
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Failure);
  return (error as Failure).code;
}

const account = (name: string) => ({ id: String(gitlab.user(name).id), login: name, bot: false });

it('tells all that GitLab says of a merged and approved merge request', async () => {
  gitlab.approve(open, 'bob');
  gitlab.merge(open, sha('merge'), 'merge', 'carol');

  expect(await evidence()).toEqual({
    number: 1,
    url: `${gitlab.url}/acme/platform/infra/-/merge_requests/1`,
    title: 'Change 1',
    author: account('alice'),
    merged: true,
    mergedAt: open.merged?.at,
    mergedBy: account('carol'),
    mergeCommit: sha('merge'),
    base: { repositoryId: '42', ref: 'main' },
    head: { sha: sha('head'), repositoryId: '42' },
    mergeBase: sha('base'),
    reviews: [
      {
        reviewer: account('bob'),
        state: 'approved',
        commit: sha('head'),
        submittedAt: open.approvals[0]?.at,
      },
    ],
    retargetedAt: [],
    contributors: [account('alice')],
    checks: [],
  });
});

describe('the merge commit', () => {
  it.each([
    ['merge', 'merge', 'merge'],
    ['squash', 'squashed', 'squashed'],
    ['fast-forward', 'head', 'head'],
  ] as const)('of a %s is the one that the branch was updated to', async (method, commit, expected) => {
    gitlab.merge(open, sha(commit), method);
    expect((await evidence(commit))?.mergeCommit).toBe(sha(expected));
  });

  it('is found also where the lookup by commit misses it', async () => {
    gitlab.merge(open, sha('head'), 'fast-forward');
    project.missed.add(1);
    expect((await evidence('head'))?.number).toBe(1);
  });
});

it('names no open one, and tells a push from a commit that GitLab does not know', async () => {
  project.commits.add(sha('direct'));
  expect(await forge().pullRequestsOf(sha('head'))).toEqual([]);
  expect(await forge().pullRequestsOf(sha('direct'))).toEqual([]);
  expect(await codeOf(forge().pullRequestsOf(sha('unknown')))).toBe('HF1406');
  expect(await codeOf(forge().pullRequestsOf('main'))).toBe('HF1206');
});

describe('approvals', () => {
  it('are for the version that was there when they were given', async () => {
    gitlab.approve(open, 'bob');
    gitlab.push(open, sha('later'), 'alice');
    gitlab.approve(open, 'carol');
    gitlab.merge(open, sha('merge'));
    const reviews = (await evidence())?.reviews.map(({ reviewer, commit }) => [reviewer?.login, commit]);
    expect(reviews).toEqual([
      ['bob', sha('head')],
      ['carol', sha('later')],
    ]);
  });

  it('are for no commit where their time is that of a push', async () => {
    gitlab.approve(open, 'bob');
    open.versions.push({ head: sha('head'), at: open.approvals[0]?.at ?? '' });
    gitlab.merge(open, sha('merge'));
    expect((await evidence())?.reviews[0]?.commit).toBeNull();
  });

  it('are followed by who asks for changes', async () => {
    gitlab.approve(open, 'bob');
    open.reviewers.push({ user: gitlab.user('bob'), state: 'requested_changes', at: gitlab.now() });
    open.reviewers.push({ user: gitlab.user('carol'), state: 'unreviewed', at: gitlab.now() });
    gitlab.merge(open, sha('merge'));
    const states = (await evidence())?.reviews.map(({ reviewer, state }) => [reviewer?.login, state]);
    expect(states).toEqual([
      ['bob', 'approved'],
      ['bob', 'changes-requested'],
    ]);
  });

  it('of bots and of deleted accounts are told as such', async () => {
    gitlab.user('robot', { bot: true });
    for (const name of ['robot', 'project_42_bot_f00', 'ghost']) gitlab.approve(open, name);
    gitlab.merge(open, sha('merge'));
    const reviewers = (await evidence())?.reviews.map(({ reviewer }) => reviewer?.bot);
    expect(reviewers).toEqual([true, true, undefined]);
  });
});

it('tells who took part: committers, who pushed, and co-authors by the address that they show', async () => {
  gitlab.user('erin', { publicEmail: 'erin@example.com' });
  open.commits.push({ id: sha('c2'), message: 'x\n\nCo-authored-by: E <ERIN@example.com>', committer: null });
  gitlab.push(open, sha('later'), 'dave');
  gitlab.approve(open, 'erin');
  gitlab.merge(open, sha('merge'));
  const logins = (await evidence())?.contributors.map(({ login }) => login);
  expect(logins?.toSorted()).toEqual(['alice', 'dave', 'erin']);
});

it('tells when it was pointed at another branch, by GitLab’s own notes alone', async () => {
  const note = 'changed target branch from `staging` to `main`';
  open.notes.push({ body: note, system: false, by: gitlab.user('mallory'), at: gitlab.now() });
  const at = gitlab.now();
  open.notes.push({ body: note, system: true, by: gitlab.user('alice'), at });
  gitlab.merge(open, sha('merge'));
  expect((await evidence())?.retargetedAt).toEqual([at]);
});

it('tells the checks with the account that reported them', async () => {
  const by = gitlab.user('ci');
  for (const [name, status] of [
    ['test', 'success'],
    ['lint', 'running'],
    ['deploy', 'manual'],
  ] as const) {
    project.statuses.push({ sha: sha('head'), name, status, description: null, by });
  }
  gitlab.merge(open, sha('merge'));
  const app = String(by.id);
  expect((await evidence())?.checks).toEqual([
    { name: 'test', app, state: 'success' },
    { name: 'lint', app, state: 'pending' },
    { name: 'deploy', app, state: 'failure' },
  ]);
});

describe('who may do what', () => {
  it('may write from Developer on, by the number of the account', async () => {
    for (const [name, level] of [
      ['bob', 30],
      ['eve', 20],
    ] as const) {
      project.members.set(gitlab.user(name).id, level);
    }
    const answers = ['bob', 'eve', 'nobody'].map(name => forge().canWrite(account(name)));
    expect(await Promise.all(answers)).toEqual([true, false, false]);
  });

  it('owns as a member of a group, by a role, or by an address', async () => {
    gitlab.group('acme/dba', ['bob']);
    gitlab.group('acme', ['bob']);
    project.members.set(gitlab.user('carol').id, 40);
    gitlab.user('carol', { publicEmail: 'carol@example.com' });
    const owns = (kind: 'user' | 'team' | 'role' | 'email', name: string, who: string) =>
      forge().owns({ kind, name }, account(who));
    expect(await owns('team', 'acme/dba', 'bob')).toBe(true);
    expect(await owns('team', 'acme/dba', 'carol')).toBe(false);
    expect(await owns('user', 'acme', 'bob')).toBe(true);
    expect(await owns('user', 'nobody', 'bob')).toBe(false);
    expect(await owns('role', 'maintainer', 'carol')).toBe(true);
    expect(await owns('role', 'owner', 'carol')).toBe(false);
    expect(await owns('email', 'Carol@example.com', 'carol')).toBe(true);
    expect(await codeOf(owns('team', 'acme/hidden', 'bob'))).toBe('HF1402');
  });
});

it('tells who moved the branch, but not how', async () => {
  const by = gitlab.user('bob');
  project.pushes.push({ branch: 'main', from: null, to: sha('0'), by, at: gitlab.now() });
  project.pushes.push({ branch: 'main', from: sha('0'), to: sha('1'), by, at: gitlab.now() });
  project.pushes.push({ branch: 'other', from: sha('0'), to: sha('2'), by, at: gitlab.now() });
  project.pushes.push({ branch: 'main', from: sha('1'), to: null, by, at: gitlab.now() });
  const moves = await forge().moves('main', sha('none'));
  expect(moves?.map(({ kind, actor }) => [kind, actor?.login])).toEqual([
    ['deleted', 'bob'],
    ['untold', 'bob'],
    ['created', 'bob'],
  ]);
});

it('shows a sync as a commit status, and is content where it is shown already', async () => {
  project.commits.add(sha('merge'));
  const say = (state: 'pending' | 'success') =>
    forge().announce({ commit: sha('merge'), state, description: state });
  await say('pending');
  await say('pending');
  await say('success');
  expect(project.statuses.map(({ name, status }) => [name, status])).toEqual([
    ['holdfast/sync', 'running'],
    ['holdfast/sync', 'success'],
  ]);
});

describe('what cannot be believed', () => {
  it.each([
    ['a moved project', 'project', { id: 42, path_with_namespace: 'other/infra' }, 'HF1403'],
    ['merged without a time', 'merge', {}, 'HF1405'],
    ['another head in GraphQL', 'graphql', {}, 'HF1405'],
    ['an error page', 'approvals', '<html>', 'HF1405'],
  ] as const)('%s is a failure', async (_title, rule, body, code) => {
    gitlab.merge(open, sha('merge'));
    gitlab.inject(rule, { status: 200, body });
    expect(await codeOf(forge().pullRequestsOf(sha('merge')))).toBe(code);
  });

  it('is another project under the same name, and every refusal', async () => {
    const asked = forge();
    await asked.repositoryId();
    gitlab.inject('project', { status: 200, body: { id: 43, path_with_namespace: project.path } });
    expect(await codeOf(asked.repositoryId())).toBe('HF1403');
    expect(await codeOf(forge({ token: 'wrong' }).repositoryId())).toBe('HF1402');
  });
});
