import { expect, it } from 'vitest';
import { allWorlds } from './support/all-worlds.ts';
import { conform } from './support/conform.ts';
import { falseFindings } from './support/judgement-calls.ts';
import { refusals, tableOf } from './support/table.ts';

const { worlds, leftOut } = await allWorlds();
const cases = worlds.flatMap((world, index) =>
  (['kubectl apply --server-side', 'kubectl create'] as const).map(way => ({
    way,
    world,
    number: index + 1,
  })),
);

it.each(cases)(
  'what $way made of cluster $number is in sync',
  async ({ way, world, number }) => {
    const results = await conform(world, way);

    process.stdout.write(
      `\ncluster ${number}, ${way} (${leftOut} variants left out)\n${tableOf(results)}\n${refusals(results)}\n`,
    );
    expect(results.flatMap(({ findings }) => falseFindings(findings))).toEqual([]);
  },
  1_800_000,
);
