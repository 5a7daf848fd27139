import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runCommand } from '../../../sandbox/processes/run.ts';
import { openWorkplace, type Workplace } from '../../../sandbox/processes/workplace.ts';
import { holdfast } from '../../../sandbox/shop/daemon.ts';
import { defaultSettings } from '../../../src/declared/settings.ts';
import { createForge } from '../../../src/forge/create.ts';
import { createProposals } from '../../../src/forge/create-proposals.ts';
import type { Proposals } from '../../../src/forge/proposals.ts';
import { createGate } from '../../../src/gate/gate.ts';
import { openMirror } from '../../../src/git/mirror.ts';
import { createPullScenario, type MergeMethod, type Person, type PullScenario } from '../support/pulls.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Pull requests opened and judged on a real Gitea. */
let scenario: PullScenario;
let alice: Person;
let bob: Person;
let machine: Person;
let proposals: Proposals;
let workplace: Workplace;

beforeAll(async () => {
  scenario = await createPullScenario({ url: inject('giteaUrl'), adminToken: inject('giteaToken') });
  alice = await scenario.person('alice', 'write');
  bob = await scenario.person('bob', 'write');
  machine = await scenario.person('machine', 'write');
  await scenario.commit(scenario.owner, 'main', { 'a.yaml': 'a: 1\n' });
  proposals = proposalsWith({});
  workplace = openWorkplace('rollback');
  mkdirSync(workplace.path('data'));
});
afterAll(() => workplace.close());

function proposalsWith(options: { writeToken?: string }): Proposals {
  const { url, repository, owner } = scenario;
  const own = { writeToken: machine.token, ...options };
  return createProposals({ kind: 'gitea', url, repository, token: owner.token, ...own });
}

const wantedOf = (branch: string) => ({ branch, base: 'main', title: 'A title', body: 'A body' });

describe('a pull request at Gitea', () => {
  it('is opened by the writing account, found again, and opened once', async () => {
    await scenario.commit(machine, 'holdfast/one', { 'one.txt': '1' });
    const wanted = wantedOf('holdfast/one');
    expect(await proposals.findOpen('holdfast/one', 'main')).toBeUndefined();
    const opened = await proposals.open(wanted);
    expect(opened.url).toBe(`${scenario.url}/${scenario.repository}/pulls/${opened.number}`);
    expect(await proposals.open(wanted)).toMatchObject(opened);
    expect(await proposals.findOpen('holdfast/one', 'main')).toMatchObject({
      ...opened,
      author: expect.any(String),
    });
    expect(await proposals.findOpen('holdfast/one', 'next')).toBeUndefined();
  });

  it('is not opened from a branch that is not there, nor by who may not write', async () => {
    await expect(proposals.open(wantedOf('holdfast/none'))).rejects.toMatchObject({ code: 'HF1451' });
    const wrong = proposalsWith({ writeToken: 'f'.repeat(40) });
    await expect(wrong.open(wantedOf('holdfast/one'))).rejects.toMatchObject({ code: 'HF1402' });
  });
});

it('tells live what a login may do', async () => {
  const reader = await scenario.person('reader', 'read');
  expect(await proposals.permissionOf(reader.login)).toBe('read');
  expect(await proposals.permissionOf(bob.login)).toBe('write');
  expect(await proposals.permissionOf(scenario.owner.login)).toBe('admin');
  expect(await proposals.permissionOf('nobody-at-all')).toBe('none');
  expect(await proposals.permissionOf('../../admin')).toBe('none');
  await scenario.permit(reader, 'write');
  expect(await proposals.permissionOf(reader.login)).toBe('read');
  expect(await proposalsWith({}).permissionOf(reader.login)).toBe('write');
});

describe('holdfast rollback on Gitea', () => {
  const env = () => ({
    PATH: process.env['PATH'],
    HOME: workplace.dir,
    HOLDFAST_GIT_URL: `${scenario.url}/${scenario.repository}.git`,
    HOLDFAST_GIT_TOKEN: scenario.owner.token,
    HOLDFAST_FORGE: 'gitea',
    HOLDFAST_FORGE_URL: scenario.url,
    HOLDFAST_FORGE_REPOSITORY: scenario.repository,
    HOLDFAST_FORGE_TOKEN: scenario.owner.token,
    HOLDFAST_FORGE_WRITE_TOKEN: machine.token,
    HOLDFAST_TRUST_ROOT: 'a'.repeat(40),
    HOLDFAST_DATA: workplace.path('data'),
  });
  const command = (...args: string[]) =>
    runCommand(holdfast, ['rollback', ...args], { env: env(), timeoutMs: 50_000 });

  /** What the gate says of what was merged after `from`. */
  async function judged(from: string, to: string) {
    const { url, repository, owner } = scenario;
    const mirror = await openMirror({
      directory: join(workplace.path('data'), 'mirror.git'),
      url: `${url}/${repository}.git`,
      branch: 'main',
      token: owner.token,
    });
    await mirror.fetch();
    const gate = createGate({
      repository: mirror,
      forge: createForge({ kind: 'gitea', url, repository, token: owner.token }),
      branch: 'main',
    });
    // at first the forge may lag behind the merge
    const verdict = await waitUntil('a verdict', async () => {
      const { authorization } = await gate.decide(from, to, defaultSettings.policy);
      return authorization.verdict !== 'unknown' && authorization.verdict;
    });
    return { verdict, mirror };
  }

  it.each<MergeMethod>(['merge', 'squash', 'rebase', 'rebase-merge', 'fast-forward-only'])(
    'takes a pull request back that came by %s, and the gate decides on the revert as on any other',
    async method => {
      const file = `${method}.yaml`;
      const branch = `by-${method}`;
      await scenario.commit(alice, branch, { [file]: 'x: 1\n' });
      await scenario.commit(alice, branch, { [`second-${file}`]: 'x: 1\n' });
      const pull = await scenario.open(alice, branch, 'main', 'Two files <b>@here</b>');
      await scenario.review(bob, pull, 'APPROVED');
      await scenario.merge(scenario.owner, pull, method);
      const from = await scenario.tip();

      const dry = await command(`#${pull.number}`, '--dry-run');
      expect(dry).toMatchObject({ code: 0, stderr: '' });
      expect(dry.stdout).toContain(`deleted ${file}`);

      const { code, stdout } = await command(`#${pull.number}`, '--as', alice.login, '-o', 'json');
      expect(code).toBe(0);
      const { pull: revert } = JSON.parse(stdout) as { pull: { number: number; branch: string } };
      expect(
        JSON.parse((await command(`${pull.number}`, '--as', alice.login, '-o', 'json')).stdout),
      ).toMatchObject({
        pull: { number: revert.number, already: true },
      });

      const opened = { number: revert.number, head: await scenario.tip(revert.branch) };
      await scenario.review(bob, opened, 'APPROVED');
      const to = await scenario.merge(scenario.owner, opened);
      const { verdict, mirror } = await judged(from, to);
      expect(verdict).toBe('authorized');
      const paths = (await mirror.changedPaths(from, to)).map(({ path, change }) => `${change} ${path}`);
      expect(paths.toSorted()).toEqual([`deleted ${file}`, `deleted second-${file}`].toSorted());
    },
  );

  it('names who asks, whose own approval does not count, whoever’s token opens it', async () => {
    await scenario.commit(alice, 'own', { 'own.yaml': 'x: 1\n' });
    const pull = await scenario.open(alice, 'own');
    await scenario.review(bob, pull, 'APPROVED');
    await scenario.merge(scenario.owner, pull);
    const from = await scenario.tip();
    const { stdout } = await command(`${pull.number}`, '--as', bob.login, '-o', 'json');
    const { pull: revert } = JSON.parse(stdout) as { pull: { number: number; branch: string } };
    const opened = { number: revert.number, head: await scenario.tip(revert.branch) };
    await scenario.review(bob, opened, 'APPROVED');
    const to = await scenario.merge(scenario.owner, opened);

    expect((await judged(from, to)).verdict).toBe('denied');
  });

  it.each([
    ['nobody is named', []],
    ['what is named is no login', ['--as', 'a b']],
    ['who is named may not write', ['--as', 'nobody-at-all']],
  ])('opens nothing where %s', async (_what, options) => {
    const { code, stdout, stderr } = await command('#1', ...options);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('HF1001');
  });

  it('says what is in the way, and ends with 1', async () => {
    const { code, stdout, stderr } = await command('#9999', '--as', alice.login);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^HF1453 there is no pull request 9999/);
  });

  it('never shows a token, also where it may not push', async () => {
    const reader = await scenario.person('reader', 'read');
    await scenario.commit(alice, 'last', { 'last.yaml': 'x: 1\n' });
    const pull = await scenario.open(alice, 'last');
    await scenario.merge(scenario.owner, pull);
    const { code, stdout, stderr } = await runCommand(
      holdfast,
      ['rollback', `${pull.number}`, '--as', alice.login],
      {
        env: { ...env(), HOLDFAST_FORGE_WRITE_TOKEN: reader.token },
        timeoutMs: 50_000,
      },
    );
    expect(code).toBe(2);
    expect(stderr).toContain('HF1452');
    expect(stdout + stderr).not.toContain(reader.token);
  });
});
