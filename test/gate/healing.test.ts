import { describe, expect, it } from 'vitest';
import type { Candidate, Evidence, RangeCommit } from '../../src/gate/authorization.ts';
import { walk } from '../../src/gate/healing.ts';
import type { Segment } from '../../src/gate/segments.ts';
import { candidate, evidence, sha } from './support/data.ts';

/** One letter per commit: `a` accepted, `d` denied, `u` unknown; then which tree each has (0 is that of `from`). */
function course(letters: string, trees: number[], names: Record<number, number[]> = {}) {
  const range: RangeCommit[] = trees.map((tree, index) => ({
    sha: sha(index + 1),
    tree: sha(0x100 + tree),
    parents: [sha(index)],
  }));
  const judged: Evidence = evidence({ range, candidates: [] });
  const segments = [...letters].map((letter, index) => segment(letter, index, names[index] ?? []));
  const { healed, sound, open } = walk(judged, segments);
  const how = segments.map(one => healed.get(one)?.by ?? '-');
  return { how, sound: sound.map(yes => (yes ? 1 : 0)).join(''), open: open.map(({ first }) => first) };
}

function segment(letter: string, index: number, named: number[]): Segment {
  const verdict = letter === 'a' ? 'accepted' : letter === 'd' ? 'denied' : 'unknown';
  const lines = named.map(number => `Holdfast-Ratifies: ${sha(number + 1)}`);
  const made: Candidate = candidate({ number: index }, { headMessage: `Take over\n\n${lines.join('\n')}` });
  return {
    first: index,
    last: index,
    verdict,
    answers: [],
    reasons: [],
    ...(letter === 'a' ? { candidate: made } : {}),
  };
}

describe('what heals a range', () => {
  it.each<[string, string, number[], Record<number, number[]>, string, number[]]>([
    ['nothing has to, if all is accepted', 'aaa', [1, 2, 3], {}, '111', []],
    ['nothing does, by itself', 'ada', [1, 2, 3], {}, '100', [1]],
    ['the tree of the last authorized revision', 'dd', [1, 0], {}, '01', []],
    ['that tree after an accepted pull request', 'add', [1, 2, 1], {}, '101', []],
    ['not that of an older authorized revision', 'add', [1, 2, 0], {}, '100', [1, 2]],
    ['a push that changes nothing', 'd', [0], {}, '1', []],
    ['a pull request that restores the tree', 'da', [1, 0], {}, '01', []],
    ['a pull request that restores it and undoes an accepted one', 'daa', [1, 2, 0], {}, '001', []],
    ['not a push that restores it and undoes an accepted one', 'dad', [1, 2, 0], {}, '000', [0, 2]],
    ['not a push that restores it and undoes what may be accepted', 'dud', [1, 2, 0], {}, '000', [0, 1, 2]],
    ['a restored tree, only up to the next push', 'ddd', [1, 0, 2], {}, '010', [2]],
    ['a pull request that names the refused commit', 'da', [1, 2], { 1: [0] }, '01', []],
    ['a pull request that names all of them', 'dda', [1, 2, 3], { 2: [0, 1] }, '001', []],
    ['not one that names some of them', 'dda', [1, 2, 3], { 2: [1] }, '000', [0]],
    ['several that name all of them together', 'ddaa', [1, 2, 3, 4], { 2: [1], 3: [0] }, '0001', []],
    ['not one that came before', 'ad', [1, 2], { 0: [1] }, '10', [1]],
    ['one that names what is not known', 'ua', [1, 2], { 1: [0] }, '01', []],
    [
      'a pull request that names one, and a restored tree later',
      'dadd',
      [1, 2, 3, 2],
      { 1: [0] },
      '0101',
      [],
    ],
  ])('is %s', (_what, letters, trees, names, sound, open) => {
    const result = course(letters, trees, names);

    expect(result.sound).toBe(sound);
    expect(result.open).toEqual(open);
  });

  it('is told per segment', () => {
    expect(course('dadda', [1, 2, 3, 2, 4], { 1: [0] }).how).toEqual([
      'ratified',
      '-',
      'restored',
      'restored',
      '-',
    ]);
  });
});
