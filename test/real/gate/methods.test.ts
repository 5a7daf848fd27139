/** Each way in which a real Gitea merges a pull request, alone and after a push that nobody reviewed. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, createBench, text } from './support/bench.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(() => bench.close());

describe('how it was merged', () => {
  const commits = [1, 2, 3].map(number => ({ 'cart.yaml': text('cart', { 3: `new ${number}` }) }));

  it.each(['merge', 'squash', 'rebase', 'rebase-merge', 'fast-forward-only'] as const)(
    'threat 21 authorizes three commits merged by %s, whether or not the base moved',
    async method => {
      const { scenario, alice, bob } = bench;
      const pull = await bench.propose('a', ...commits);
      await scenario.review(bob, pull, 'APPROVED');
      await scenario.merge(alice, pull, method);
      const alone = await bench.verdict();
      const from = await scenario.tip();
      if (method !== 'fast-forward-only') {
        const other = await bench.propose(
          'b',
          { 'pay.yaml': text('pay', { 1: 'x' }) },
          { 'pay.yaml': text('pay', { 1: 'y' }) },
        );
        await scenario.land(alice, [bob], { 'c.yaml': 'x' });
        await scenario.review(bob, other, 'APPROVED');
        await scenario.merge(alice, other, method);
      }

      expect(alone).toMatchObject({ verdict: 'authorized', pulls: [{ number: pull.number }] });
      expect((await bench.verdict({ from })).verdict).toBe('authorized');
    },
  );

  it.each(['merge', 'squash', 'rebase', 'fast-forward-only'] as const)(
    'keeps a push denied when a pull request made on top of it is merged by %s',
    async method => {
      const { scenario, alice, bob } = bench;
      const pushed = await scenario.commit(alice, 'main', { 'evil.yaml': 'x' });
      const pull = await bench.propose('a', { 'a.yaml': 'x' }, { 'b.yaml': 'x' });
      await scenario.review(bob, pull, 'APPROVED');
      await scenario.merge(alice, pull, method);

      expect(await bench.verdict()).toMatchObject({
        verdict: 'denied',
        reasons: [{ code: 'no-pr', commits: [pushed] }],
        upTo: bench.root,
      });
    },
  );

  it('threat 20 authorizes a reverting pull request like any other', async () => {
    const { scenario, alice, bob } = bench;
    await scenario.land(alice, [bob], { 'a.yaml': 'x' });
    await scenario.land(alice, [bob], { 'a.yaml': null });

    expect(await bench.verdict()).toMatchObject({ verdict: 'authorized', pulls: [{}, {}] });
  });
});
