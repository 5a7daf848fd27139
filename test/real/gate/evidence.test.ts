/** Threats against the evidence itself, on a real Gitea: who took part, which policy counts, what is decided. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RevisionKeeper } from '../../../src/daemon/revisions.ts';
import { readSettings } from '../../../src/declared/config/load.ts';
import { declare } from '../../../src/declared/declare.ts';
import { createForge } from '../../../src/forge/create.ts';
import type { Authorization } from '../../../src/gate/authorization.ts';
import { createGate } from '../../../src/gate/gate.ts';
import { type Mirror, openMirror } from '../../../src/git/mirror.ts';
import { policy } from '../../gate/support/data.ts';
import { waitUntil } from '../support/wait-until.ts';
import { type Bench, codes, createBench } from './support/bench.ts';

let bench: Bench;
let folder: string;
beforeEach(async () => {
  bench = await createBench();
  folder = await mkdtemp(join(tmpdir(), 'holdfast-mirror-'));
});
afterEach(async () => {
  await bench.close();
  await rm(folder, { recursive: true, force: true });
});

function mirror(): Promise<Mirror> {
  const url = bench.scenario.cloneUrl(bench.scenario.owner);
  return openMirror({ directory: join(folder, 'mirror.git'), url, branch: 'main' });
}

function gateOn(repository: Mirror) {
  const { url, repository: name, owner } = bench.scenario;
  const forge = createForge({ kind: 'gitea', url, repository: name, token: owner.token });
  return createGate({ repository, forge, branch: 'main' });
}

const messages = (authorization: Authorization): string =>
  authorization.verdict === 'authorized'
    ? ''
    : authorization.reasons.map(({ message }) => message).join('\n');

describe('threat 04: break-glass', () => {
  it('threat 04 takes a push and a forced merge of a named account, and of nobody else, and says so', async () => {
    const { scenario, alice } = bench;
    const { owner } = scenario;
    const glass = { breakGlass: { actors: [{ login: owner.login, id: owner.id }] } };
    await scenario.commit(owner, 'main', { 'a.yaml': 'x' });
    const pull = await bench.propose('b', { 'b.yaml': 'x' });
    await scenario.merge(owner, pull);
    // Gitea's feed tells who moved the branch a moment later
    const named = await waitUntil('Gitea tells who pushed', async () => {
      const authorization = await bench.verdict({ policy: glass });
      return authorization.verdict === 'authorized' ? authorization : undefined;
    });
    await scenario.commit(alice, 'main', { 'evil.yaml': 'x' });

    expect(named).toMatchObject({ verdict: 'authorized', pulls: [] });
    expect('note' in named && named.note).toContain(
      `accepted only by the break-glass right of ${owner.login}`,
    );
    const refused = await waitUntil('Gitea tells who pushed', async () => {
      const authorization = await bench.verdict({ policy: glass });
      return messages(authorization).includes(alice.login) ? authorization : undefined;
    });
    expect(codes(refused)).toEqual(['no-pr']);
    expect(messages(refused)).toContain(`(pushed or merged by ${alice.login})`);
    expect(refused).toMatchObject({ upTo: named.revision });
  });
});

describe('threat 13: who took part', () => {
  it('threat 13 does not count a co-author, though Gitea links none, nor lets anyone approve their own', async () => {
    const { scenario, alice, bob } = bench;
    const message = `Add it\n\nCo-authored-by: Bob <${bob.login}@example.com>`;
    await scenario.commit(alice, 'a', { 'a.yaml': 'x' }, { message });
    const pull = await scenario.open(alice, 'a');
    await expect(scenario.review(alice, pull, 'APPROVED')).rejects.toThrow(/approve your own pull/);
    await scenario.review(bob, pull, 'APPROVED');
    await scenario.merge(scenario.owner, pull);

    const authorization = await bench.verdict();
    expect(codes(authorization)).toEqual(['approvals']);
    expect(messages(authorization)).toContain(`${bob.login}: a contributor to its commits`);
  });

  it('threat 13 does not count who pushed to the pull request, though the commit names somebody else', async () => {
    const { scenario, alice, bob } = bench;
    const pull = await bench.propose('a', { 'a.yaml': 'x' });
    const author = { name: alice.login, email: `${alice.login}@example.com` };
    await scenario.headIs(pull, await scenario.commit(bob, 'a', { 'b.yaml': 'x' }, { author }));
    await scenario.review(bob, pull, 'APPROVED');
    await scenario.merge(scenario.owner, pull);

    const authorization = await bench.verdict();
    expect(codes(authorization)).toEqual(['approvals']);
    expect(messages(authorization)).toContain(`${bob.login}: a contributor to its commits`);
  });
});

it('threat 17 authorizes a change and its revert in one rebased pull request whole, and only its tip', async () => {
  const { scenario, alice, bob } = bench;
  const pull = await bench.propose(
    'a',
    { 'a.yaml': 'x' },
    { 'a.yaml': 'y' },
    { 'a.yaml': 'x' },
    { 'b.yaml': 'x' },
  );
  await scenario.land(alice, [bob], { 'c.yaml': 'x' });
  const from = await scenario.tip();
  await scenario.review(bob, pull, 'APPROVED');
  const tip = await scenario.merge(alice, pull, 'rebase');

  expect(await bench.verdict({ from })).toMatchObject({ verdict: 'authorized', revision: tip });
  await bench.git('fetch', '-q', 'origin');
  const middle = await bench.git('rev-parse', `${tip}~1`);
  expect((await bench.verdict({ from, to: middle })).verdict).toBe('denied');
});

it('threat 24 decides on a commit, so what is pushed meanwhile is neither judged nor applied', async () => {
  const { scenario, alice, bob } = bench;
  const { mergeCommit } = await scenario.land(alice, [bob], { 'a.yaml': 'x' });
  const repository = await mirror();
  await repository.fetch();
  const decision = gateOn(repository).decide(bench.root, mergeCommit, policy);
  const evil = await scenario.commit(alice, 'main', { 'evil.yaml': 'x' });
  const { authorization } = await decision;

  expect(authorization).toMatchObject({ verdict: 'authorized', revision: mergeCommit });
  const paths = (await repository.tree(authorization.revision)).files.map(({ path }) => path);
  expect(paths).toContain('a.yaml');
  expect(paths).not.toContain('evil.yaml');
  expect(codes(await bench.verdict({ from: mergeCommit, to: evil }))).toEqual(['no-pr']);
});

it('threat 29 judges hundreds of commits and thousands of files whole', async () => {
  const { scenario, bob, alice, git } = bench;
  await git('checkout', '-q', '-b', 'large', 'origin/main');
  for (let commit = 0; commit < 300; commit += 1)
    await git('commit', '-q', '--allow-empty', '-m', `Step ${commit}`);
  const files = Object.fromEntries(Array.from({ length: 3100 }, (_, index) => [`f${index}.yaml`, 'x']));
  await git('checkout', '-q', 'main');
  await git('push', '-q', 'origin', 'large');
  const pull = await openLarge(files);
  await scenario.review(bob, pull, 'APPROVED');
  const tip = await scenario.merge(alice, pull);

  expect(await bench.verdict()).toMatchObject({
    verdict: 'authorized',
    revision: tip,
    pulls: [{ number: pull.number }],
  });
  const evil = await scenario.commit(alice, 'main', { 'f3099.yaml': 'evil' });
  expect(await bench.verdict()).toMatchObject({
    verdict: 'denied',
    reasons: [{ code: 'no-pr', commits: [evil] }],
  });
});

/** Adds the files to the branch `large`, in a worktree of the bench's clone, and opens its pull request. */
async function openLarge(files: Record<string, string>) {
  const tree = join(folder, 'large');
  await bench.git('worktree', 'add', '-q', tree, 'large');
  for (const [path, text] of Object.entries(files)) await writeFile(join(tree, path), text);
  await bench.git('-C', tree, 'add', '-A');
  await bench.git('-C', tree, 'commit', '-q', '-m', 'Add them');
  await bench.git('-C', tree, 'push', '-q', 'origin', 'large');
  return bench.scenario.open(bench.alice, 'large');
}

describe('threat 30: the policy', () => {
  it('threat 30 is that of the last authorized revision, which the pull request loosens in vain', async () => {
    const { scenario, alice, bob } = bench;
    const strict = 'policy:\n  approvals: 2\n';
    const from = await scenario.commit(scenario.owner, 'main', { 'holdfast.yaml': strict });
    await scenario.land(alice, [bob], { 'holdfast.yaml': 'policy:\n  approvals: 1\n' });
    const repository = await mirror();
    const tip = await repository.fetch();
    const { settings } = await readSettings(await repository.tree(from));

    const { authorization } = await gateOn(repository).decide(from, tip, settings.policy);
    expect(codes(authorization)).toEqual(['approvals']);
    expect(messages(authorization)).toContain('1 of 2 approvals needed');
  });
});

it('threat 31 takes a change only with its owners, by Gitea’s own syntax and teams', async () => {
  const { scenario, alice, bob, carol } = bench;
  const owners = `pay.yaml @${carol.login}\n`;
  const from = await scenario.commit(scenario.owner, 'main', { CODEOWNERS: owners });
  await scenario.land(alice, [bob], { 'pay.yaml': 'x' });
  const rules = { codeOwners: true };

  const refused = await bench.verdict({ from, policy: rules });
  expect(codes(refused)).toEqual(['codeowners']);
  expect(messages(refused)).toContain(`pay.yaml needs an approval of @${carol.login} (CODEOWNERS:1)`);
  const next = await scenario.tip();
  await scenario.land(alice, [carol], { 'pay.yaml': 'y' });
  expect((await bench.verdict({ from: next, policy: rules })).verdict).toBe('authorized');
});

it('threat 32 takes no short SHA, and no branch for the commit whose name it has', async () => {
  const { scenario, alice } = bench;
  const name = 'f'.repeat(40);
  const evil = await scenario.commit(alice, name, { 'evil.yaml': 'x' });
  const repository = await mirror();
  await repository.fetch();
  await repository.fetchCommit(evil, [`refs/heads/${name}`]);
  const gate = gateOn(repository);

  for (const to of [name, bench.root.slice(0, 12), `refs/heads/${name}`, 'main']) {
    const { authorization } = await gate.decide(bench.root, to, policy);
    expect([to, authorization.verdict, codes(authorization)]).toEqual([to, 'unknown', ['HF1206']]);
  }
});

it('threat 41 keeps the declaration of the last authorized revision, and shows the tip as refused', async () => {
  const { scenario, alice } = bench;
  const declared = 'alerts:\n  routes:\n    - { unit: shop, channel: "#shop" }\n';
  const manifest = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: cart, namespace: shop }\n';
  const from = await scenario.commit(scenario.owner, 'main', {
    'holdfast.yaml': declared,
    'manifests/shop/cart.yaml': manifest,
  });
  await scenario.commit(alice, 'main', {
    'manifests/shop/cart.yaml': null,
    'holdfast.yaml':
      'ignore:\n  - { reason: quiet }\nalerts:\n  routes:\n    - { unit: shop, channel: "#mine" }\npolicy: { approvals: 1, forks: true }\n',
  });
  const repository = await mirror();
  const gate = gateOn(repository);
  const kept: Authorization[] = [];
  const keeper = new RevisionKeeper({
    repository,
    declare: async revision => declare(await repository.tree(revision)),
    settings: async revision => (await readSettings(await repository.tree(revision))).settings,
    gate: {
      judge: async (start, to, rules) => (await gate.decide(start, to, rules)).authorization,
      reach: () => gate.reach(),
      ledger: { chain: async () => [from], append: async verdict => void kept.push(verdict) },
    },
    now: () => performance.now(),
  });

  const state = await keeper.step();

  expect(state).toMatchObject({ authorized: from, tipState: 'refused' });
  expect(kept).toMatchObject([{ verdict: 'denied', reasons: [{ code: 'no-pr' }] }]);
  expect(state.declaration?.revision).toBe(from);
  expect(state.declaration?.settings.ignore).toEqual([]);
  expect(state.declaration?.settings.alerts.routes).toMatchObject([{ channel: '#shop' }]);
  expect(state.declaration?.units.map(({ definition }) => definition.name)).toContain('shop');
});
