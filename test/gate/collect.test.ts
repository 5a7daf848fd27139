import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../src/failure/failure.ts';
import { SlowDown } from '../../src/forge/http/slow-down.ts';
import type { Evidence } from '../../src/gate/authorization.ts';
import { judge } from '../../src/gate/judge.ts';
import { policy } from './support/data.ts';
import { lines, World } from './support/world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.close());

describe('what is asked', () => {
  it('is nothing for the last authorized revision itself', async () => {
    expect(await world.evidence(world.root)).toMatchObject({ descends: true, range: [], candidates: [] });
    expect(world.forge.asked).toEqual([]);
  });

  it('is two merges for a rebase of many commits: as a whole, and of its last one', async () => {
    const changes = [1, 2, 3, 4].map(number => ({ 'cart.yaml': lines('cart', { 3: `new ${number}` }) }));
    const draft = world.open(changes);
    world.land({ 'other.yaml': 'x' });
    world.merge(draft, 'rebase');
    const evidence = await world.evidence();

    expect(judge(evidence).verdict).toBe('authorized');
    expect(world.repository.calls).toHaveLength(3);
  });

  it('is the permission of each reviewer once per pull request', async () => {
    world.land({ 'a.yaml': 'x' });
    await world.evidence();

    expect(world.forge.asked.filter(question => question.startsWith('canWrite'))).toEqual(['canWrite bob']);
  });

  it('stays cheap for many merges that nobody approved', async () => {
    for (let number = 0; number < 12; number += 1)
      world.land({ [`${number}.yaml`]: 'x' }, 'squash', { reviews: [] });
    await world.evidence();

    expect(world.repository.calls).toHaveLength(12);
  });
});

describe('evidence', () => {
  it('is the same, byte by byte, whichever answer comes first', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) world.land({ [`${name}.yaml`]: 'x' });
    const { forge } = world;
    const slow = (first: boolean) => ({
      ...forge,
      pullRequestsOf: async (commit: string) => {
        const early = Number.parseInt(commit[0] ?? '0', 16) % 2 === 0;
        for (let turn = 0; turn < (early === first ? 1 : 50); turn += 1) await Promise.resolve();
        return forge.pullRequestsOf(commit);
      },
    });
    const [one, other] = await Promise.all(
      [true, false].map(first => world.evidence(undefined, policy, { forge: slow(first) })),
    );

    expect(JSON.stringify(one)).toBe(JSON.stringify(other));
  });

  it('holds one candidate for a pull request that the forge names for several commits', async () => {
    const draft = world.open([{ 'a.yaml': 'x' }, { 'b.yaml': 'x' }]);
    world.land({ 'other.yaml': 'x' });
    const last = world.merge(draft, 'rebase');
    const first = world.git('rev-parse', `${last}~1`);
    world.forge.named.set(first, [draft.pull.number]);
    const evidence = await world.evidence();

    expect(evidence.candidates).toHaveLength(2);
    expect(evidence.candidates[0]).toMatchObject({ foundBy: [first, last] });
    expect(judge(evidence).verdict).toBe('authorized');
  });

  it('holds nothing of the messages of the commits judged', async () => {
    world.commit('main', { 'a.yaml': 'x' }, 'Merge pull request #1');

    expect(JSON.stringify(await world.evidence())).not.toContain('Merge pull request');
  });
});

describe('what the forge cannot say', () => {
  const codes = ({ gaps }: Evidence) => [...new Set(gaps.map(({ code }) => code))];

  it('ends the questions when it is an outage', async () => {
    for (let number = 0; number < 20; number += 1) world.git('commit', '-q', '--allow-empty', '-m', 'Push');
    world.commit('main', { 'a.yaml': 'x' });
    world.forge.fail('pullRequestsOf', '*', new Failure('HF1401', 'down'));
    const evidence = await world.evidence();

    expect(world.forge.asked.length).toBeLessThanOrEqual(6);
    expect(judge(evidence)).toMatchObject({ verdict: 'unknown', retryAfterMs: 5_000 });
  });

  it('is asked again when the forge allows', async () => {
    const now = Date.parse('2026-03-01T10:00:00Z');
    world.commit('main', { 'a.yaml': 'x' });
    world.forge.fail('pullRequestsOf', '*', new SlowDown('rate limit', new Date(now + 90_000)));
    const evidence = await world.evidence(undefined, policy, { now: () => now });

    expect(judge(evidence)).toMatchObject({ verdict: 'unknown', retryAfterMs: 90_000 });
  });

  it('leaves all unknown when the repository is not known', async () => {
    world.land({ 'a.yaml': 'x' });
    world.forge.fail('repositoryId', '', new Failure('HF1403', 'gone'));
    const evidence = await world.evidence();

    expect(judge(evidence)).toMatchObject({ verdict: 'unknown', reasons: [{ code: 'HF1403' }] });
  });

  it('of the last commit of a rebase leaves those before it unknown too', async () => {
    const draft = world.open([{ 'a.yaml': 'x' }, { 'b.yaml': 'x' }]);
    world.land({ 'other.yaml': 'x' });
    const last = world.merge(draft, 'rebase');
    world.forge.fail('pullRequestsOf', last, new Failure('HF1405', 'cut short'));

    expect(judge(await world.evidence())).toMatchObject({
      verdict: 'unknown',
      reasons: [{ code: 'HF1405' }],
    });
  });

  it('hides no push that was seen as the tip before', async () => {
    const pushed = world.commit('main', { 'evil.yaml': 'x' });
    const later = world.land({ 'a.yaml': 'x' }, 'squash');
    world.forge.fail('pullRequestsOf', later, new Failure('HF1401', 'down'));
    const seenAsTip = (sha: string) => (sha === pushed ? 60_000 : undefined);

    expect((await world.verdict()).verdict).toBe('unknown');
    expect(await world.verdict(undefined, policy, { seenAsTip })).toMatchObject({
      verdict: 'denied',
      reasons: [{ commits: [pushed] }],
    });
  });

  it('is a failure of git, where that is what failed', async () => {
    world.land({ 'a.yaml': 'x' });
    const repository = {
      ...world.repository,
      fetchCommit: async () => Promise.reject(new Failure('HF1201', 'remote gone')),
      has: async () => false,
    };
    const evidence = await world.evidence(undefined, policy, { repository });

    expect(codes(evidence)).toEqual(['HF1201']);
    expect(judge(evidence).verdict).toBe('unknown');
  });

  it('is a head that the remote has no more, which denies once the remote had the time to give it', async () => {
    const draft = world.open([{ 'a.yaml': 'x' }]);
    world.merge(draft, 'squash');
    world.withheld.add(draft.pull.head.sha);

    expect((await world.verdict(undefined, policy, { seenForMs: 100 })).verdict).toBe('unknown');
    expect(await world.verdict()).toMatchObject({ verdict: 'denied', reasons: [{ code: 'content' }] });
  });
});
