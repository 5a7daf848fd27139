import { expect, it } from 'vitest';
import { type MutationResult, mutate } from './mutations/run.ts';
import { allWorlds } from './support/all-worlds.ts';
import { conform } from './support/conform.ts';
import { falseFindings } from './support/judgement-calls.ts';
import { refusals, tableOf } from './support/table.ts';

const seed = process.env['MUTATIONS_SEED'] ?? '1';
const perSet = Number(process.env['MUTATIONS_PER_SET'] ?? 8);

const { worlds, leftOut } = await allWorlds();
const cases = worlds.flatMap((world, index) =>
  (['server-side apply by us', 'kubectl apply'] as const).map(way => ({ way, world, number: index + 1 })),
);

it.each(cases)(
  'what $way made of cluster $number is in sync, and each change by hand is found, alone',
  async ({ way, world, number }) => {
    const mutations: MutationResult[] = [];

    const results = await conform(world, way, async (place, part, taken) => {
      const count = Math.min(perSet, taken.length);
      mutations.push(await mutate(place, part, taken, { seed: `${seed} ${way}`, count }));
    });

    process.stdout.write(
      `\ncluster ${number}, ${way}, seed ${seed} (${leftOut} variants left out)\n${tableOf(results, mutations)}\n${refusals(results)}\n`,
    );
    expect(results.flatMap(({ findings }) => falseFindings(findings))).toEqual([]);
    expect(mutations.flatMap(({ complaints }) => complaints)).toEqual([]);
  },
  1_800_000,
);
