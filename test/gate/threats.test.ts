/** The threats of the gate, by their numbers in the table of threats: real Git histories, judged on what a forge says of them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../src/failure/failure.ts';
import type { PullRequest } from '../../src/forge/forge.ts';
import { collectEvidence } from '../../src/gate/collect.ts';
import { judge } from '../../src/gate/judge.ts';
import { approval, policy, user } from './support/data.ts';
import { codes, lines, type Method, reasons, World } from './support/world.ts';

const another = 'content: #1: merging the reviewed head gives another tree than the one that was merged';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.close());

describe('what never came through a pull request', () => {
  it('threat 01 denies a direct push', async () => {
    const pushed = world.commit('main', { 'evil.yaml': 'x' });

    expect(await world.verdict()).toMatchObject({
      verdict: 'denied',
      reasons: [{ code: 'no-pr', commits: [pushed] }],
      upTo: world.root,
    });
  });

  it.each(['Merge pull request #1 from shop/cart', 'Add the cart (#123)', 'Reviewed-by: bob'])(
    'threat 02 never reads the text of a commit: %s',
    async message => {
      const upTo = world.land({ 'a.yaml': 'x' });
      const pushed = world.commit('main', { 'evil.yaml': 'x' }, message);

      expect(await world.verdict()).toMatchObject({
        verdict: 'denied',
        upTo,
        reasons: [{ code: 'no-pr', commits: [pushed] }],
      });
    },
  );

  it('threat 03 never reads who a commit says made it', async () => {
    const upTo = world.land({ 'a.yaml': 'x' });
    const pushed = world.commit('main', { 'evil.yaml': 'x' }, 'Change', '--author=bob <bob@example.com>');

    expect(await world.verdict()).toMatchObject({ upTo, reasons: [{ code: 'no-pr', commits: [pushed] }] });
  });

  it('threat 04 denies what an administrator forced: a push, or a merge without approval', async () => {
    world.land({ 'a.yaml': 'x' }, 'merge', { reviews: [], mergedBy: user('root') });
    world.commit('main', { 'b.yaml': 'x' });

    expect(reasons(await world.verdict())).toEqual([
      'approvals: #1: 0 of 1 approvals needed; merged by root',
      'no-pr: no merged pull request explains it',
    ]);
  });

  it('threat 05 denies the pushed head of a pull request that nobody approved', async () => {
    const draft = world.open([{ 'a.yaml': 'x' }], { reviews: [] });
    world.merge(draft, 'fast-forward');

    expect(reasons(await world.verdict())).toEqual([
      'approvals: #1: 0 of 1 approvals needed; merged by alice',
    ]);
    draft.pull.reviews = [approval('bob', { commit: draft.pull.head.sha })];
    expect((await world.verdict()).verdict).toBe('authorized');
  });

  it('threat 18 denies a branch that was moved back or to another line', async () => {
    const merged = world.land({ 'a.yaml': 'x' });
    world.git('checkout', '-q', '-B', 'main', world.root);
    const other = world.commit('main', { 'b.yaml': 'x' });
    const { repository, forge } = world;
    const judged = { repository, forge, from: merged, branch: 'main', policy };

    for (const to of [world.root, other]) {
      const evidence = await collectEvidence({ ...judged, to });
      expect(evidence).toMatchObject({ descends: false, range: [] });
      expect(judge(evidence)).toMatchObject({
        verdict: 'denied',
        upTo: merged,
        reasons: [{ code: 'rewind' }],
      });
    }
    expect(forge.asked).toEqual([]);
    const onwards = await collectEvidence({ ...judged, from: world.root, to: merged });
    expect(judge(onwards)).toMatchObject({ verdict: 'authorized', revision: merged });
  });
});

describe('what a forge can be made to say', () => {
  it('threat 06 denies a forged merge commit: an approved pull request marked as merged by another commit', async () => {
    const draft = world.open([{ 'a.yaml': 'x' }]);
    const evil = world.commit('main', { 'evil.yaml': 'x' });
    world.forge.pulls.push({ ...draft.pull, mergeCommit: evil });

    expect(reasons(await world.verdict())).toEqual([another]);
    world.forge.pulls.pop();
    world.git('reset', '-q', '--hard', world.root);
    world.merge(draft);
    expect((await world.verdict()).verdict).toBe('authorized');
  });

  it('threat 06 denies a push that is then claimed by an empty pull request on top of it', async () => {
    const evil = world.commit('main', { 'evil.yaml': 'x' });
    const draft = world.open([{}]);
    world.forge.pulls.push({ ...draft.pull, mergeCommit: evil });

    expect(reasons(await world.verdict())).toEqual([
      'content: #1: the reviewed head holds that commit already, so no merge of it made the commit',
    ]);
  });

  it('threat 06 denies a commit for which the forge names a pull request that was merged as another one', async () => {
    const evil = world.commit('main', { 'evil.yaml': 'x' });
    const draft = world.open([{ 'a.yaml': 'x' }], { mergeCommit: 'f'.repeat(40) });
    world.forge.pulls.push(draft.pull);
    world.forge.named.set(evil, [draft.pull.number]);

    expect(reasons(await world.verdict())).toEqual([
      'content: #1: the forge names it for this commit, but its merge did not make this commit',
    ]);
  });

  it('threat 07 denies what was merged to another branch and then pushed to this one', async () => {
    world.git('branch', 'staging');
    const draft = world.open([{ 'a.yaml': 'x' }], { base: { repositoryId: '7', ref: 'staging' } }, 'staging');
    world.merge(draft, 'merge', 'staging');
    world.git('checkout', '-q', 'main');
    world.git('merge', '-q', '--ff-only', 'staging');

    expect(reasons(await world.verdict())).toEqual(['base: #1: it was merged into staging, not into main']);
    Object.assign(draft.pull.base, { ref: 'main' });
    expect((await world.verdict()).verdict).toBe('authorized');
  });

  it('threat 08 denies a pull request of another repository, even with the same commits', async () => {
    world.land({ 'a.yaml': 'x' }, 'merge', { base: { repositoryId: '8', ref: 'main' } });

    expect(reasons(await world.verdict())).toContain(
      'base-repository: #1: it belongs to another repository (8, not 7)',
    );
    Object.assign(world.forge.pulls[0]?.base ?? {}, { repositoryId: '7' });
    expect((await world.verdict()).verdict).toBe('authorized');
  });

  it('threat 16 denies an evil merge', async () => {
    const draft = world.open([{ 'a.yaml': 'x' }]);
    world.git('checkout', '-q', 'main');
    world.git('merge', '-q', '--no-ff', '--no-commit', draft.branch);
    world.write({ 'evil.yaml': 'x' });
    world.git('commit', '-q', '-m', 'Merge pull request #1');
    world.forge.pulls.push({ ...draft.pull, mergeCommit: world.tip() });

    expect(reasons(await world.verdict())).toEqual([another]);
  });

  it('threat 16 denies a conflict that was resolved at the merge, where nobody reviewed it', async () => {
    const draft = world.open([{ 'cart.yaml': lines('cart', { 3: 'theirs' }) }]);
    const honest = world.land({ 'cart.yaml': lines('cart', { 3: 'ours' }) });
    world.git('checkout', '-q', 'main');
    world.git('merge', '-q', '--no-ff', '--no-commit', '-s', 'ours', draft.branch);
    world.write({ 'cart.yaml': lines('cart', { 3: 'both' }) });
    world.git('commit', '-q', '-m', 'Merge pull request #1');
    world.forge.pulls.push({ ...draft.pull, mergeCommit: world.tip() });

    expect(await world.verdict()).toMatchObject({
      verdict: 'denied',
      upTo: honest,
      reasons: [{ code: 'content', message: expect.stringContaining('so what was merged was made by hand') }],
    });
  });

  it('threat 28 cannot tell when the forge contradicts itself', async () => {
    world.land({ 'a.yaml': 'x' }, 'merge', { mergedAt: null });

    expect(await world.verdict()).toMatchObject({ verdict: 'unknown', reasons: [{ code: 'contradiction' }] });
    Object.assign(world.forge.pulls[0] ?? {}, { mergedAt: '2026-03-01T11:00:00Z' });
    expect((await world.verdict()).verdict).toBe('authorized');
  });
});

describe('how a pull request was reviewed', () => {
  const none = (why: string) =>
    `approvals: #1: 0 of 1 approvals needed; not counted: ${why}; merged by alice`;
  const from: [string, Partial<PullRequest>, string][] = [
    [
      'threat 10 denies one that was pointed at this base after its approval',
      { retargetedAt: ['2026-03-01T10:30:00Z'] },
      'retargeted: #1: 0 of 1 approvals needed since its base was last changed; not counted: bob: before the base was changed',
    ],
    [
      'threat 11 denies one whose head was pushed after its approval',
      { reviews: [approval('bob', { commit: 'd'.repeat(40) })] },
      none('bob: for another commit than the one merged'),
    ],
    [
      'threat 12 denies one whose approval was dismissed',
      { reviews: [approval('bob', { state: 'dismissed' })] },
      none('bob: dismissed'),
    ],
    [
      'threat 12 denies one to which changes were asked for after the approval',
      { reviews: [approval('bob'), approval('bob', { state: 'changes-requested' })] },
      none('bob: followed by a request for changes'),
    ],
    [
      'threat 12 denies one to which another reviewer asks for changes',
      { reviews: [approval('bob'), approval('carol', { state: 'changes-requested' })] },
      'changes-requested: #1: changes are still asked for by carol',
    ],
    ['threat 13 does not count the author', { reviews: [approval('alice')] }, none('alice: the author')],
    [
      'threat 13 does not count a contributor',
      { contributors: [user('alice'), user('bob')] },
      none('bob: a contributor to its commits'),
    ],
    [
      'threat 13 does not count an app',
      { reviews: [{ ...approval('ci'), reviewer: user('ci', true) }] },
      none('ci: not a human'),
    ],
    [
      'threat 14 does not let one human approve what a bot opened',
      { author: user('renovate', true), contributors: [] },
      'approvals: #1: 1 of 2 approvals needed (a bot opened it) (bob); merged by alice',
    ],
    [
      'threat 15 does not count one without write permission',
      { reviews: [approval('eve')] },
      none('eve: no write permission'),
    ],
    [
      'threat 35 does not count a deleted account',
      { reviews: [{ ...approval('bob'), reviewer: null }] },
      none('ghost: the account is deleted'),
    ],
    [
      'threat 23 denies a stacked one whose base was not this branch',
      { base: { repositoryId: '7', ref: 'pull-0' } },
      'base: #1: it was merged into pull-0, not into main',
    ],
  ];

  it.each(from)('%s', async (_title, change, reason) => {
    const draft = world.open([{ 'a.yaml': 'x' }]);
    const given = (change.reviews ?? draft.pull.reviews).map(review => ({
      ...review,
      commit: review.commit === 'd'.repeat(40) ? world.root : draft.pull.head.sha,
    }));
    const merged = world.merge({ ...draft, pull: { ...draft.pull, ...change, reviews: given } });

    expect(reasons(await world.verdict())).toContain(reason);
    world.forge.pulls.splice(0, 1, { ...draft.pull, mergeCommit: merged });
    expect((await world.verdict()).verdict).toBe('authorized');
  });

  it('threat 13 counts the accounts of one person once, and never for their own work', async () => {
    const aliases = [
      ['bob', 'bob-work'],
      ['alice', 'alice-work'],
    ];
    world.forge.writers.add('bob-work').add('alice-work');
    const two = { ...policy, approvals: 2, aliases };
    const draft = world.open([{ 'a.yaml': 'x' }]);
    draft.pull.reviews = ['bob', 'bob-work', 'alice-work'].map(login =>
      approval(login, { commit: draft.pull.head.sha }),
    );
    world.merge(draft);

    expect(codes(await world.verdict(undefined, two))).toEqual(['approvals']);
    expect((await world.verdict(undefined, { ...two, approvals: 1 })).verdict).toBe('authorized');
  });

  it('threat 14 lets two humans approve what a bot opened', async () => {
    const draft = world.open([{ 'a.yaml': 'x' }], { author: user('renovate', true), contributors: [] });
    draft.pull.reviews = ['bob', 'carol'].map(login => approval(login, { commit: draft.pull.head.sha }));
    world.merge(draft);

    expect((await world.verdict()).verdict).toBe('authorized');
  });

  it.each<[string, boolean, string[]]>([
    ['lets in a fork', true, []],
    ['keeps out a fork', false, ['fork: #1: it comes from a fork, which the policy does not allow']],
  ])('threat 09 %s as the policy says', async (_title, forks, why) => {
    world.land({ 'a.yaml': 'x' }, 'merge', { head: { sha: '', repositoryId: '9' } });
    const [pull] = world.forge.pulls;
    if (pull !== undefined) pull.head.sha = world.tip('pull-1');

    const authorization = await world.verdict(undefined, { ...policy, forks });
    expect(reasons(authorization)).toEqual(why);
    expect(authorization.verdict).toBe(why.length === 0 ? 'authorized' : 'denied');
  });

  it('threat 35 lets in one whose fork and author are deleted, if it was properly reviewed', async () => {
    const draft = world.open([{ 'a.yaml': 'x' }], { author: null, mergedBy: null });
    draft.pull.head.repositoryId = null;
    world.merge(draft);

    expect((await world.verdict()).verdict).toBe('authorized');
  });

  it('threat 36 does not count a check that another app reports under the same name', async () => {
    const draft = world.open([{ 'a.yaml': 'x' }], {
      checks: [{ name: 'test', app: '13', state: 'success' }],
    });
    world.merge(draft);
    const rule = (app: string) => ({ ...policy, requiredChecks: [{ name: 'test', app }] });

    expect(codes(await world.verdict(undefined, rule('12')))).toEqual(['checks']);
    expect((await world.verdict(undefined, rule('13'))).verdict).toBe('authorized');
  });

  it('threat 37 does not rely on the protection of the branch', async () => {
    world.land({ 'a.yaml': 'x' }, 'merge', { reviews: [] });

    expect(reasons(await world.verdict())).toEqual([
      'approvals: #1: 0 of 1 approvals needed; merged by alice',
    ]);
  });

  it('threat 30 judges by the policy it is given, whatever the pull request declares', async () => {
    const draft = world.open([{ 'holdfast.yaml': 'policy: {approvals: 1}' }]);
    world.merge(draft);

    expect(reasons(await world.verdict(undefined, { ...policy, approvals: 2 }))).toEqual([
      'approvals: #1: 1 of 2 approvals needed (bob); merged by alice',
    ]);
    expect((await world.verdict(undefined, policy)).verdict).toBe('authorized');
  });
});

describe('how a pull request may be merged', () => {
  it.each<[Method, number]>([
    ['merge', 1],
    ['squash', 1],
    ['rebase', 3],
    ['rebase-merge', 1],
    ['fast-forward', 3],
  ])('threat 21 authorizes three commits merged by %s as one segment', async (method, length) => {
    const changes = [1, 2, 3].map(number => ({ 'cart.yaml': lines('cart', { 3: `new ${number}` }) }));
    const draft = world.open(changes);
    if (method !== 'fast-forward') world.land({ 'other.yaml': 'x' });
    world.merge(draft, method);

    const evidence = await world.evidence();
    const authorization = await world.verdict();

    const pulls = method === 'fast-forward' ? [{ number: 1 }] : [{ number: 2 }, { number: 1 }];
    expect(authorization).toMatchObject({ verdict: 'authorized', revision: world.tip(), pulls });
    expect(evidence.range).toHaveLength(length + (method === 'fast-forward' ? 0 : 1));
  });

  it('threat 17 authorizes a change and its revert in one pull request as a whole', async () => {
    const draft = world.open([
      { 'cart.yaml': lines('cart', { 2: 'x' }) },
      { 'cart.yaml': lines('cart') },
      { 'b.yaml': 'x' },
    ]);
    world.land({ 'other.yaml': 'x' });
    world.merge(draft, 'rebase');

    expect(await world.verdict()).toMatchObject({ verdict: 'authorized', revision: world.tip() });
    expect(codes(await world.verdict(world.git('rev-parse', 'main~2')))).toEqual(['no-pr']);
  });

  it('threat 20 authorizes a reverting pull request like any other', async () => {
    const merged = world.land({ 'a.yaml': 'x' });
    world.land({ 'a.yaml': null });

    expect(await world.verdict()).toMatchObject({
      verdict: 'authorized',
      pulls: [{ number: 1, mergeCommit: merged }, { number: 2 }],
    });
  });

  it('threat 20 denies the same revert where it was pushed: what was accepted is not restored away', async () => {
    const merged = world.land({ 'a.yaml': 'x' });
    const pushed = world.commit('main', { 'a.yaml': null });

    expect(world.tree(pushed)).toBe(world.tree(world.root));
    expect(await world.verdict()).toMatchObject({
      verdict: 'denied',
      upTo: merged,
      reasons: [{ code: 'no-pr', commits: [pushed] }],
    });
  });

  it('threat 22 denies a push of three merges for its bad one, and lets the good one before it be applied', async () => {
    const first = world.land({ 'a.yaml': 'x' });
    world.land({ 'b.yaml': 'x' }, 'merge', { reviews: [] });
    world.land({ 'c.yaml': 'x' });

    expect(await world.verdict()).toMatchObject({
      verdict: 'denied',
      upTo: first,
      pulls: [{ number: 1 }],
      reasons: [{ code: 'approvals', pull: 2 }],
    });
  });

  it('threat 29 judges hundreds of commits and files whole', async () => {
    for (let number = 0; number < 150; number += 1) world.git('commit', '-q', '--allow-empty', '-m', 'Push');
    const files = Object.fromEntries(Array.from({ length: 3100 }, (_, index) => [`f/${index}.yaml`, 'x']));
    const merged = world.land(files);
    const pushes = Array.from({ length: 160 }, () =>
      world.git('commit', '-q', '--allow-empty', '-m', 'Push'),
    ).length;

    const authorization = await world.verdict();

    expect(authorization.verdict).toBe('authorized');
    const evil = world.commit('main', { 'evil.yaml': 'x' });
    expect(pushes).toBe(160);
    expect(await world.verdict()).toMatchObject({
      verdict: 'denied',
      reasons: [{ code: 'no-pr', commits: [evil] }],
    });
    expect(merged).toHaveLength(40);
  }, 60_000);

  it.each<[string, Method]>([
    ['1970-01-02T00:00:00Z', 'merge'],
    ['1970-01-02T00:00:00Z', 'rebase'],
    ['2099-12-31T00:00:00Z', 'merge'],
    ['2099-12-31T00:00:00Z', 'rebase'],
  ])('threat 34 never reads the dates of commits: of %s, by %s', async (time, method) => {
    const changes = [1, 2, 3].map(number => ({ [`${number}.yaml`]: 'x' }));
    world.dateFrom(time);
    const draft = world.open(changes);
    world.dateFrom('2026-03-01T09:00:00Z');
    world.land({ 'a.yaml': 'x' });
    world.dateFrom(time);
    const merged = world.merge(draft, method);

    expect(await world.verdict()).toMatchObject({ verdict: 'authorized', revision: merged });
    const pushed = world.commit('main', { 'evil.yaml': 'x' });
    expect(world.git('show', '-s', '--format=%cs %as', pushed)).toBe(
      `${time.slice(0, 10)} ${time.slice(0, 10)}`,
    );
    expect(await world.verdict()).toMatchObject({
      verdict: 'denied',
      upTo: merged,
      reasons: [{ code: 'no-pr', commits: [pushed] }],
    });
  });
});

describe('a push that hides behind a good pull request', () => {
  it('keeps a push denied when a pull request that was made on top of it is merged', async () => {
    const pushed = world.commit('main', { 'evil.yaml': 'x' });
    for (const method of ['merge', 'squash', 'rebase', 'fast-forward'] as const) {
      world.git('checkout', '-q', '-B', 'main', pushed);
      world.land({ 'a.yaml': method }, method);

      expect(await world.verdict(), method).toMatchObject({
        verdict: 'denied',
        reasons: [{ code: 'no-pr', commits: [pushed] }],
        upTo: world.root,
      });
    }
  });

  it('keeps a pushed merge denied when a pull request that was made on the branch it brought is squashed', async () => {
    world.git('branch', 'evil');
    world.commit('evil', { 'evil.yaml': 'x' });
    world.git('checkout', '-q', 'main');
    world.git('merge', '-q', '--no-ff', '-m', 'Push', 'evil');
    const pushed = world.tip();
    world.merge(world.open([{ 'a.yaml': 'x' }], {}, 'evil'), 'squash');

    expect(await world.verdict()).toMatchObject({
      verdict: 'denied',
      reasons: [{ code: 'no-pr', commits: [pushed] }],
    });
  });

  it('keeps a push denied that is hidden behind the second parent of a fast-forward', async () => {
    world.commit('main', { 'evil.yaml': 'x' });
    world.git('checkout', '-q', '-b', 'foxtrot', world.root);
    world.git('merge', '-q', '--no-ff', '-m', 'Update', 'main');
    const draft = world.open([], {}, 'foxtrot');
    world.merge(draft, 'fast-forward');

    expect((await world.verdict()).verdict).toBe('denied');
  });

  it('takes a fast-forward for one commit when the forge does not say where it began', async () => {
    const draft = world.open([{ 'a.yaml': 'x' }, { 'b.yaml': 'x' }]);
    delete draft.pull.mergeBase;
    world.merge(draft, 'fast-forward');

    expect(await world.verdict()).toMatchObject({ verdict: 'denied', reasons: [{ code: 'no-pr' }] });
  });

  it('lets the merge before a push be applied', async () => {
    const merged = world.land({ 'a.yaml': 'x' });
    world.commit('main', { 'evil.yaml': 'x' });

    expect(await world.verdict()).toMatchObject({ verdict: 'denied', upTo: merged, pulls: [{ number: 1 }] });
  });
});

describe('what was refused and then put right', () => {
  const trailer = (...shas: string[]) =>
    `Take over\n\n${shas.map(sha => `Holdfast-Ratifies: ${sha}`).join('\n')}`;

  it('threat 42 authorizes a push that restores the tree, and goes on from there', async () => {
    const merged = world.land({ 'a.yaml': 'x' });
    const evil = world.commit('main', { 'evil.yaml': 'x' });
    const restored = world.commit('main', { 'evil.yaml': null });
    const after = await world.verdict();
    world.land({ 'b.yaml': 'x' });

    expect(after).toMatchObject({ verdict: 'authorized', revision: restored });
    expect(after).toHaveProperty('note', expect.stringContaining(evil.slice(0, 12)));
    expect(await world.verdict()).toMatchObject({
      verdict: 'authorized',
      pulls: [{ mergeCommit: merged }, { number: 2 }],
    });
  });

  it('threat 42 does not let an unreviewed restoring push undo what was accepted in between', async () => {
    world.commit('main', { 'evil.yaml': 'x' });
    world.land({ 'a.yaml': 'x' });
    world.commit('main', { 'evil.yaml': null, 'a.yaml': null });

    expect(codes(await world.verdict())).toEqual(['no-pr']);
  });

  it.each<Method>(['merge', 'squash', 'rebase'])(
    'threat 42 authorizes when an approved pull request (%s) names each refused commit',
    async method => {
      const refused = [world.commit('main', { 'x.yaml': 'x' }), world.commit('main', { 'y.yaml': 'x' })];
      world.merge(world.open([{ 'a.yaml': 'x' }], {}, 'main', trailer(...refused)), method);

      expect(await world.verdict()).toMatchObject({
        verdict: 'authorized',
        note: expect.stringContaining('ratified by #1'),
      });
    },
  );

  it('threat 42 keeps denying when one refused commit is not named', async () => {
    const [first, second] = [
      world.commit('main', { 'x.yaml': 'x' }),
      world.commit('main', { 'y.yaml': 'x' }),
    ];
    world.merge(world.open([{ 'a.yaml': 'x' }], {}, 'main', trailer(first)));

    expect(await world.verdict()).toMatchObject({
      verdict: 'denied',
      reasons: [{ code: 'no-pr', commits: [second] }],
    });
  });

  it('threat 42 keeps denying when the trailer stands in a commit that nobody reviewed', async () => {
    const refused = world.commit('main', { 'x.yaml': 'x' });
    world.commit('main', { 'y.yaml': 'x' }, trailer(refused));

    expect(codes(await world.verdict())).toEqual(['no-pr']);
  });

  it('threat 42 keeps denying when the pull request with the trailer is not approved', async () => {
    const refused = world.commit('main', { 'x.yaml': 'x' });
    world.merge(world.open([{ 'a.yaml': 'x' }], { reviews: [] }, 'main', trailer(refused)));

    expect(reasons(await world.verdict())).toEqual([
      'no-pr: no merged pull request explains it',
      'approvals: #1: 0 of 1 approvals needed; merged by alice',
    ]);
  });

  it('threat 42 reads the trailers of the reviewed head only, not of the commits below it', async () => {
    const refused = world.commit('main', { 'x.yaml': 'x' });
    const draft = world.open([{ 'a.yaml': 'x' }], {}, 'main', trailer(refused));
    const sha = world.commit(draft.branch, { 'b.yaml': 'x' });
    draft.pull.head.sha = sha;
    draft.pull.reviews = [approval('bob', { commit: sha })];
    world.merge(draft);

    expect(codes(await world.verdict())).toEqual(['no-pr']);
  });
});

describe('what cannot be learned', () => {
  const outage = new Failure('HF1401', 'connect refused');

  it.each([
    ['an outage', new Failure('HF1401', 'connect refused')],
    ['a rate limit', new Failure('HF1404', 'rate limit')],
    ['an answer that is no JSON, or cut short', new Failure('HF1405', 'not JSON')],
    ['a refused token', new Failure('HF1402', '401')],
  ])('threat 27 cannot tell after %s', async (_title, failure) => {
    world.land({ 'a.yaml': 'x' });
    world.commit('main', { 'evil.yaml': 'x' });
    world.forge.fail('pullRequestsOf', '*', failure);

    expect(await world.verdict()).toMatchObject({
      verdict: 'unknown',
      reasons: [{ code: failure.code }],
      upTo: world.root,
    });
  });

  it('threat 27 cannot tell while nobody says whether the approver may write', async () => {
    world.land({ 'a.yaml': 'x' });
    world.forge.fail('canWrite', 'bob', outage);

    expect((await world.verdict()).verdict).toBe('unknown');
  });

  it('threat 27 waits before it takes an empty answer for a push', async () => {
    world.commit('main', { 'evil.yaml': 'x' });

    expect(await world.verdict(undefined, policy, { seenForMs: 500 })).toMatchObject({
      verdict: 'unknown',
      reasons: [{ code: 'unsettled' }],
      retryAfterMs: 2500,
    });
    expect(codes(await world.verdict(undefined, policy, { seenForMs: 3000 }))).toEqual(['no-pr']);
  });

  it('threat 27 denies all the same what is denied by what is known', async () => {
    const refused = world.land({ 'a.yaml': 'x' }, 'merge', { reviews: [] });
    const later = world.land({ 'b.yaml': 'x' });
    world.forge.fail('pullRequestsOf', later, outage);

    expect(await world.verdict()).toMatchObject({
      verdict: 'denied',
      reasons: [{ code: 'approvals', commits: [refused] }],
    });
  });

  it('threat 32 takes full SHAs only', async () => {
    const { repository, forge, root } = world;
    const judged = { repository, forge, branch: 'main', policy };

    for (const name of [root.slice(0, 12), 'main', root.toUpperCase(), `refs/heads/${root}`]) {
      await expect(collectEvidence({ ...judged, from: root, to: name })).rejects.toMatchObject({
        code: 'HF1206',
      });
      await expect(collectEvidence({ ...judged, from: name, to: root })).rejects.toMatchObject({
        code: 'HF1206',
      });
    }
  });

  it('threat 38 keeps the secrets of the forge out of the evidence', async () => {
    const secret = 'hunter2-token';
    world.land({ 'a.yaml': 'x' });
    world.forge.fail('pullRequestsOf', '*', new Failure('HF1401', `GET https://x:${secret}@forge`));
    const forge = Object.defineProperty(world.forge, 'secrets', { value: [secret] });
    const evidence = await world.evidence(undefined, policy, { forge });

    expect(JSON.stringify(evidence)).not.toContain(secret);
    expect(evidence.gaps[0]?.message).toContain('[secret]');
  });
});
