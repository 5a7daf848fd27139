/** Threats that need what only GitHub tells or does, carried out on the fake GitHub and judged through the adapter. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { primaryLimit, secondaryLimit } from '../../fakes/github/faults.ts';
import { sha } from '../../fakes/github/names.ts';
import { HubWorld } from '../support/hub-world.ts';
import { reasons } from '../support/world.ts';

let hub: HubWorld;
beforeEach(async () => {
  hub = await HubWorld.create();
});
afterEach(() => hub.close());

it('authorizes what was merged, approved, and moved there by merging', async () => {
  const merged = hub.land({ 'a.yaml': 'x' });
  expect(await hub.verdict()).toMatchObject({
    verdict: 'authorized',
    revision: merged,
    repositoryId: '4711',
    pulls: [{ number: 1, author: 'alice', approvers: ['bob'] }],
  });
});

describe('threat 04: an administrator', () => {
  const glass = { breakGlass: { actors: [{ login: 'Root' }] } };

  it('threat 04 is denied for a bypassed rule, and named', async () => {
    hub.land({ 'a.yaml': 'x' }, { by: 'root', bypass: true });
    expect(reasons(await hub.verdict())).toEqual([
      'bypass: #1: root bypassed the rules of the branch to merge it',
    ]);
  });

  it('threat 04 is denied for a push, and named', async () => {
    hub.push({ 'a.yaml': 'x' }, 'root');
    expect(reasons(await hub.verdict())).toEqual([
      'no-pr: no merged pull request explains it (pushed by root)',
    ]);
  });

  it('threat 04 passes by the break-glass right of the policy, which is told with what was passed over', async () => {
    hub.push({ 'a.yaml': 'x' }, 'root');
    hub.merge(hub.open([{ 'b.yaml': 'x' }]), { by: 'root', bypass: true });
    const authorization = await hub.verdict(glass);
    expect(authorization).toMatchObject({ verdict: 'authorized', pulls: [] });
    const note = 'note' in authorization ? authorization.note : '';
    expect(note).toContain('accepted only by the break-glass right of root');
    expect(note).toContain('no merged pull request explains it (pushed by root)');
    expect(note).toContain('0 of 1 approvals needed');
  });

  it('threat 04 passes for nobody else, nor for another account of that name', async () => {
    hub.push({ 'a.yaml': 'x' }, 'mallory');
    expect((await hub.verdict(glass)).verdict).toBe('denied');
    const other = { breakGlass: { actors: [{ login: 'mallory', id: '1' }] } };
    expect((await hub.verdict(other)).verdict).toBe('denied');
  });

  it('threat 04 lets no trailer of a push through break-glass ratify what others pushed', async () => {
    const evil = hub.push({ 'evil.yaml': 'x' }, 'mallory');
    const draft = hub.world.open([{ 'a.yaml': 'x' }], {}, 'main', `Take it\n\nHoldfast-Ratifies: ${evil}`);
    const pull = hub.hub.pull({ author: 'alice', head: draft.pull.head.sha });
    hub.merge({ draft, pull }, { by: 'root' });
    expect((await hub.verdict(glass)).verdict).toBe('denied');
  });
});

it('threat 05 denies the pushed head of an unapproved pull request, for the approval and for the push', async () => {
  hub.merge(hub.open([{ 'a.yaml': 'x' }]), { method: 'fast-forward', type: 'push', by: 'mallory' });
  expect(reasons(await hub.verdict())).toEqual([
    expect.stringMatching(/^approvals: #1: 0 of 1 approvals needed; merged by mallory$/),
    'bypass: #1: it came past the merge: the branch was pushed by mallory',
  ]);
});

it('threat 05 denies an approved head that was pushed, except by an account that merges by pushing', async () => {
  const opened = hub.open([{ 'a.yaml': 'x' }]);
  opened.pull.review('bob', 'APPROVED');
  hub.merge(opened, { method: 'fast-forward', type: 'push', by: 'bors' });
  expect(reasons(await hub.verdict())).toEqual([expect.stringContaining('the branch was pushed by bors')]);
  expect((await hub.verdict({ mergers: ['bors'] })).verdict).toBe('authorized');
});

it('threat 08 denies a commit that only a pull request of another repository explains', async () => {
  const upstream = hub.github.repository('upstream/infra', { id: 99 });
  const pushed = hub.push({ 'a.yaml': 'x' }, 'mallory');
  const pull = upstream.pull({ author: 'mallory', head: pushed });
  pull.review('bob', 'APPROVED');
  pull.merge(pushed, { introduces: [pushed] });
  hub.hub.state.parent = upstream.state;
  const authorization = await hub.verdict();
  expect(reasons(authorization)).toContain(
    'base-repository: #1: it belongs to another repository (99, not 4711)',
  );
  expect(authorization.verdict).toBe('denied');
});

describe('threat 13: approvals that do not count', () => {
  it.each([
    ['a co-author', 'bob', { coAuthors: ['bob'] }, 'bob: a contributor to its commits'],
    ['an app', 'reviewer[bot]', {}, 'reviewer[bot]: not a human'],
  ] as const)('threat 13 does not count that of %s', async (_who, by, options, why) => {
    const opened = hub.open([{ 'a.yaml': 'x' }], {
      ...options,
      coAuthors: [...('coAuthors' in options ? options.coAuthors : [])],
    });
    hub.hub.permit(by, 'write');
    opened.pull.review(by, 'APPROVED');
    hub.merge(opened);
    expect(reasons(await hub.verdict())[0]).toBe(
      `approvals: #1: 0 of 1 approvals needed; not counted: ${why}; merged by bob`,
    );
  });

  it('threat 13 does not count that of who pushed to the head, whatever the commits say', async () => {
    const opened = hub.open([{ 'a.yaml': 'x' }]);
    hub.hub.moved(opened.draft.branch, {
      type: 'push',
      before: null,
      after: opened.draft.pull.head.sha,
      by: 'bob',
    });
    opened.pull.review('bob', 'APPROVED');
    hub.merge(opened);
    expect(reasons(await hub.verdict())[0]).toContain('bob: a contributor to its commits');
  });

  it('threat 13 does not count that of the author’s second account', async () => {
    hub.hub.permit('alice-work', 'write');
    const opened = hub.open([{ 'a.yaml': 'x' }]);
    opened.pull.review('alice-work', 'APPROVED');
    hub.merge(opened);
    const aliased = await hub.verdict({ aliases: [['alice', 'alice-work']] });
    expect(reasons(aliased)[0]).toContain('alice-work: the author');
    expect((await hub.verdict()).verdict).toBe('authorized');
  });

  it('threat 13 does not count that of the author’s second account under a new login, where its id is known', async () => {
    hub.hub.permit('alice-work', 'write');
    const opened = hub.open([{ 'a.yaml': 'x' }]);
    opened.pull.review('alice-work', 'APPROVED');
    hub.merge(opened);
    const { id } = hub.github.user('alice-work');
    const by = (alias: { login: string; id?: string }) => hub.verdict({ aliases: [['alice', alias]] });

    const renamed = await by({ login: 'its-old-login', id: String(id) });
    expect(reasons(renamed)[0]).toContain('not counted: alice-work: the author');
    expect((await by({ login: 'its-old-login' })).verdict).toBe('authorized');
    expect((await by({ login: 'alice-work', id: '1' })).verdict).toBe('authorized');
  });
});

it('threat 14 denies a bot’s pull request that one human approved, and takes two', async () => {
  const opened = hub.open([{ 'a.yaml': 'x' }], { author: 'renovate[bot]' });
  opened.pull.review('bob', 'APPROVED');
  hub.merge(opened);
  expect(reasons(await hub.verdict())).toEqual([
    'approvals: #1: 1 of 2 approvals needed (a bot opened it) (bob); merged by bob',
  ]);
  opened.pull.review('carol', 'APPROVED');
  expect((await hub.verdict()).verdict).toBe('authorized');
});

it('threat 14 takes two for a pull request to which a bot pushed, though a human opened it', async () => {
  const opened = hub.open([{ 'a.yaml': 'x' }]);
  const { sha: after } = opened.draft.pull.head;
  hub.hub.moved(opened.draft.branch, { type: 'push', before: null, after, by: 'github-actions[bot]' });
  opened.pull.review('bob', 'APPROVED');
  hub.merge(opened);
  expect(reasons(await hub.verdict())).toEqual([
    'approvals: #1: 1 of 2 approvals needed (a bot pushed to it) (bob); merged by bob',
  ]);
  opened.pull.review('carol', 'APPROVED');
  expect((await hub.verdict()).verdict).toBe('authorized');
});

describe('threat 19: the place is another one', () => {
  it('threat 19 does not follow a repository that was renamed or moved', async () => {
    hub.land({ 'a.yaml': 'x' });
    hub.hub.move('evil/infra');
    const authorization = await hub.verdict();
    expect(authorization.verdict).toBe('unknown');
    expect(reasons(authorization)).toEqual(['HF1403: it was moved to evil/infra (id 4711)']);
  });

  it('threat 19 does not trust another repository under the old name, also after a restart', async () => {
    hub.land({ 'a.yaml': 'x' });
    const authorization = await hub.verdict({}, { pinned: async () => '1' });
    expect(authorization.verdict).toBe('unknown');
    expect(reasons(authorization)[0]).toMatch(
      /^HF1403: the repository is another one now: its id was 1 and is 4711/,
    );
  });

  it('threat 19 denies what came by deleting and recreating the branch', async () => {
    const merged = hub.land({ 'a.yaml': 'x' });
    hub.hub.moved('main', { type: 'branch_deletion', before: merged, after: null, by: 'mallory' });
    hub.world.commit('main', { 'evil.yaml': 'x' });
    const tip = hub.world.tip();
    hub.hub.push(tip);
    hub.hub.moved('main', { type: 'branch_creation', before: null, after: tip, by: 'mallory' });
    expect(await hub.verdict()).toMatchObject({
      verdict: 'denied',
      upTo: merged,
      reasons: [
        { code: 'no-pr', message: expect.stringContaining('brought by creating the branch by mallory') },
      ],
    });
  });
});

describe('threat 22: a merge queue', () => {
  function queue(approve: readonly boolean[]) {
    const before = hub.world.tip();
    const opened = approve.map((_, index) => hub.open([{ [`q${index}.yaml`]: 'x' }]));
    const merges = opened.map((each, index) => {
      if (approve[index]) each.pull.review('bob', 'APPROVED');
      return hub.merge(each, { by: 'github-merge-queue[bot]', type: null });
    });
    const after = hub.world.tip();
    hub.hub.moved('main', { type: 'merge_queue_merge', before, after, by: 'github-merge-queue[bot]' });
    return merges;
  }

  it('threat 22 attributes three pull requests that came in one push', async () => {
    queue([true, true, true]);
    expect(await hub.verdict()).toMatchObject({
      verdict: 'authorized',
      pulls: [{ number: 1 }, { number: 2 }, { number: 3 }],
    });
  });

  it('threat 22 denies the tip for a bad one, and lets the tip before it be applied', async () => {
    const [first] = queue([true, false, true]);
    expect(await hub.verdict()).toMatchObject({
      verdict: 'denied',
      upTo: first,
      reasons: [{ code: 'approvals', pull: 2 }],
    });
  });
});

it('threat 23 denies a stacked pull request whose base was not the branch, and takes one that GitHub moved there', async () => {
  const lower = hub.open([{ 'a.yaml': 'x' }]);
  lower.pull.review('bob', 'APPROVED');
  hub.merge(lower);
  const upper = hub.open([{ 'b.yaml': 'x' }], { base: 'pull-1' });
  upper.pull.review('bob', 'APPROVED');
  hub.merge(upper);
  expect(reasons(await hub.verdict())).toEqual(['base: #2: it was merged into pull-1, not into main']);

  const third = hub.open([{ 'c.yaml': 'x' }], { base: 'pull-2' });
  third.pull.retarget('main', { automatic: true });
  third.pull.review('bob', 'APPROVED');
  const from = hub.world.tip();
  hub.merge(third);
  expect((await hub.verdict({}, { from })).verdict).toBe('authorized');
});

describe('threat 27: a forge that cannot say', () => {
  it.each([
    ['a 5xx', { kind: 'status', status: 502 }, 'HF1401', 5_000],
    ['an HTML page', { kind: 'html' }, 'HF1405', 15_000],
    ['HTML with an error status', { kind: 'html', status: 503 }, 'HF1401', 5_000],
    ['a cut body', { kind: 'cut' }, 'HF1401', 5_000],
    ['truncated JSON', { kind: 'truncated' }, 'HF1405', 15_000],
    ['a secondary limit', secondaryLimit(120), 'HF1404', 119_000],
    ['a primary limit', primaryLimit(Math.floor(Date.now() / 1000) + 1800), 'HF1404', 1_700_000],
    ['a refused token', { kind: 'status', status: 401 }, 'HF1402', 60_000],
  ] as const)('threat 27 is unknown after %s, and waits', async (_what, fault, code, wait) => {
    hub.land({ 'a.yaml': 'x' });
    hub.github.inject('lookup', fault);
    const authorization = await hub.verdict();
    expect(authorization).toMatchObject({ verdict: 'unknown', upTo: hub.world.root, reasons: [{ code }] });
    expect('retryAfterMs' in authorization && authorization.retryAfterMs).toBeGreaterThanOrEqual(wait);
  });

  it('threat 27 is unknown after a timeout', async () => {
    hub.land({ 'a.yaml': 'x' });
    hub.github.inject('reviews', { kind: 'hang' });
    const authorization = await hub.verdict({}, { forge: hub.connect({ timeoutMs: 200 }) });
    expect(reasons(authorization)[0]).toMatch(/^HF1401: the forge did not answer/);
  });

  it('threat 27 is unknown when a list of commits was cut', async () => {
    const { draft } = hub.open([{ 'a.yaml': 'x' }]);
    const { sha: head } = draft.pull.head;
    const commits = Array.from({ length: 120 }, (_, index) => ({
      sha: index === 119 ? head : sha(`${index}`),
    }));
    hub.hub.state.pulls.clear();
    const pull = hub.hub.pull({ author: 'alice', head, commits });
    pull.review('bob', 'APPROVED');
    hub.merge({ draft, pull }, { method: 'squash' });
    hub.github.inject('commits', { kind: 'first-page-only' });
    expect(reasons(await hub.verdict())[0]).toMatch(/^HF1405: the forge counts 120 items but gave 100/);
  });

  it('threat 27 is unknown while an empty answer just after the merge may be a lag, then denied', async () => {
    hub.push({ 'a.yaml': 'x' }, 'alice');
    expect(reasons(await hub.verdict({}, { seenForMs: 100 }))[0]).toMatch(/^unsettled: /);
    expect((await hub.verdict({}, { seenForMs: 60_000 })).verdict).toBe('denied');
  });

  it('threat 27 is unknown while the forge does not tell how the branch was moved there', async () => {
    hub.land({ 'a.yaml': 'x' }, { type: null });
    expect(reasons(await hub.verdict())).toEqual([
      'bypass: #1: the forge does not tell yet how the branch was moved there',
    ]);
    hub.github.inject('activity', { kind: 'status', status: 403, message: 'Resource not accessible' });
    expect(reasons(await hub.verdict())[0]).toMatch(/^HF1402: /);
  });
});

describe('threat 28: contradictions', () => {
  const edit = (change: object) => ({
    kind: 'edit' as const,
    edit: (body: unknown) => ({ ...(body as object), ...change }),
  });

  it.each([
    ['merged without a time', edit({ merged_at: null })],
    ['merged, and not', edit({ merged: false })],
    ['another merge commit', edit({ merge_commit_sha: 'f'.repeat(40) })],
  ])('threat 28 is unknown: %s', async (_what, fault) => {
    hub.land({ 'a.yaml': 'x' });
    hub.github.inject('pull', fault);
    const authorization = await hub.verdict();
    expect(authorization).toMatchObject({ verdict: 'unknown', reasons: [{ code: 'HF1405' }] });
  });
});

describe('threat 31: code owners', () => {
  const rules = { codeOwners: true };
  const owned = { '.github/CODEOWNERS': '/pay/ @acme/payments @dave\n', 'pay/limits.yaml': 'x' };

  async function from(files: Record<string, string> = owned): Promise<string> {
    hub.github.team('acme/payments', ['carol']);
    const { world } = hub;
    const tip = world.commit('main', files);
    hub.hub.push(tip);
    return tip;
  }

  function change(files: Record<string, string | null>, ...approvers: string[]) {
    const opened = hub.open([files]);
    for (const login of approvers) opened.pull.review(login, 'APPROVED');
    return hub.merge(opened);
  }

  it('threat 31 denies a change of an owned file without its owner, and takes it with one', async () => {
    const start = await from();
    change({ 'pay/limits.yaml': 'y' }, 'bob');
    expect(reasons(await hub.verdict(rules, { from: start }))).toEqual([
      'codeowners: #1: pay/limits.yaml needs an approval of @acme/payments or @dave (.github/CODEOWNERS:1)',
    ]);
    const next = hub.world.tip();
    change({ 'pay/limits.yaml': 'z' }, 'carol');
    expect((await hub.verdict(rules, { from: next })).verdict).toBe('authorized');
    const last = hub.world.tip();
    change({ 'other.yaml': 'x' }, 'bob');
    expect((await hub.verdict(rules, { from: last })).verdict).toBe('authorized');
  });

  it('threat 31 takes the second account of an owner for the owner, and not whoever took over its login', async () => {
    const start = await from({ ...owned, '.github/CODEOWNERS': '/pay/ @dave\n' });
    hub.hub.permit('dave-work', 'write');
    change({ 'pay/limits.yaml': 'y' }, 'dave-work');
    const by = (id: string) =>
      hub.verdict({ ...rules, aliases: [['dave', { login: 'dave-work', id }]] }, { from: start });

    expect((await by(String(hub.github.user('dave-work').id))).verdict).toBe('authorized');
    expect(reasons(await by('1'))[0]).toMatch(/^codeowners: #1: pay\/limits.yaml needs an approval of @dave/);
  });

  it('threat 31 judges by CODEOWNERS of the last authorized revision, which the pull request loosens in vain', async () => {
    const start = await from();
    change({ '.github/CODEOWNERS': '/pay/ @bob\n', 'pay/limits.yaml': 'y' }, 'bob');
    expect(reasons(await hub.verdict(rules, { from: start }))[0]).toMatch(
      /^codeowners: #1: pay\/limits.yaml needs/,
    );
  });

  it('threat 31 denies everything but its repair while CODEOWNERS is broken, and whatever would break it', async () => {
    const start = await from({ ...owned, '.github/CODEOWNERS': '/pay/ acme/payments\n' });
    change({ 'other.yaml': 'x' }, 'bob');
    expect(reasons(await hub.verdict(rules, { from: start }))[0]).toMatch(
      /^codeowners: #1: CODEOWNERS is broken.*\.github\/CODEOWNERS:1 acme\/payments is no account/,
    );
    const next = hub.world.tip();
    change({ '.github/CODEOWNERS': '/pay/ @acme/payments\n' }, 'bob');
    expect((await hub.verdict(rules, { from: next })).verdict).toBe('authorized');
    const last = hub.world.tip();
    change({ '.github/CODEOWNERS': '!x @bob\n' }, 'bob');
    expect(reasons(await hub.verdict(rules, { from: last }))[0]).toMatch(
      /^codeowners: #3: it would leave CODEOWNERS broken/,
    );
  });

  it('threat 31 cannot tell while the forge does not show the team', async () => {
    const start = await from({ ...owned, '.github/CODEOWNERS': '/pay/ @acme/hidden\n' });
    change({ 'pay/limits.yaml': 'y' }, 'bob');
    const authorization = await hub.verdict(rules, { from: start });
    expect(authorization.verdict).toBe('unknown');
    expect(reasons(authorization)[0]).toMatch(/^HF1402: the token cannot see the team acme\/hidden/);
  });
});

it('threat 34 never reads the dates of commits, nor of an approval against them', async () => {
  const opened = hub.open([{ 'a.yaml': 'x' }]);
  opened.pull.review('bob', 'APPROVED', { at: '2099-12-31T23:59:59Z' });
  hub.merge(opened);
  expect((await hub.verdict()).verdict).toBe('authorized');
});

describe('threat 35: who is gone', () => {
  it('threat 35 reads a deleted fork and a deleted author, and does not count a ghost', async () => {
    const fork = hub.hub.fork('erin');
    const { draft } = hub.open([{ 'a.yaml': 'x' }]);
    const pull = hub.hub.pull({ number: 9, author: 'erin', head: draft.pull.head.sha, from: fork });
    pull.review(null, 'APPROVED');
    hub.merge({ draft, pull }, { by: 'bob' });
    fork.remove();
    hub.hub.state.pulls.delete(1);
    expect(reasons(await hub.verdict())).toEqual([
      'approvals: #9: 0 of 1 approvals needed; not counted: ghost: the account is deleted; merged by bob',
    ]);
    pull.review('carol', 'APPROVED');
    expect((await hub.verdict()).verdict).toBe('authorized');
  });
});

it('threat 36 does not count a check of another app, nor a status, under the same name', async () => {
  const opened = hub.open([{ 'a.yaml': 'x' }]);
  const { sha: head } = opened.draft.pull.head;
  opened.pull.review('bob', 'APPROVED');
  hub.merge(opened);
  const rules = { requiredChecks: [{ name: 'test', app: '15368' }] };
  hub.hub.checkRun(head, { name: 'test', app: { id: 666, slug: 'evil' } });
  hub.hub.status(head, 'test', 'success');
  expect(reasons(await hub.verdict(rules))).toEqual([
    'checks: #1: required checks did not succeed: test by 15368',
  ]);
  hub.hub.checkRun(head, { name: 'test' });
  expect((await hub.verdict(rules)).verdict).toBe('authorized');
});

it('threat 37 denies what was merged while the protection was off', async () => {
  hub.merge(hub.open([{ 'a.yaml': 'x' }]), { by: 'alice' });
  expect(reasons(await hub.verdict())).toEqual(['approvals: #1: 0 of 1 approvals needed; merged by alice']);
});

it('threat 38 prints no token, whatever the forge sends back', async () => {
  const { token } = hub.github;
  hub.land({ 'a.yaml': 'x' });
  hub.github.inject('lookup', { kind: 'status', status: 500, message: `bad ${token}` });
  const authorization = await hub.verdict();
  expect(reasons(authorization)[0]).toContain('bad (secret)');
  expect(JSON.stringify(authorization)).not.toContain(token);
});
