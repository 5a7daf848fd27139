/** Threat 30 between environments: one repository, one policy, and in each environment a Holdfast that judges for itself. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RevisionKeeper } from '../../../src/daemon/revisions.ts';
import { loadSettings, readSettings } from '../../../src/declared/config/load.ts';
import { declare } from '../../../src/declared/declare.ts';
import { createGate } from '../../../src/gate/gate.ts';
import { memoryTree } from '../../declared/tree.ts';
import { approval } from '../support/data.ts';
import { World } from '../support/world.ts';

const environments = ['staging', 'production'] as const;

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.close());

/** A Holdfast of an environment that trusts the revision `from`. */
function keeperOf(environment: string, from: string): RevisionKeeper {
  const { forge } = world;
  const repository = { ...world.repository, fetch: async () => world.tip() };
  const gate = createGate({ repository, forge, branch: 'main' });
  let clock = 0;
  return new RevisionKeeper({
    repository,
    declare: async revision => declare(await repository.tree(revision), { environment }),
    settings: async revision => (await readSettings(await repository.tree(revision))).settings,
    gate: {
      judge: async (start, to, policy) => (await gate.decide(start, to, policy)).authorization,
      reach: () => gate.reach(),
      ledger: { chain: async () => [from], append: async () => undefined },
    },
    now: () => {
      clock += 60_000;
      return clock;
    },
  });
}

function settings(named: readonly string[], approvals: number): string {
  const units = named.map(
    name => `- {name: ${name}, driver: kubernetes, path: ${name}, environments: [${name}]}\n`,
  );
  return `environments: [${named.join(', ')}]\npolicy: {approvals: ${approvals}}\nunits:\n${units.join('')}`;
}

/** Merges a pull request that makes this the holdfast.yaml, approved by these. */
function land(text: string, ...approvers: string[]): string {
  const draft = world.open([{ 'holdfast.yaml': text }]);
  draft.pull.reviews = approvers.map(login => approval(login, { commit: draft.pull.head.sha }));
  return world.merge(draft);
}

const words = (keeper: RevisionKeeper) => keeper.state.denial?.reasons.map(({ message }) => message) ?? [];

describe.each(environments)('threat 30 in %s', environment => {
  it('threat 30 is denied where the same pull request drops the environment and the approvals that it lacks', async () => {
    const from = world.commit('main', { 'holdfast.yaml': settings(environments, 2) });
    const keeper = keeperOf(environment, from);
    await keeper.step();
    const other = environments.filter(name => name !== environment);

    land(settings(other, 1), 'bob');
    expect(await keeper.step()).toMatchObject({ authorized: from, tipState: 'refused' });
    expect(words(keeper)).toEqual([expect.stringMatching(/^#1: 1 of 2 approvals needed \(bob\)/)]);

    world.git('reset', '-q', '--hard', from);
    const merged = land(settings(other, 1), 'bob', 'carol');
    expect(await keeper.step()).toMatchObject({ authorized: merged, tipState: 'authorized' });
  });

  it('threat 30 is denied by the stricter policy of a revision that did not know the environment', async () => {
    const from = world.commit('main', { 'holdfast.yaml': settings(environments, 1) });
    const keeper = keeperOf(environment, from);
    await keeper.step();
    const between = land(settings(['staging'], 3), 'bob');
    await keeper.step();
    expect(keeper.state.authorized).toBe(between);

    land(settings(environments, 3), 'bob');
    expect(await keeper.step()).toMatchObject({ authorized: between, tipState: 'refused' });
    expect(words(keeper)).toEqual([expect.stringMatching(/^#2: 1 of 3 approvals needed \(bob\)/)]);

    world.git('reset', '-q', '--hard', between);
    const merged = land(settings(environments, 3), 'bob', 'carol', 'dave');
    expect(await keeper.step()).toMatchObject({ authorized: merged, declaration: { revision: merged } });
  });
});

it.each([
  [
    'by its name in the policy',
    'policy: {production: {approvals: 1}}\n',
    'unknown key ‘production’ in policy',
  ],
  ['in the list of environments', 'environments: [{name: a, policy: {approvals: 1}}]\n', 'environments[0]'],
  [
    'among the overrides of a unit',
    'environments: [a]\nunits:\n- {name: a, driver: helm, path: a, overrides: {a: {policy: {approvals: 1}}}}\n',
    'unknown key ‘policy’',
  ],
])(
  'threat 30 has no policy of one environment that could be taken for that of another: %s',
  async (_where, text, why) => {
    const failure = await loadSettings(memoryTree({ 'holdfast.yaml': text }), 'a').catch(
      (error: unknown) => error,
    );

    expect(failure).toMatchObject({ code: 'HF1104', message: expect.stringContaining(why) });
  },
);
