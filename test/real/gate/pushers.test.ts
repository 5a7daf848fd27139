/** Who pushed to a pull request, on a real Gitea: every honest way is authorized soon, and no pusher approves their own. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Authorization } from '../../../src/gate/authorization.ts';
import type { OpenPull, Person } from '../support/pulls.ts';
import { type Bench, codes, createBench } from './support/bench.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(async () => {
  await setPrivate(false);
  await bench.close();
});

/** Whether Gitea shows what bob does to himself and the administrators of the server only. */
async function setPrivate(hidden: boolean): Promise<void> {
  const { scenario, bob } = bench;
  const { status } = await scenario.api.call(bob.token, 'PATCH', '/user/settings', { hide_activity: hidden });
  expect(status).toBe(200);
}

/** A commit in alice's name, pushed to the branch by somebody. */
async function pushAs(by: Person, branch: string, file: string): Promise<string> {
  const { scenario, alice } = bench;
  const author = { name: alice.login, email: `${alice.login}@example.com` };
  return scenario.commit(by, branch, { [file]: 'x' }, { author });
}

async function merged(pull: OpenPull, approver: Person): Promise<Authorization> {
  await bench.scenario.review(approver, pull, 'APPROVED');
  await bench.scenario.merge(bench.scenario.owner, pull);
  return bench.verdict();
}

const told = (authorization: Authorization): string =>
  authorization.verdict === 'authorized'
    ? 'authorized'
    : authorization.reasons.map(({ code, message }) => `${code}: ${message}`).join('\n');

describe('is authorized', () => {
  it('what was amended before the pull request was opened, and pushed over once more after it', async () => {
    const { scenario, alice, bob, git } = bench;
    const amend = async (text: string) => {
      await git('commit', '-q', '--amend', '--allow-empty', '-m', text);
      await git('push', '-q', '--force', scenario.cloneUrl(alice), 'HEAD:change');
      return git('rev-parse', 'HEAD');
    };
    await git('checkout', '-q', '-b', 'change', 'origin/main');
    await git('commit', '-q', '--allow-empty', '-m', 'A start');
    await git('push', '-q', scenario.cloneUrl(alice), 'HEAD:change');
    await scenario.commit(alice, 'change', { 'a.yaml': 'x' });
    await git('pull', '-q', scenario.cloneUrl(alice), 'change');
    await amend('Change it');
    const pull = await scenario.open(alice, 'change');
    await scenario.headIs(pull, await amend('Change it well'));

    expect(told(await merged(pull, bob))).toBe('authorized');
  });

  it('a branch that was updated by the button, unless it is whoever pressed it who approves', async () => {
    const { scenario, alice, bob, carol } = bench;
    const pull = await bench.propose('change', { 'a.yaml': 'x' });
    await scenario.land(alice, [carol], { 'b.yaml': 'x' });
    const update = `/repos/${scenario.repository}/pulls/${pull.number}/update`;
    expect((await scenario.api.call(bob.token, 'POST', update)).status).toBe(200);
    await scenario.headIs(pull, await scenario.tip('change'));
    await scenario.review(bob, pull, 'APPROVED');
    await scenario.review(carol, pull, 'APPROVED');
    await scenario.merge(scenario.owner, pull);

    expect(told(await bench.verdict())).toBe('authorized');
    expect(told(await bench.verdict({ policy: { approvals: 2 } }))).toContain(
      `${bob.login}: a contributor to its commits`,
    );
  });

  it('a pull request whose branch goes on after the merge', async () => {
    const { scenario, alice, bob } = bench;
    const pull = await bench.propose('change', { 'a.yaml': 'x' });
    await scenario.review(bob, pull, 'APPROVED');
    const merge = await scenario.merge(scenario.owner, pull);
    await pushAs(alice, 'change', 'later.yaml');

    expect(await bench.verdict()).toMatchObject({ verdict: 'authorized', revision: merge });
  });

  it('one from a fork, whose feed tells who pushed there', async () => {
    const { scenario, eve, bob } = bench;
    const repository = await scenario.fork(eve);
    await scenario.commit(eve, 'change', { 'a.yaml': 'x' }, { repository });
    const pull = await scenario.open(eve, `${eve.login}:change`);

    expect(told(await merged(pull, bob))).toBe('authorized');
  });
});

describe('threat 13: an approval by a pusher', () => {
  it('threat 13 does not count who pushed before the pull request was opened by somebody else', async () => {
    const { scenario, alice, bob } = bench;
    await pushAs(alice, 'change', 'a.yaml');
    await pushAs(bob, 'change', 'b.yaml');
    const pull = await scenario.open(alice, 'change');

    const authorization = await merged(pull, bob);
    expect(codes(authorization)).toEqual(['approvals']);
    expect(told(authorization)).toContain(`${bob.login}: a contributor to its commits`);
  });

  it('threat 13 does not count who pushed, though the pull request was pointed at another base since', async () => {
    const { scenario, alice, bob } = bench;
    await scenario.commit(scenario.owner, 'staging', { 'staging.yaml': 'x' });
    const pull = await bench.propose('change', { 'a.yaml': 'x' });
    await scenario.headIs(pull, await pushAs(bob, 'change', 'b.yaml'));
    await scenario.retarget(alice, pull, 'staging');
    await scenario.retarget(alice, pull, 'main');

    expect(told(await merged(pull, bob))).toContain(`${bob.login}: a contributor to its commits`);
  });

  it('threat 13 is not known to be none where a pusher hides what they do, until somebody tells who may see it', async () => {
    const { scenario, alice, bob } = bench;
    await setPrivate(true);
    await pushAs(bob, 'change', 'a.yaml');
    const pull = await scenario.open(alice, 'change');
    await scenario.review(bob, pull, 'APPROVED');
    await scenario.merge(scenario.owner, pull);

    await expect(bench.verdict({ waitMs: 3_000 })).rejects.toThrow(/Gitea tells who pushed/);
    await setPrivate(false);
    expect(told(await bench.verdict())).toContain(`${bob.login}: a contributor to its commits`);
  });

  it('threat 13 does not count one who hides what they do, where the pull request was open already', async () => {
    const { scenario, bob } = bench;
    await setPrivate(true);
    const pull = await bench.propose('change', { 'a.yaml': 'x' });
    const pushed = await pushAs(bob, 'change', 'b.yaml');
    await scenario.headIs(pull, pushed);
    await bench.noted(pull, pushed);

    expect(told(await merged(pull, bob))).toContain(`${bob.login}: a contributor to its commits`);
  });

  it('threat 13 never counts one who pushes and merges at once, at no moment', async () => {
    const { scenario, bob } = bench;
    const pull = await bench.propose('change', { 'a.yaml': 'x' });
    const pushed = await pushAs(bob, 'change', 'b.yaml');
    await scenario.review(bob, pull, 'APPROVED', pushed);
    await scenario.merge(bob, pull);

    // the bench asks from the first moment on, and gives the first verdict that is not "unknown"
    expect((await bench.verdict()).verdict).toBe('denied');
  });
});
