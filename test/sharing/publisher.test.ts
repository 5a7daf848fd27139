import { expect, it } from 'vitest';
import type { Comparison } from '../../src/findings/finding.ts';
import type { JsonObject } from '../../src/json/json.ts';
import { Publisher } from '../../src/sharing/publisher.ts';
import { FakeClock } from '../fakes/clock/clock.ts';

const comparison = (unit = 'shop', inSync = 1): Comparison => ({
  unit,
  driver: 'kubernetes',
  verdict: 'in-sync',
  resources: { declared: 9, inSync },
  findings: [],
  elapsedMs: 1,
});

function publishing() {
  const clock = new FakeClock();
  const written: JsonObject[] = [];
  const removed: string[] = [];
  const failures: number[] = [];
  const world = { fails: false };
  const publisher = new Publisher({
    holder: 'b',
    clock,
    store: {
      async write(_unit, _holder, parts) {
        if (world.fails) throw new Error('away');
        written.push(...parts.values());
      },
      async remove(name) {
        removed.push(name);
      },
    },
    onFailure: (_, retryMs) => void failures.push(retryMs),
  });
  const saw = (of: Comparison, converging = false) =>
    publisher.saw({ unit: of.unit, hash: 'h', converging, comparison: of });
  const told = () => written.map(({ unit, converging }) => (converging ? `${unit} converging` : unit));
  return { publisher, clock, world, saw, told, removed, failures };
}

it('writes nothing while nobody else tells, and then all that was seen', async () => {
  const { publisher, clock, saw, told } = publishing();
  saw(comparison('shop'));
  saw(comparison('cart'));
  await clock.pass(1_000);
  expect(told()).toEqual([]);
  publisher.wanted(true);
  await clock.pass(1_000);
  expect(told()).toEqual(['shop', 'cart']);
});

it('writes the newest of what gathered, and not again what is the same', async () => {
  const { publisher, clock, saw, told } = publishing();
  publisher.wanted(true);
  const same = comparison();
  saw(same);
  await clock.pass(10);
  saw(comparison('shop', 2));
  saw(comparison('shop', 3));
  saw(comparison('shop', 4));
  await clock.pass(1_000);
  saw(comparison('shop', 4));
  await clock.pass(1_000);
  expect(told()).toEqual(['shop', 'shop']);
});

it('writes what is the same as a sign of life once a minute', async () => {
  const { publisher, clock, saw, told } = publishing();
  publisher.wanted(true);
  const same = comparison();
  for (let minute = 0; minute < 3; minute += 1) {
    saw(same);
    await clock.pass(60_000);
  }
  expect(told()).toEqual(['shop', 'shop', 'shop']);
});

it('says that a sync began, and what was seen after it although it is the same', async () => {
  const { publisher, clock, saw, told } = publishing();
  publisher.wanted(true);
  const same = comparison();
  saw(same);
  await clock.pass(1_000);
  publisher.converging(new Set(['shop', 'unseen']));
  await clock.pass(1_000);
  saw(same);
  await clock.pass(1_000);
  expect(told()).toEqual(['shop', 'shop converging', 'shop']);
});

it('tries again for ever what fails, with growing pauses', async () => {
  const { publisher, clock, world, saw, told, failures } = publishing();
  world.fails = true;
  publisher.wanted(true);
  saw(comparison());
  await clock.pass(8_000);
  expect(failures).toEqual([1_000, 2_000, 4_000, 8_000]);
  world.fails = false;
  await clock.pass(8_000);
  expect(told()).toEqual(['shop']);
});

it('takes back what it wrote of a unit that goes to another', async () => {
  const { publisher, clock, saw, told, removed } = publishing();
  publisher.wanted(true);
  saw(comparison());
  await clock.pass(1_000);
  publisher.forget('shop');
  publisher.forget('cart');
  await clock.pass(1_000);
  // also of one that it has not written now: an earlier one of it may be there
  expect([told(), removed]).toEqual([['shop'], ['shop', 'cart']]);
});
