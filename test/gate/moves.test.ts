import { describe, expect, it } from 'vitest';
import type { Account, Move } from '../../src/forge/forge.ts';
import type { Candidate, Evidence, Policy } from '../../src/gate/authorization.ts';
import { digestOf } from '../../src/gate/digest.ts';
import { judge } from '../../src/gate/judge.ts';
import { movesOver, relevantMoves } from '../../src/gate/moves.ts';
import { movedByMerge } from '../../src/gate/predicates-moves.ts';
import { candidate, evidence, line, policy, sha, user } from './support/data.ts';

function move(
  before: number | null,
  after: number | null,
  kind: Move['kind'] = 'push',
  actor: Account | null = user('bob'),
): Move {
  const name = (number: number | null) => (number === null ? null : sha(number));
  return { kind, before: name(before), after: name(after), actor, at: '2026-03-01T11:00:00Z' };
}

describe('the moves that brought a commit', () => {
  const trail = (moves: Move[] | null) => ({
    from: { sha: sha(0), tree: sha(0x100) },
    range: line(4),
    moves,
  });

  it.each([
    ['one for a merge of its own', [move(0, 1)], 0, 1],
    ['none beyond its end', [move(0, 1)], 1, 0],
    ['one for each commit of a push', [move(1, 4)], 2, 1],
    ['none before its start', [move(1, 4)], 0, 0],
    ['one that came from outside, as after a rewind', [move(0x50, 2)], 1, 1],
    ['one that created the branch', [move(null, 3)], 0, 1],
    ['none that deleted it', [move(3, null)], 0, 0],
    ['two where it was moved to and fro', [move(0x50, 2), move(0, 2)], 0, 2],
  ] as const)('are %s', (_what, moves, index, count) => {
    expect(movesOver(trail([...moves]), index)).toHaveLength(count);
  });

  it('are none where the forge does not tell', () => {
    expect(movesOver(trail(null), 0)).toEqual([]);
  });

  it('leave out what happened to the branch later', () => {
    expect(relevantMoves([move(4, 9), move(9, 0), move(0, 2)], line(4))).toEqual([move(0, 2)]);
  });
});

describe('a branch that was moved by merging', () => {
  const asked = (moves: Move[] | null, rules: Partial<Policy> = {}, more: Partial<Evidence> = {}) =>
    movedByMerge(candidate(), evidence({ moves, policy: { ...policy, ...rules }, ...more }), 0);

  it.each([
    ['the forge does not tell', null, true, 'does not tell'],
    ['the forge does not tell yet', [], 'unknown', 'does not tell yet'],
    ['it was merged', [move(0, 1, 'merge')], true, 'merged by bob'],
    ['it was pushed', [move(0, 1)], false, 'the branch was pushed by bob'],
    ['it was force-pushed', [move(7, 1, 'force-push', null)], false, 'force-pushed by a deleted account'],
    ['a rule was bypassed', [{ ...move(0, 1, 'merge'), bypass: true }], false, 'bob bypassed the rules'],
    ['it was moved away and back', [move(7, 1, 'force-push'), move(0, 1, 'merge')], true, 'the forge says'],
  ] as const)('%s', (_title, moves, holds, message) => {
    expect(asked(moves === null ? null : [...moves])).toMatchObject({
      holds,
      message: expect.stringContaining(message),
    });
  });

  it('holds a push of a merge bot that the policy names for a merge, but no force push', () => {
    expect(asked([move(0, 1)], { mergers: ['BOB'] }).holds).toBe(true);
    expect(asked([move(0, 1, 'force-push')], { mergers: ['bob'] }).holds).toBe(false);
  });

  it('holds nothing against a branch whose forge tells who alone, and later', () => {
    expect(asked([], {}, { tellsHow: false }).holds).toBe(true);
  });

  it('asks of each commit of a rebase', () => {
    const three: Candidate = candidate(
      { mergeCommit: sha(3) },
      { last: 2, runs: [{ first: 0, content: 'same' }] },
    );
    const judged = (moves: Move[]) =>
      movedByMerge(three, evidence({ range: line(3), candidates: [three], moves }), 0).holds;
    expect(judged([move(0, 3, 'merge')])).toBe(true);
    expect(judged([move(1, 3, 'merge'), move(0, 1)])).toBe(false);
  });
});

describe('break-glass', () => {
  const glass = { ...policy, breakGlass: { actors: [{ login: 'bob', id: user('bob').id }] } };
  const pushed = (change: Partial<Evidence>) => judge(evidence({ candidates: [], policy: glass, ...change }));

  it('accepts what a named account brought, each commit of it, and says what it passed over', () => {
    const authorization = pushed({ range: line(2), moves: [move(0, 2)] });
    expect(authorization).toMatchObject({ verdict: 'authorized', pulls: [] });
    expect('note' in authorization && authorization.note).toMatch(
      /break-glass right of bob \(no merged pull request/,
    );
  });

  it.each([
    ['by another account', { moves: [move(0, 1, 'push', user('mallory'))] }],
    ['by another account of that login', { moves: [move(0, 1, 'push', { ...user('bob'), id: '666' })] }],
    ['where the forge does not tell', { moves: null }],
    [
      'under one that was pushed by somebody else',
      { range: line(2), moves: [move(1, 2), move(0, 1, 'push', user('eve'))] },
    ],
  ] as const)('does not accept what was brought %s', (_what, change) => {
    expect(
      pushed({ ...change, moves: change.moves === null ? null : [...change.moves] } as Partial<Evidence>)
        .verdict,
    ).toBe('denied');
  });

  it('accepts no unknown: what could not be learned is asked again', () => {
    const gaps = [{ code: 'HF1401', message: 'down' }];
    expect(pushed({ moves: [move(0, 1)], gaps }).verdict).toBe('unknown');
  });
});

it('weighs moves in the digest only where they decide', () => {
  const digest = (moves: Move[], change: Partial<Evidence>) => digestOf(evidence({ moves, ...change }));
  const late = { tellsHow: false };
  expect(digest([], late)).toBe(digest([move(0, 1)], late));
  expect(digest([], {})).not.toBe(digest([move(0, 1)], {}));
  const glass = { ...late, policy: { ...policy, breakGlass: { actors: [{ login: 'bob' }] } } };
  expect(digest([], glass)).not.toBe(digest([move(0, 1)], glass));
});
