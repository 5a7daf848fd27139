import { existsSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { hazards } from './hazards.ts';
import { hazardsOfConverging } from './hazards-of-converging.ts';
import { legitimateOwners } from './legitimate-owners.ts';
import { missedAdditions } from './missed-additions.ts';
import { missedComparisons } from './missed-comparisons.ts';
import { missedRefusals } from './missed-refusals.ts';
import { noiseOfOwners } from './noise-of-owners.ts';
import { noiseOfShapes } from './noise-of-shapes.ts';
import { noiseOfTheServer } from './noise-of-the-server.ts';
import { notOurs } from './not-ours.ts';
import { Bench } from './support/bench.ts';
import type { Case, ForeignCase, PlayedCase } from './support/case.ts';
import { Table } from './support/table.ts';

const cases: readonly Case[] = [
  ...noiseOfTheServer,
  ...noiseOfShapes,
  ...noiseOfOwners,
  ...hazards,
  ...hazardsOfConverging,
  ...missedAdditions,
  ...missedComparisons,
  ...missedRefusals,
  ...legitimateOwners,
  ...notOurs,
].sort((a, b) => (a.id < b.id ? -1 : 1));
const isPlayed = (one: Case): one is PlayedCase => 'play' in one;
const isForeign = (one: Case): one is ForeignCase => 'notOurs' in one;

const table = new Table();
afterAll(() => table.print());

describe('every case of the reference is here once', () => {
  const numbered = (letter: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${letter}${String(index + 1).padStart(2, '0')}`);

  it.each([...numbered('D', 34), ...numbered('N', 20)])('%s', id => {
    expect(cases.filter(one => one.id === id)).toHaveLength(1);
  });
});

describe('a case, with those who interfere, on the real server', () => {
  it.concurrent.each(cases.filter(isPlayed).map(one => [one.id, one.words, one] as const))(
    '%s: %s',
    async (_id, _words, { id, words, expected, play }) => {
      const bench = await Bench.open(id);
      let got: readonly string[] = [];
      try {
        got = await play(bench);
      } catch (error) {
        got = [`failed: ${error instanceof Error ? error.message : String(error)}`];
        throw error;
      } finally {
        table.add({ id, words, expected, got });
        await bench.close();
      }
      expect(got).toEqual(expected);
    },
  );
});

describe('a case about what we do not have is covered elsewhere', () => {
  it.each(cases.filter(isForeign).map(one => [one.id, one.words, one] as const))(
    '%s: %s',
    (_id, _words, { id, words, notOurs: reason, coveredBy }) => {
      table.add({ id, words, expected: [`not ours: ${reason}; ${coveredBy}`], got: undefined });
      expect(existsSync(coveredBy)).toBe(true);
    },
  );
});
