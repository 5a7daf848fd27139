/** What GitHub tells besides the pull request: how branches were moved, who pushed and co-authored, who owns. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha } from '../../fakes/github/names.ts';
import { type FakeGithub, startFakeGithub } from '../../fakes/github/server.ts';
import { accountOf, failureOf, forgeOf } from './support.ts';

let github: FakeGithub;
let repository: ReturnType<FakeGithub['repository']>;
beforeEach(async () => {
  github = await startFakeGithub();
  repository = github.repository('acme/infra', { id: 4711 });
});
afterEach(() => github.close());

const at = (name: string) => sha(name);

describe('moves', () => {
  it('tells who moved the branch, how, and whether its rules were bypassed, newest first', async () => {
    repository.moved('main', { type: 'branch_creation', before: null, after: at('0'), by: 'root' });
    repository.moved('other', { type: 'push', before: at('0'), after: at('x'), by: 'mallory' });
    repository.moved('main', { type: 'pr_merge', before: at('0'), after: at('1'), by: 'bob' });
    repository.moved('main', { type: 'pr_merge', before: at('1'), after: at('2'), by: 'root', bypass: true });
    repository.moved('main', { type: 'merge_queue_merge', before: at('2'), after: at('3'), by: null });
    repository.moved('main', { type: 'force_push', before: at('3'), after: at('1'), by: 'mallory' });
    repository.moved('main', { type: 'branch_deletion', before: at('1'), after: null, by: 'mallory' });

    const moves = await forgeOf(github).moves('main', at('none'));

    expect(moves?.map(({ kind, actor, bypass }) => [kind, actor?.login, bypass])).toEqual([
      ['deleted', 'mallory', false],
      ['force-push', 'mallory', false],
      ['merge', undefined, false],
      ['merge', 'root', true],
      ['merge', 'bob', false],
      ['created', 'root', false],
    ]);
    expect(moves?.at(-1)).toMatchObject({ before: null, after: at('0') });
  });

  it('follows the pages, no further than to where it is asked about', async () => {
    for (let step = 0; step < 250; step += 1) {
      repository.moved('main', { type: 'push', before: at(`${step}`), after: at(`${step + 1}`), by: 'bob' });
    }
    const forge = forgeOf(github);

    expect(await forge.moves('main', at('0'))).toHaveLength(250);
    github.resetCalls();
    await forge.moves('main', at('249'));
    expect(github.calls('activity')).toBe(1);
  });

  it('holds nothing against a move where the token may not see rule suites, or there are no activities', async () => {
    repository.moved('main', { type: 'push', before: at('0'), after: at('1'), by: 'bob' });
    github.inject('rule-suites', { kind: 'status', status: 403, message: 'Resource not accessible' });
    expect((await forgeOf(github).moves('main', at('0')))?.[0]).not.toHaveProperty('bypass');
    github.inject('activity', { kind: 'status', status: 404 });
    expect(await forgeOf(github).moves('main', at('0'))).toBeNull();
  });

  it('is a failure where the forge refuses or fails, so that nothing is passed over', async () => {
    github.inject('activity', { kind: 'status', status: 403, message: 'Resource not accessible' }, 1);
    expect((await failureOf(forgeOf(github).moves('main', at('0')))).code).toBe('HF1402');
    github.inject('activity', { kind: 'status', status: 502 }, 1);
    expect((await failureOf(forgeOf(github).moves('main', at('0')))).code).toBe('HF1401');
  });
});

describe('contributors', () => {
  async function contributors() {
    const [found] = await forgeOf(github).pullRequestsOf(at('merge'));
    return found?.contributors.map(({ login }) => login);
  }

  it('are co-authors too, whom only GraphQL tells', async () => {
    const commits = [{ sha: at('head'), author: 'alice', coAuthors: ['bob'] }];
    repository.pull({ author: 'alice', head: at('head'), commits }).merge(at('merge'));
    expect(await contributors()).toEqual(['alice', 'bob']);
  });

  it('are all who pushed to the head branch, whatever their commits say', async () => {
    const pull = repository.pull({ author: 'alice', head: at('head'), headRef: 'feature' });
    repository.moved('feature', { type: 'push', before: at('a'), after: at('head'), by: 'bob' });
    repository.moved('feature', { type: 'push', before: at('z'), after: at('a'), by: 'carol' });
    pull.merge(at('merge'));
    expect(await contributors()).toEqual(['alice', 'bob']);
  });

  it('are read on every page, up to what GitHub lists', async () => {
    const commits = Array.from({ length: 120 }, (_, index) => ({
      sha: index === 119 ? at('head') : at(`c${index}`),
      coAuthors: index === 110 ? ['bob'] : [],
    }));
    repository.pull({ author: 'alice', head: at('head'), commits }).merge(at('merge'));
    expect(await contributors()).toContain('bob');
    expect(github.calls('graphql')).toBe(2);
  });

  it('cannot be told while GraphQL answers with errors or tells another story', async () => {
    repository.pull({ author: 'alice', head: at('head') }).merge(at('merge'));
    github.inject(
      'graphql',
      { kind: 'edit', edit: () => ({ errors: [{ message: 'no', type: 'FORBIDDEN' }] }) },
      1,
    );
    expect((await failureOf(forgeOf(github).pullRequestsOf(at('merge')))).code).toBe('HF1402');
    const other = (body: unknown) => JSON.parse(JSON.stringify(body).replaceAll(at('head'), at('other')));
    github.inject('graphql', { kind: 'edit', edit: other }, 1);
    expect((await failureOf(forgeOf(github).pullRequestsOf(at('merge')))).code).toBe('HF1405');
  });
});

it('knows at once of those who reviewed that they may write', async () => {
  for (const login of ['bob', 'eve']) repository.permit(login, login === 'bob' ? 'write' : 'read');
  const pull = repository.pull({ author: 'alice', head: at('head') });
  for (const login of ['bob', 'eve']) pull.review(login, 'APPROVED');
  pull.merge(at('merge'));
  const [found] = await forgeOf(github).pullRequestsOf(at('merge'));
  expect(found?.writers).toEqual([accountOf(github, 'bob').id]);
});

describe('owners', () => {
  it('are the members of a team, and who shows the address', async () => {
    github.team('acme/payments', ['bob']);
    github.user('bob').email = 'bob@example.com';
    const owns = (kind: 'team' | 'email', name: string, login: string) =>
      forgeOf(github).owns({ kind, name }, accountOf(github, login));

    expect(await owns('team', 'acme/payments', 'bob')).toBe(true);
    expect(await owns('team', 'acme/payments', 'carol')).toBe(false);
    expect(await owns('email', 'BOB@example.com', 'bob')).toBe(true);
    expect(await owns('email', 'bob@example.com', 'carol')).toBe(false);
  });

  it('cannot be told of a team that the token does not see', async () => {
    const asked = forgeOf(github).owns({ kind: 'team', name: 'acme/hidden' }, accountOf(github, 'bob'));
    expect((await failureOf(asked)).message).toContain('cannot see the team acme/hidden');
  });
});

describe('announcing a sync', () => {
  it('sets a status and a deployment on the merged commit, and moves both on', async () => {
    repository.push(at('merge'));
    const forge = forgeOf(github);
    const announcement = { commit: at('merge'), environment: 'production' };
    await forge.announce({ ...announcement, state: 'pending', description: 'applying\u202e 3 changes' });
    await forge.announce({ ...announcement, state: 'success', description: 'x'.repeat(300) });
    await forgeOf(github).announce({ ...announcement, state: 'failure', description: 'after a restart' });

    const { statuses, deployments } = repository.state;
    expect(statuses.map(({ context, state }) => [context, state])).toEqual([
      ['holdfast/sync (production)', 'pending'],
      ['holdfast/sync (production)', 'success'],
      ['holdfast/sync (production)', 'failure'],
    ]);
    expect(statuses[0]?.description).toBe('applying 3 changes');
    expect(statuses[1]?.description).toHaveLength(140);
    expect(deployments).toHaveLength(1);
    expect(deployments[0]?.statuses.map(({ state }) => state)).toEqual(['in_progress', 'success', 'failure']);
  });

  it('shows what it can where a right is missing, and says what failed', async () => {
    repository.push(at('merge'));
    github.inject('create-deployment', { kind: 'status', status: 403, message: 'Resource not accessible' });
    const announced = forgeOf(github).announce({
      commit: at('merge'),
      state: 'success',
      description: 'done',
    });
    expect((await failureOf(announced)).code).toBe('HF1402');
    expect(repository.state.statuses).toMatchObject([{ context: 'holdfast/sync', state: 'success' }]);
  });
});
