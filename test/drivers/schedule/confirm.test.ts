import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confirm, nothingSeen, type Seen } from '../../../src/drivers/schedule/confirm.ts';
import type { Comparison } from '../../../src/findings/finding.ts';
import { comparisonOf } from './support.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 7, 3, 14, minute)).toISOString();

/** Works in comparisons one after another; what was told after each, in words. */
function told(...rounds: string[][]): string[] {
  let seen: Seen = nothingSeen;
  return rounds.map((names, minute) => {
    const confirmed = confirm(seen, comparisonOf('net', ...names), at(minute));
    seen = confirmed.seen;
    const { sure } = confirmed;
    if (sure === undefined) return confirmed.again ? 'again' : 'nothing';
    return `${sure.verdict}: ${sure.findings.map(({ type, resource, code }) => code ?? `${resource.name} ${type}`).join(', ')}`;
  });
}

it.each<[string, string[][], string[]]>([
  ['a clean comparison is sure at once', [[]], ['in-sync: ']],
  ['a finding is sure when it is seen twice', [['a'], ['a']], ['again', 'drifted: a changed']],
  ['a finding that is gone the second time was none', [['a'], []], ['again', 'in-sync: ']],
  [
    'a second finding beside a sure one is suspected first',
    [['a'], ['a'], ['a', 'b'], ['a', 'b']],
    ['again', 'drifted: a changed', 'again', 'drifted: a changed, b changed'],
  ],
  [
    'one of two that is gone leaves the other sure',
    [['a', 'b'], ['a', 'b'], ['a'], ['a']],
    ['again', 'drifted: a changed, b changed', 'again', 'drifted: a changed'],
  ],
  [
    'one that was told is gone when two in a row do not have it',
    [['a'], ['a'], [], []],
    ['again', 'drifted: a changed', 'again', 'in-sync: '],
  ],
  [
    'one that was told and is missed once is still there',
    [['a'], ['a'], [], ['a'], ['a']],
    ['again', 'drifted: a changed', 'again', 'again', 'drifted: a changed'],
  ],
  ['what cannot be compared is told when it cannot twice', [['!'], ['!']], ['again', 'unknown: HF1002']],
  ['a hiccup is not told', [[], ['!'], []], ['in-sync: ', 'again', 'in-sync: ']],
  [
    'the findings before an outage stay',
    [['a'], ['a'], ['!'], ['!']],
    ['again', 'drifted: a changed', 'again', 'unknown: HF1002, a changed'],
  ],
  [
    'what never agrees is unknown, with what does',
    [
      ['a', 'b'],
      ['a', 'c'],
      ['a', 'd'],
    ],
    ['again', 'again', 'unknown: HF1010, a changed'],
  ],
])('%s', (_, rounds, expected) => {
  expect(told(...rounds)).toEqual(expected);
});

describe('an outage', () => {
  it('tells when the unit was compared last, and keeps its counts', () => {
    const clean = confirm(nothingSeen, comparisonOf('net'), at(0)).seen;
    const once = confirm(clean, comparisonOf('net', '!'), at(1)).seen;
    const { sure } = confirm(once, comparisonOf('net', '!'), at(2));
    expect(sure?.findings[0]?.message).toBe(`HF1002 no (last compared at ${at(0)})`);
    expect(sure?.resources).toEqual({ declared: 3, inSync: 3 });
  });

  it('of a unit that was never compared says so', () => {
    const once = confirm(nothingSeen, comparisonOf('net', '!'), at(1)).seen;
    const { sure } = confirm(once, comparisonOf('net', '!'), at(2));
    expect(sure?.findings[0]?.message).toBe('HF1002 no (it was not compared before)');
  });
});

it('nothing is told of a comparison that could be made, but what two in a row agree on', () => {
  const rounds = fc.array(fc.subarray(['a', 'b', 'c', '!']), { maxLength: 12 });
  fc.assert(
    fc.property(rounds, all => {
      let seen: Seen = nothingSeen;
      let before: Comparison | undefined;
      for (const [minute, names] of all.entries()) {
        const comparison = comparisonOf('net', ...names);
        const { sure, seen: next } = confirm(seen, comparison, at(minute));
        if (sure?.verdict === 'drifted')
          for (const { resource } of sure.findings)
            expect(before?.findings.some(({ resource: other }) => other.name === resource.name)).toBe(true);
        if (sure?.verdict === 'in-sync') expect(names).toEqual([]);
        [seen, before] = [next, comparison];
      }
    }),
  );
});
