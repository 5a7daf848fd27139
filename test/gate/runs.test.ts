import { describe, expect, it } from 'vitest';
import type { RangeCommit } from '../../src/gate/authorization.ts';
import { possibleStarts, soundRun } from '../../src/gate/runs.ts';
import { candidate, head, line, sha } from './support/data.ts';

const from = { sha: sha(0), tree: sha(0x100) };
const merged = (last: number) => candidate({}, { last });

function changed(range: RangeCommit[], index: number, change: Partial<RangeCommit>): RangeCommit[] {
  return range.map((commit, at) => (at === index ? { ...commit, ...change } : commit));
}

describe('where a run may begin', () => {
  it('is at each commit before that has one parent, for a squash or a rebase', () => {
    expect(possibleStarts({ from, range: line(4) }, merged(3), 0)).toEqual([0, 1, 2, 3]);
  });

  it('is not before what an earlier pull request has taken', () => {
    expect(possibleStarts({ from, range: line(4) }, merged(3), 2)).toEqual([2, 3]);
    expect(possibleStarts({ from, range: line(4) }, merged(3), 4)).toEqual([]);
  });

  it('is at the merge commit itself, if that is a merge', () => {
    const range = changed(line(4), 3, { parents: [sha(3), head] });

    expect(possibleStarts({ from, range }, merged(3), 0)).toEqual([3]);
  });

  it('is not before a merge, which no rebase makes', () => {
    const range = changed(line(4), 1, { parents: [sha(1), sha(77)] });

    expect(possibleStarts({ from, range }, merged(3), 0)).toEqual([2, 3]);
  });

  it('is not before a commit that does not continue the one before it', () => {
    const range = changed(line(4), 0, { parents: [sha(88)] });

    expect(possibleStarts({ from, range }, merged(3), 0)).toEqual([1, 2, 3]);
    expect(possibleStarts({ from, range }, merged(0), 0)).toEqual([]);
  });

  it('is nowhere for a merge commit that is not in the range', () => {
    expect(possibleStarts({ from, range: line(4) }, candidate({}, { last: null }), 0)).toEqual([]);
    expect(possibleStarts({ from, range: line(4) }, merged(9), 0)).toEqual([]);
  });

  it('is at most 250 commits back', () => {
    expect(possibleStarts({ from, range: line(400) }, merged(399), 0)).toHaveLength(250);
  });
});

describe('where a fast-forward may begin', () => {
  const range = line(4);
  const forwarded = (mergeBase: string | null) =>
    candidate({ head: { sha: sha(4), repositoryId: '7' }, mergeBase }, { last: 3 });

  it.each<[string, string | null, number[]]>([
    ['after the commit from which the forge shows its changes', sha(2), [2]],
    ['after the last authorized revision', sha(0), [0]],
    ['at its last commit, where the forge does not say', null, [3]],
    ['nowhere, if the forge shows it from a commit elsewhere', sha(99), []],
    ['nowhere, if the forge shows nothing', sha(4), []],
  ])('is %s', (_what, mergeBase, expected) => {
    expect(possibleStarts({ from, range }, forwarded(mergeBase), 0)).toEqual(expected);
  });
});

describe('the sound run', () => {
  it('is the longest with the reviewed content', () => {
    const runs = [
      { first: 0, content: 'different' as const },
      { first: 1, content: 'same' as const },
      { first: 2, content: 'same' as const },
    ];

    expect(soundRun({ from, range: line(3) }, candidate({}, { last: 2, runs }), 0)?.first).toBe(1);
    expect(soundRun({ from, range: line(3) }, candidate({}, { last: 2, runs }), 2)?.first).toBe(2);
  });
});
