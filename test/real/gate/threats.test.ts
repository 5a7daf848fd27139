/** The threats of the gate against a real Gitea: each is carried out, and then judged through the adapter. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../support/wait-until.ts';
import { type Bench, codes, createBench, text } from './support/bench.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(() => bench.close());

describe('pushes past the gate', () => {
  it('threat 01 denies a direct push, and may apply the merge before it', async () => {
    const { scenario, alice, bob } = bench;
    const landed = await scenario.land(alice, [bob], { 'a.yaml': 'x' });
    const pushed = await scenario.commit(alice, 'main', { 'evil.yaml': 'x' });

    const authorization = await bench.verdict();

    expect(authorization).toMatchObject({
      verdict: 'denied',
      upTo: landed.mergeCommit,
      reasons: [{ code: 'no-pr', commits: [pushed] }],
      pulls: [{ number: landed.number, author: alice.login, approvers: [bob.login] }],
    });
  });

  it('threat 02 and 03 deny a push that looks like a merge of somebody else', async () => {
    const { scenario, alice, bob } = bench;
    const { number } = await scenario.land(alice, [bob], { 'a.yaml': 'x' });
    await scenario.commit(
      alice,
      'main',
      { 'evil.yaml': 'x' },
      {
        message: `Merge pull request #${number} from ${alice.login}/change (#${number})`,
        author: { name: bob.login, email: `${bob.login}@example.com` },
      },
    );

    expect(codes(await bench.verdict())).toEqual(['no-pr']);
  });

  it('threat 04 denies a merge that an administrator forced past the protection of the branch', async () => {
    const { scenario } = bench;
    const { owner, api, repository } = scenario;
    const rule = { rule_name: 'main', required_approvals: 1, enable_push: false };
    await api.call(owner.token, 'POST', `/repos/${repository}/branch_protections`, rule);
    const pull = await bench.propose('a', { 'a.yaml': 'x' });
    await scenario.merge(owner, pull, 'merge', { force_merge: true });

    expect(codes(await bench.verdict())).toEqual(['approvals']);
  });

  it('threat 05 denies the pushed head of a pull request that nobody approved', async () => {
    const { scenario, git } = bench;
    const { api, owner, repository } = scenario;
    const settings = { allow_manual_merge: true, autodetect_manual_merge: true };
    await api.call(owner.token, 'PATCH', `/repos/${repository}`, settings);
    const pull = await bench.propose('a', { 'a.yaml': 'x' });
    await git('fetch', '-q', 'origin');
    await git('push', '-q', 'origin', `${pull.head}:refs/heads/main`);

    await waitUntil('Gitea takes the push for a merge', async () => {
      const { json } = await api.call(owner.token, 'GET', `/repos/${repository}/pulls/${pull.number}`);
      return (json as { merged: boolean }).merged;
    });

    expect(codes(await bench.verdict())).toEqual(['approvals']);
  });

  it('threat 18 denies a branch that was moved back or to another line', async () => {
    const { scenario, alice, bob, git, root } = bench;
    const { mergeCommit } = await scenario.land(alice, [bob], { 'a.yaml': 'x' });
    const before = await bench.verdict();
    await git('push', '-q', '--force', 'origin', `${root}:refs/heads/main`);
    const back = await bench.verdict({ from: mergeCommit });
    await scenario.commit(alice, 'main', { 'b.yaml': 'x' });
    const aside = await bench.verdict({ from: mergeCommit });

    expect(before.verdict).toBe('authorized');
    expect([back, aside].map(codes)).toEqual([['rewind'], ['rewind']]);
    expect(back).toMatchObject({ upTo: mergeCommit });
  });
});

describe('what a forge can be made to say', () => {
  it('threat 06 denies an approved pull request that was marked as merged by another commit', async () => {
    const { scenario, alice, bob } = bench;
    const { api, owner, repository } = scenario;
    await api.call(owner.token, 'PATCH', `/repos/${repository}`, { allow_manual_merge: true });
    const pull = await bench.propose('a', { 'a.yaml': 'x' });
    await scenario.review(bob, pull, 'APPROVED');
    const evil = await scenario.commit(alice, 'main', { 'evil.yaml': 'x' });
    await scenario.merge(alice, pull, 'manually-merged' as 'merge', { MergeCommitID: evil });

    expect(await bench.verdict()).toMatchObject({
      verdict: 'denied',
      reasons: [{ code: 'content', commits: [evil], pull: pull.number }],
    });
  });

  it('threat 07 denies what was merged to another branch and then pushed to this one', async () => {
    const { scenario, alice, bob, git } = bench;
    await scenario.commit(scenario.owner, 'staging', { 'stage.yaml': 'x' });
    await scenario.commit(alice, 'a', { 'a.yaml': 'x' }, { from: 'staging' });
    const pull = await scenario.open(alice, 'a', 'staging');
    await scenario.review(bob, pull, 'APPROVED');
    const merged = await scenario.merge(scenario.owner, pull);
    await git('fetch', '-q', 'origin');
    await git('push', '-q', 'origin', `${merged}:refs/heads/main`);

    const authorization = await bench.verdict();

    expect(authorization).toMatchObject({ verdict: 'denied' });
    expect(codes(authorization)).toContain('base');
  });

  it('threat 16 denies a merge that was edited by hand', async () => {
    const { scenario, bob, git } = bench;
    const { api, owner, repository } = scenario;
    await api.call(owner.token, 'PATCH', `/repos/${repository}`, { allow_manual_merge: true });
    const pull = await bench.propose('a', { 'cart.yaml': text('cart', { 3: 'good' }) });
    await scenario.review(bob, pull, 'APPROVED');
    await git('fetch', '-q', 'origin');
    await git('merge', '-q', '--no-ff', '--no-commit', pull.head);
    await git('rm', '-q', '-f', 'pay.yaml');
    await git('commit', '-q', '-m', `Merge pull request #${pull.number}`);
    const evil = await git('rev-parse', 'HEAD');
    await git('push', '-q', 'origin', 'HEAD:refs/heads/main');
    await scenario.merge(bench.alice, pull, 'manually-merged' as 'merge', { MergeCommitID: evil });

    expect(codes(await bench.verdict())).toEqual(['content']);
  });
});

describe('how it was reviewed', () => {
  it('threat 10 denies a pull request that was pointed at this branch after its approval', async () => {
    const { scenario, alice, bob } = bench;
    await scenario.commit(scenario.owner, 'staging', { 'stage.yaml': 'x' });
    await scenario.commit(alice, 'a', { 'a.yaml': 'x' });
    const pull = await scenario.open(alice, 'a', 'staging');
    await scenario.review(bob, pull, 'APPROVED');
    await scenario.retarget(alice, pull, 'main');
    await scenario.merge(scenario.owner, pull);

    expect(codes(await bench.verdict())).toEqual(['retargeted']);
  });

  it('threat 11 denies a pull request that was pushed to after its approval', async () => {
    const { scenario, alice, bob } = bench;
    const pull = await bench.propose('a', { 'a.yaml': 'x' });
    await scenario.review(bob, pull, 'APPROVED');
    await scenario.headIs(pull, await scenario.commit(alice, 'a', { 'evil.yaml': 'x' }));
    await scenario.merge(alice, pull);

    expect(codes(await bench.verdict())).toEqual(['approvals']);
  });

  it('threat 12 denies a dismissed approval, and one after which changes were asked for', async () => {
    const { scenario, bob, carol, owner } = { ...bench, owner: bench.scenario.owner };
    const dismissed = await bench.propose('a', { 'a.yaml': 'x' });
    await scenario.dismiss(owner, dismissed, await scenario.review(bob, dismissed, 'APPROVED'));
    await scenario.merge(owner, dismissed);
    const first = await bench.verdict();
    const from = await scenario.tip();
    const disputed = await bench.propose('b', { 'b.yaml': 'x' });
    await scenario.review(bob, disputed, 'APPROVED');
    await scenario.review(carol, disputed, 'REQUEST_CHANGES');
    await scenario.merge(owner, disputed);

    expect(codes(first)).toEqual(['approvals']);
    expect(codes(await bench.verdict({ from }))).toEqual(['changes-requested']);
  });

  it('threat 15 does not count an approval of one who may not write', async () => {
    const { scenario, alice, eve } = bench;
    await scenario.land(alice, [eve], { 'a.yaml': 'x' });

    expect(codes(await bench.verdict())).toEqual(['approvals']);
  });

  it('threat 09 and 35 accept a reviewed pull request of a fork, as the policy says, until nobody can tell who pushed to it', async () => {
    const { scenario, eve, bob } = bench;
    const fork = await scenario.fork(eve);
    await scenario.commit(eve, 'a', { 'a.yaml': 'x' }, { repository: fork });
    const pull = await scenario.open(eve, `${eve.login}:a`);
    await scenario.review(bob, pull, 'APPROVED');
    await scenario.merge(scenario.owner, pull);
    const there = await bench.verdict();
    const kept = await bench.verdict({ policy: { forks: false } });
    await scenario.api.call(eve.token, 'DELETE', `/repos/${fork}`);

    expect(there.verdict).toBe('authorized');
    expect(codes(kept)).toEqual(['fork']);
    // its feed went with it: what was not judged before is not known, and neither denied nor authorized
    await expect(bench.verdict({ waitMs: 1_000 })).rejects.toThrow(/Gitea tells who pushed/);
  });
});

describe('what was refused and then put right', () => {
  it('threat 42 authorizes a push that restores the tree', async () => {
    const { scenario, alice } = bench;
    await scenario.commit(alice, 'main', { 'evil.yaml': 'x' });
    const refused = await bench.verdict();
    await scenario.commit(alice, 'main', { 'evil.yaml': null });

    expect(refused.verdict).toBe('denied');
    expect(await bench.verdict()).toMatchObject({ verdict: 'authorized', pulls: [] });
  });

  it('threat 42 authorizes an approved pull request that names the refused commit, and no unreviewed commit that does', async () => {
    const { scenario, alice, bob } = bench;
    const refused = await scenario.commit(alice, 'main', { 'x.yaml': 'x' });
    const message = `Take over the change\n\nHoldfast-Ratifies: ${refused}`;
    const again = await scenario.commit(alice, 'main', { 'y.yaml': 'x' }, { message });
    const unreviewed = await bench.verdict();
    await scenario.commit(
      alice,
      'a',
      { 'a.yaml': 'x' },
      { message: `${message}\nHoldfast-Ratifies: ${again}` },
    );
    const pull = await scenario.open(alice, 'a');
    await scenario.review(bob, pull, 'APPROVED');
    await scenario.merge(alice, pull, 'squash');

    // told apart where Gitea has said of one alone who pushed it
    const reasons = unreviewed.verdict === 'denied' ? unreviewed.reasons : [];
    expect(codes(unreviewed)).toEqual(['no-pr']);
    expect(reasons.flatMap(({ commits }) => commits)).toEqual([refused, again]);
    expect(await bench.verdict()).toMatchObject({ verdict: 'authorized', pulls: [{ number: pull.number }] });
  });
});

describe('a forge that cannot say', () => {
  it('threat 27 gives no verdict while Gitea may lag, nor with a token that it refuses', async () => {
    const { scenario, alice } = bench;
    await scenario.commit(alice, 'main', { 'evil.yaml': 'x' });

    expect(codes(await bench.verdict({ seenForMs: 0 }))).toEqual(['unsettled']);
    expect(codes(await bench.verdict({ seenForMs: 3000 }))).toEqual(['no-pr']);
    expect(await bench.verdict({ token: 'f'.repeat(40) })).toMatchObject({
      verdict: 'unknown',
      reasons: [{ code: 'HF1402' }],
    });
  });
});
