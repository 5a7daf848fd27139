import { expect, it } from 'vitest';
import { type Judging, RevisionKeeper } from '../../src/daemon/revisions.ts';
import type { Declaration, DeclaredUnit } from '../../src/declared/declaration.ts';
import { defaultSettings } from '../../src/declared/settings.ts';
import type { Repository } from '../../src/git/repository.ts';

const [first, second, third] = ['a', 'b', 'c'].map(digit => digit.repeat(40)) as [string, string, string];

/** A branch whose unit can be rendered at some revisions only. */
function world(unrendered: Record<string, DeclaredUnit['unrendered']>, chain: string[]) {
  const state = { tip: chain[0] ?? first, clock: 0, unrendered, declared: [] as string[] };
  const declare = async (revision: string): Promise<Declaration> => {
    state.declared.push(revision);
    const failed = state.unrendered[revision];
    const object = {
      ref: { apiVersion: 'v1', kind: 'ConfigMap', name: revision },
      object: {},
      source: { file: 'a.yaml' },
      hash: revision,
    };
    const unit: DeclaredUnit = {
      definition: { name: 'shop', driver: 'kubernetes', path: 'shop' },
      objects: failed === undefined ? [object] : [],
      findings: [],
      hash: revision,
      ...(failed === undefined ? {} : { unrendered: failed }),
    };
    return { revision, settings: defaultSettings, units: [unit] };
  };
  const gate: Judging = {
    judge: async (from, to) => ({ verdict: 'authorized', from, revision: to, pulls: [], digest: 'x' }),
    reach: async () => undefined,
    ledger: { chain: async () => chain, append: async () => {} },
  };
  const settings = async () => defaultSettings;
  const repository = { fetch: async () => state.tip } as unknown as Repository;
  const keeper = new RevisionKeeper({ repository, declare, settings, gate, now: () => state.clock });
  const declares = () => keeper.state.declaration?.units[0]?.objects.map(({ ref }) => ref.name);
  return { state, keeper, declares };
}

it('a unit that cannot be rendered any more keeps what the authorized revision before declared', async () => {
  const { state, keeper, declares } = world({ [second]: 'lasting', [third]: 'lasting' }, [first]);
  await keeper.step();
  for (const tip of [second, third]) {
    state.tip = tip;
    await keeper.step();
    expect(keeper.state).toMatchObject({ authorized: tip, declaration: { revision: tip } });
    expect(declares()).toEqual([first]);
  }
});

it('after a restart it is looked for among the authorized revisions', async () => {
  const { keeper, declares } = world({ [third]: 'lasting', [second]: 'lasting' }, [third, second, first]);
  await keeper.step();
  expect(keeper.state.declaration?.revision).toBe(third);
  expect(declares()).toEqual([first]);
});

it('what may pass is tried again after a while, what lasts is not', async () => {
  const { state, keeper, declares } = world({ [first]: 'passing' }, [first]);
  await keeper.step();
  await keeper.step();
  expect(state.declared).toEqual([first]);

  state.unrendered = { [first]: 'lasting' };
  state.clock += 60_000;
  await keeper.step();
  expect(state.declared).toEqual([first, first]);

  state.unrendered = {};
  state.clock += 600_000;
  await keeper.step();
  expect(declares()).toEqual([]);
});
