import { afterEach, beforeEach, expect, it } from 'vitest';
import { createProposals } from '../../../src/forge/create-proposals.ts';
import type { Proposals } from '../../../src/forge/proposals.ts';
import { type FakeGitlab, startFakeGitlab } from '../../fakes/gitlab/server.ts';

let gitlab: FakeGitlab;
let project: ReturnType<FakeGitlab['project']>;
let proposals: Proposals;
const wanted = { branch: 'holdfast/revert-1', base: 'main', title: 'Revert #1', body: 'Takes it back.' };
const sha = (digit: string) => digit.repeat(40);

beforeEach(async () => {
  gitlab = await startFakeGitlab();
  project = gitlab.project('acme/infra');
  project.branches.set(wanted.branch, sha('a'));
  const { url, token } = gitlab;
  proposals = createProposals({ kind: 'gitlab', url, repository: 'acme/infra', token });
});
afterEach(() => gitlab.close());

it('opens a merge request once, and finds it again', async () => {
  expect(await proposals.findOpen(wanted.branch, 'main')).toBeUndefined();
  const opened = await proposals.open(wanted);
  expect(opened.number).toBe(1);
  expect(await proposals.open(wanted)).toMatchObject(opened);
  expect(await proposals.findOpen(wanted.branch, 'main')).toMatchObject({
    ...opened,
    author: expect.any(String),
  });
});

it('says what GitLab said when it does not', async () => {
  await expect(proposals.open({ ...wanted, branch: 'holdfast/none' })).rejects.toMatchObject({
    code: 'HF1451',
  });
});

it.each([
  ['merge', sha('c')],
  ['fast-forward', sha('b')],
] as const)('tells what a merge by %s made', async (method, mergeCommit) => {
  const merge = gitlab.open(project, { author: 'alice', head: sha('b'), base: sha('a') });
  await expect(proposals.merged(1)).rejects.toMatchObject({ code: 'HF1453' });
  gitlab.merge(merge, sha('c'), method);
  expect(await proposals.merged(1)).toMatchObject({
    ...{ number: 1, base: 'main', mergeCommit, head: sha('b'), mergeBase: sha('a') },
    headRef: 'refs/merge-requests/1/head',
  });
  await expect(proposals.merged(9)).rejects.toMatchObject({ code: 'HF1453' });
});

it.each([
  [50, 'admin'],
  [40, 'admin'],
  [30, 'write'],
  [20, 'read'],
  [10, 'read'],
] as const)('the access level %i is %s', async (level, permission) => {
  project.members.set(gitlab.user('alice').id, level);
  expect(await proposals.permissionOf('alice')).toBe(permission);
});

it('nobody else and no bot has any', async () => {
  project.members.set(gitlab.user('robot', { bot: true }).id, 40);
  gitlab.user('eve');
  for (const login of ['robot', 'eve', 'nobody']) expect(await proposals.permissionOf(login)).toBe('none');
});
