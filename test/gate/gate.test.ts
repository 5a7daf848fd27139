import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../src/failure/failure.ts';
import { createGate } from '../../src/gate/gate.ts';
import { policy } from './support/data.ts';
import { codes, World } from './support/world.ts';

let world: World;
let time = 0;
beforeEach(() => {
  world = new World();
  time = 1_000_000;
});
afterEach(() => world.close());

function gate() {
  const { repository, forge } = world;
  return createGate({ repository, forge, branch: 'main', now: () => time });
}

describe('the gate', () => {
  it('gives the verdict with the evidence that it was made from', async () => {
    const merged = world.land({ 'a.yaml': 'x' });
    const { authorization, evidence } = await gate().decide(world.root, merged, policy);

    expect(authorization).toMatchObject({ verdict: 'authorized', revision: merged });
    expect(evidence).toMatchObject({ from: { sha: world.root }, to: merged });
  });

  it('never throws: what cannot be read is unknown, without the secrets of the forge', async () => {
    const { forge, root } = world;
    const commit = async () => Promise.reject(new Failure('HF1207', 'git failed on https://hunter2@forge'));
    const repository = { ...world.repository, commit };
    const broken = createGate({ repository, forge: { ...forge, secrets: ['hunter2'] }, branch: 'main' });
    const { authorization, evidence } = await broken.decide(root, root, policy);

    expect(evidence).toBeNull();
    expect(authorization).toMatchObject({
      verdict: 'unknown',
      upTo: root,
      reasons: [{ code: 'HF1207', message: 'git failed on https://[secret]@forge' }],
    });
  });

  it('keeps a push denied though a pull request that is merged on top of it is not settled yet', async () => {
    const { decide } = gate();
    const pushed = world.commit('main', { 'evil.yaml': 'x' });
    const first = await decide(world.root, pushed, policy, 0);
    time += 3_000;
    const second = await decide(world.root, pushed, policy, 3_000);
    const draft = world.open([{ 'a.yaml': 'x' }]);
    const merged = world.merge(draft, 'squash');
    world.forge.pulls.pop();
    const third = await decide(world.root, merged, policy, 0);

    expect([first, second, third].map(({ authorization }) => codes(authorization))).toEqual([
      ['unsettled'],
      ['no-pr'],
      ['no-pr'],
    ]);
    expect(third.authorization).toMatchObject({ reasons: [{ commits: [pushed] }] });
  });

  it('is not kept waiting by pushes that come again and again', async () => {
    const { decide } = gate();
    const first = world.commit('main', { '0.yaml': 'x' });
    await decide(world.root, first, policy, 0);
    let last = await decide(world.root, first, policy, 0);
    for (let number = 1; number < 4; number += 1) {
      time += 1_500;
      last = await decide(world.root, world.commit('main', { [`${number}.yaml`]: 'x' }), policy, 0);
    }

    expect(last.authorization).toMatchObject({ verdict: 'denied' });
  });
});
