import { expect, it } from 'vitest';
import { Limit } from '../../../src/concurrency/limit.ts';
import { observeScheduled } from '../../../src/drivers/schedule/observe.ts';
import type { Comparison } from '../../../src/findings/finding.ts';
import { FakeClock } from '../../fakes/clock/clock.ts';
import { comparisonOf, declarationOf, unitOf } from './support.ts';

/** Units under observation whose comparisons the test ends, in the order in which they began. */
function bench({ most = 2 } = {}) {
  const clock = new FakeClock();
  const pool = new Limit(most);
  const asked: {
    unit: string;
    hash: string;
    signal: AbortSignal;
    end: (...found: string[]) => Promise<void>;
    fail: (why: Error) => Promise<void>;
  }[] = [];
  const told: string[] = [];
  const times = new Map<string, { expression: string; fire: () => void; stopped: boolean }>();
  const observe = (unit = unitOf('net')) =>
    observeScheduled(
      unit,
      declarationOf(unit),
      ({ unit: name, verdict }) => void told.push(`${name} ${verdict}`),
      {
        clock,
        pool,
        schedule: '*/15 * * * *',
        againMs: 10_000,
        times: (expression, name, fire) => {
          const entry = { expression, fire, stopped: false };
          times.set(name, entry);
          return () => {
            entry.stopped = true;
          };
        },
        compare: (compared, _, signal) =>
          new Promise<Comparison>((resolve, reject) => {
            const { name } = compared.definition;
            const settle = async (work: () => void) => {
              work();
              await clock.pass(0);
            };
            asked.push({
              unit: name,
              hash: compared.hash,
              signal,
              end: (...found) => settle(() => resolve(comparisonOf(name, ...found))),
              fail: why => settle(() => reject(why)),
            });
          }),
      },
    );
  return { clock, asked, told, times, observe };
}

it('a unit is compared at once, and then at the times of its schedule', async () => {
  const { asked, told, times, observe } = bench();
  observe();
  await asked[0]?.end();
  times.get('net')?.fire();
  await asked[1]?.end();
  expect(told).toEqual(['net in-sync', 'net in-sync']);
});

it('holdfast.yaml may name the times of a unit', () => {
  const { times, observe } = bench();
  observe(unitOf('net', 'h1', '0 6 * * *'));
  observe(unitOf('shop'));
  expect([times.get('net')?.expression, times.get('shop')?.expression]).toEqual([
    '0 6 * * *',
    '*/15 * * * *',
  ]);
});

it('what is found is looked at again soon, and told when it is still there', async () => {
  const { clock, asked, told, observe } = bench();
  observe();
  await asked[0]?.end('bucket');
  expect(told).toEqual([]);
  await clock.pass(10_000);
  await asked[1]?.end('bucket');
  expect(told).toEqual(['net drifted']);
});

it('a comparison never overlaps another of the same unit: what is asked meanwhile is done once, afterwards', async () => {
  const { asked, times, observe } = bench();
  const observation = observe();
  times.get('net')?.fire();
  observation.look?.();
  expect(asked.length).toBe(1);
  await asked[0]?.end();
  expect(asked.length).toBe(2);
  await asked[1]?.end();
  expect(asked.length).toBe(2);
});

it('another declaration ends the comparison that runs, and is compared at once', async () => {
  const { asked, told, observe } = bench();
  const observation = observe();
  const next = unitOf('net', 'h2');
  observation.declare(next, declarationOf(next));
  expect(asked[0]?.signal.aborted).toBe(true);
  await asked[0]?.end();
  expect(told).toEqual([]);
  expect(asked[1]?.hash).toBe('h2');
});

it('a revision that leaves the unit as it is starts nothing', async () => {
  const { asked, observe } = bench();
  const observation = observe();
  await asked[0]?.end();
  observation.declare(unitOf('net'), declarationOf(unitOf('net')));
  expect(asked.length).toBe(1);
});

it('only so many units are compared at once; the others wait for their turn', async () => {
  const { asked, observe } = bench({ most: 2 });
  for (const name of ['a', 'b', 'c']) observe(unitOf(name));
  expect(asked.map(({ unit }) => unit)).toEqual(['a', 'b']);
  await asked[0]?.end();
  expect(asked.map(({ unit }) => unit)).toEqual(['a', 'b', 'c']);
});

it('a unit that fails is unknown, and silences no other', async () => {
  const { clock, asked, told, observe } = bench({ most: 1 });
  observe(unitOf('a'));
  observe(unitOf('b'));
  await asked[0]?.fail(new Error('a bug'));
  await asked[1]?.end();
  await clock.pass(10_000);
  await asked[2]?.fail(new Error('a bug'));
  expect(told).toEqual(['b in-sync', 'a unknown']);
});

it('closing ends what runs and starts nothing more', async () => {
  const { clock, asked, told, times, observe } = bench();
  const observation = observe();
  const closed = observation.close();
  expect(asked[0]?.signal.aborted).toBe(true);
  await asked[0]?.end('bucket');
  await closed;
  observation.look?.();
  await clock.pass(60_000);
  expect([asked.length, told, times.get('net')?.stopped]).toEqual([1, [], true]);
});
