import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seatCount } from '../../src/sharing/seats.ts';
import { shareOut, type Weighed } from '../../src/sharing/share.ts';

const seats = fc
  .uniqueArray(fc.integer({ min: 0, max: seatCount - 1 }), { minLength: 1 })
  .map(list => list.sort());
const units = fc.uniqueArray(
  fc.record({ unit: fc.string({ minLength: 1, maxLength: 20 }), weight: fc.integer({ min: 1, max: 5_000 }) }),
  { selector: ({ unit }) => unit, maxLength: 80 },
);
const even = (count: number): Weighed[] =>
  Array.from({ length: count }, (_, index) => ({ unit: `unit-${index}`, weight: 100 }));

describe('sharing units out', () => {
  it('gives every unit to exactly one of the seats', () => {
    fc.assert(
      fc.property(seats, units, (taken, all) => {
        const shares = shareOut(taken, all);
        expect([...shares.keys()].sort()).toEqual(all.map(({ unit }) => unit).sort());
        expect(taken).toEqual(expect.arrayContaining([...new Set(shares.values())]));
      }),
    );
  });

  it('is the same whatever the order in which units and seats are known', () => {
    fc.assert(
      fc.property(seats, units, (taken, all) => {
        expect(new Map([...shareOut([...taken].reverse(), [...all].reverse())].sort())).toEqual(
          new Map([...shareOut(taken, all)].sort()),
        );
      }),
    );
  });

  it('gives no seat more than a quarter above its part, but for one unit that is heavier than that', () => {
    fc.assert(
      fc.property(seats, units, (taken, all) => {
        const shares = shareOut(taken, all);
        const total = all.reduce((sum, { weight }) => sum + weight, 0);
        const heaviest = Math.max(0, ...all.map(({ weight }) => weight));
        for (const seat of taken) {
          const load = all
            .filter(({ unit }) => shares.get(unit) === seat)
            .reduce((sum, { weight }) => sum + weight, 0);
          expect(load).toBeLessThanOrEqual(
            Math.max((total / taken.length) * 1.25, total / taken.length + heaviest),
          );
        }
      }),
    );
  });

  it.each([
    [[0], [0, 1]],
    [
      [0, 1],
      [0, 1, 2],
    ],
    [
      [0, 1, 2],
      [0, 2],
    ],
  ])('moves few units when the seats %j become %j', (before, after) => {
    const all = even(200);
    const [first, second] = [shareOut(before, all), shareOut(after, all)];
    const moved = all.filter(({ unit }) => first.get(unit) !== second.get(unit)).length;
    // what must move is the part of the seat that comes or goes
    expect(moved).toBeLessThanOrEqual((200 / Math.max(before.length, after.length)) * 1.4);
  });

  it('shares the others out the same whichever units apart somebody knows', () => {
    fc.assert(
      fc.property(seats, units, units, (taken, all, more) => {
        const apart = more.filter(({ unit }) => all.every(one => one.unit !== unit));
        const shares = shareOut(taken, all, apart);
        expect(shares.size).toBe(all.length + apart.length);
        for (const [unit, seat] of shareOut(taken, all)) expect(shares.get(unit)).toBe(seat);
        for (const one of apart) expect(shareOut(taken, [], [one]).get(one.unit)).toBe(shares.get(one.unit));
      }),
    );
  });

  it('gives nothing to nobody', () => {
    expect(shareOut([], even(3))).toEqual(new Map());
  });
});
