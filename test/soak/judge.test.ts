import { describe, expect, it } from 'vitest';
import { type Bounds, growth, judge, quantile } from './judge.ts';

const bounds: Bounds = { seconds: 1_800, warmUp: 600, part: 300, mostGrowthMb: 1 };
const times = Array.from({ length: 360 }, (_, index) => index * 5);
const steady = times.map(at => ({ at, residentMb: 200 + (at % 40) / 10, handles: 40 }));
const edits = times.map(at => ({ at, ms: 100 + (at % 50) }));

describe('the judgement of a soak', () => {
  it('is good where all stays as it is, whatever the collector of garbage does in between', () => {
    expect(judge(steady, edits, bounds).wrong).toEqual([]);
  });

  it.each([
    [
      'memory that grows',
      steady.map(one => ({ ...one, residentMb: 200 + one.at / 300 })),
      edits,
      /memory grows by 2.00/,
    ],
    [
      'handles that are never closed',
      steady.map(one => ({ ...one, handles: 40 + one.at / 100 })),
      edits,
      /handles/,
    ],
    [
      'alerts that come later and later',
      steady,
      edits.map(one => ({ ...one, ms: 100 + one.at })),
      /percentile/,
    ],
    ['nothing measured', [], [], /NaN/],
  ])('is bad for %s', (_what, samples, told, words) => {
    expect(judge(samples, told, bounds).wrong.join('; ')).toMatch(words);
  });

  it('forgives growth before the warm-up', () => {
    const filling = steady.map(one => ({ ...one, residentMb: Math.min(one.at, 600) }));
    expect(judge(filling, edits, bounds).wrong).toEqual([]);
  });

  it('takes the value below which so many lie', () => {
    expect([quantile([1, 2, 3, 4], 0.5), quantile([1, 2, 3, 4], 0.99)]).toEqual([2, 4]);
    expect(
      growth([
        { at: 0, value: 0 },
        { at: 600, value: 3 },
      ]),
    ).toBe(3);
  });
});
