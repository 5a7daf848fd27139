/** Threats on the fake GitLab, where approvals name no commit and a fast-forward no merge commit. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createForge } from '../../../src/forge/create.ts';
import type { Authorization, Policy } from '../../../src/gate/authorization.ts';
import { collectEvidence } from '../../../src/gate/collect.ts';
import { judge } from '../../../src/gate/judge.ts';
import { type FakeGitlab, startFakeGitlab } from '../../fakes/gitlab/server.ts';
import type { MergeState, ProjectState } from '../../fakes/gitlab/state.ts';
import { policy } from '../support/data.ts';
import { type Files, type Method, reasons, World } from '../support/world.ts';

let world: World;
let gitlab: FakeGitlab;
let project: ProjectState;
beforeEach(async () => {
  world = new World();
  gitlab = await startFakeGitlab();
  project = gitlab.project('acme/infra', 42);
  project.commits.add(world.root);
  for (const name of ['alice', 'bob', 'carol']) project.members.set(gitlab.user(name).id, 30);
});
afterEach(async () => {
  world.close();
  await gitlab.close();
});

function open(files: Files): { draft: ReturnType<World['open']>; request: MergeState } {
  const base = world.tip();
  const draft = world.open([files]);
  return { draft, request: gitlab.open(project, { author: 'alice', head: draft.pull.head.sha, base }) };
}

function merge({ draft, request }: ReturnType<typeof open>, method: Method = 'merge'): string {
  const commit = world.merge(draft, method);
  const kinds = { merge: 'merge', squash: 'squash', 'fast-forward': 'fast-forward' } as const;
  gitlab.merge(request, commit, kinds[method as keyof typeof kinds], 'carol');
  return commit;
}

async function verdict(rules: Partial<Policy> = {}): Promise<Authorization> {
  const forge = createForge({
    kind: 'gitlab',
    url: gitlab.url,
    repository: 'acme/infra',
    token: gitlab.token,
  });
  const { repository, root } = world;
  const fixed = { repository, forge, from: root, to: world.tip(), branch: 'main' };
  return judge(await collectEvidence({ ...fixed, policy: { ...policy, ...rules } }));
}

it.each(['merge', 'squash', 'fast-forward'] as const)(
  'threat 21 authorizes a merge request by %s',
  async method => {
    const opened = open({ 'a.yaml': 'x' });
    gitlab.approve(opened.request, 'bob');
    merge(opened, method);
    expect(await verdict()).toMatchObject({
      verdict: 'authorized',
      pulls: [{ number: 1, approvers: ['bob'] }],
    });
  },
);

it('threat 01 denies a push', async () => {
  project.commits.add(world.commit('main', { 'evil.yaml': 'x' }));
  expect(reasons(await verdict())).toEqual(['no-pr: no merged pull request explains it']);
});

it('threat 11 denies a push after the approval, which GitLab itself may let stand', async () => {
  const opened = open({ 'a.yaml': 'x' });
  gitlab.approve(opened.request, 'bob');
  const head = world.commit(opened.draft.branch, { 'evil.yaml': 'x' });
  gitlab.push(opened.request, head, 'alice');
  merge(opened);
  expect(reasons(await verdict())).toEqual([
    'approvals: #1: 0 of 1 approvals needed; not counted: bob: for another commit than the one merged; merged by carol',
  ]);
});

it('threat 10 denies what was pointed at the branch after the approval', async () => {
  const opened = open({ 'a.yaml': 'x' });
  gitlab.approve(opened.request, 'bob');
  const body = 'changed target branch from `staging` to `main`';
  opened.request.notes.push({ body, system: true, by: gitlab.user('alice'), at: gitlab.now() });
  merge(opened);
  expect(reasons(await verdict())[0]).toMatch(
    /^retargeted: #1: 0 of 1 approvals needed since its base was last changed/,
  );
});

it('threat 12 denies while a reviewer asks for changes', async () => {
  const opened = open({ 'a.yaml': 'x' });
  gitlab.approve(opened.request, 'bob');
  opened.request.reviewers.push({ user: gitlab.user('carol'), state: 'requested_changes', at: gitlab.now() });
  merge(opened);
  expect(reasons(await verdict())).toEqual(['changes-requested: #1: changes are still asked for by carol']);
});

it('threat 13 does not count who pushed to it, by GitLab’s own note', async () => {
  const opened = open({ 'a.yaml': 'x' });
  const head = world.commit(opened.draft.branch, { 'b.yaml': 'x' });
  opened.draft.pull.head.sha = head;
  gitlab.push(opened.request, head, 'bob');
  gitlab.approve(opened.request, 'bob');
  merge(opened);
  expect(reasons(await verdict())[0]).toContain('bob: a contributor to its commits');
});

describe('threat 31: sections of CODEOWNERS', () => {
  it('threat 31 asks each section for its number of owners', async () => {
    const file = '* @bob\n[Data][2] @acme/dba\n/data/\n';
    const { root } = world;
    const start = world.commit('main', { CODEOWNERS: file });
    Object.defineProperty(world, 'root', { value: start });
    gitlab.group('acme/dba', ['bob', 'carol']);
    const opened = open({ 'data/a.yaml': 'x' });
    gitlab.approve(opened.request, 'bob');
    merge(opened);
    expect(reasons(await verdict({ codeOwners: true }))).toEqual([
      'codeowners: #1: data/a.yaml needs 2 approvals of @acme/dba (CODEOWNERS:3, section Data)',
    ]);
    gitlab.approve(opened.request, 'carol');
    expect((await verdict({ codeOwners: true })).verdict).toBe('authorized');
    expect(root).not.toBe(start);
  });
});
