import { describe, expect, it } from 'vitest';
import type { PullRequest } from '../../src/forge/forge.ts';
import type { Answer, Predicate } from '../../src/gate/answer.ts';
import type { Candidate, Evidence, Policy } from '../../src/gate/authorization.ts';
import {
  approvedForThisBase,
  asReviewed,
  checksSucceeded,
  deniedAnyway,
  enoughApprovals,
  examine,
  fromAllowedPlace,
  intoThisBranch,
  ofThisRepository,
  wasMerged,
  withoutObjection,
} from '../../src/gate/predicates.ts';
import { approval, candidate, evidence, head, line, policy, sha, user } from './support/data.ts';

type Holds = Answer['holds'];

function ask(predicate: Predicate, pull: Partial<PullRequest>, rules: Partial<Policy> = {}): Holds {
  return predicate(candidate(pull), evidence({ policy: { ...policy, ...rules } }), 0).holds;
}

describe('the predicates of the gate', () => {
  it('all hold for a pull request that meets the policy', () => {
    expect(examine(candidate(), evidence(), 0).filter(({ holds }) => holds !== true)).toEqual([]);
  });

  it.each<[Holds, string]>([
    [true, '7'],
    [false, '8'],
    [false, ''],
    [false, '07'],
  ])('base-repository is %s for the id %s where 7 is configured', (holds, repositoryId) => {
    expect(ask(ofThisRepository, { base: { repositoryId, ref: 'main' } })).toBe(holds);
  });

  it.each<[Holds, string]>([
    [true, 'main'],
    [false, 'staging'],
    [false, 'Main'],
    [false, 'refs/heads/main'],
  ])('base is %s for %s', (holds, ref) => {
    expect(ask(intoThisBranch, { base: { repositoryId: '7', ref } })).toBe(holds);
  });

  it.each<[Holds, string, Partial<PullRequest>]>([
    [true, 'merged', {}],
    [false, 'open', { merged: false, mergedAt: null }],
    [false, 'open with a test merge commit', { merged: false, mergedAt: null, mergeCommit: sha(5) }],
    ['unknown', 'merged at no time', { mergedAt: null }],
    ['unknown', 'open with a time', { merged: false }],
    ['unknown', 'merged as no commit', { mergeCommit: null }],
  ])('not-merged is %s for one that is %s', (holds, _what, change) => {
    expect(ask(wasMerged, change)).toBe(holds);
  });

  it.each<[Holds, string | null, boolean]>([
    [true, '7', false],
    [true, '9', true],
    [false, '9', false],
    [false, null, false],
    [true, null, true],
  ])('fork is %s for a head in %s where forks are allowed: %s', (holds, repositoryId, forks) => {
    expect(ask(fromAllowedPlace, { head: { sha: head, repositoryId } }, { forks })).toBe(holds);
  });

  it.each<[Holds, string, PullRequest['checks']]>([
    [true, 'success of the pinned app', [{ name: 'test', app: '12', state: 'success' }]],
    [false, 'nothing', []],
    [false, 'another name', [{ name: 'Test', app: '12', state: 'success' }]],
    [false, 'success of another app', [{ name: 'test', app: '13', state: 'success' }]],
    [false, 'success as a plain status', [{ name: 'test', app: null, state: 'success' }]],
    [false, 'what is still running', [{ name: 'test', app: '12', state: 'pending' }]],
    [
      false,
      'success and failure of the same app',
      [
        { name: 'test', app: '12', state: 'success' },
        { name: 'test', app: '12', state: 'failure' },
      ],
    ],
    [
      true,
      'failure of another app besides',
      [
        { name: 'test', app: '12', state: 'success' },
        { name: 'test', app: '13', state: 'failure' },
      ],
    ],
  ])('checks is %s for %s', (holds, _what, checks) => {
    expect(ask(checksSucceeded, { checks }, { requiredChecks: [{ name: 'test', app: '12' }] })).toBe(holds);
  });

  it('checks takes any app where none is pinned', () => {
    const checks = [{ name: 'test', app: null, state: 'success' as const }];

    expect(ask(checksSucceeded, { checks }, { requiredChecks: [{ name: 'test' }] })).toBe(true);
  });

  it.each<[Holds, string, PullRequest['reviews']]>([
    [true, 'an approval after it', [approval('bob', { submittedAt: '2026-03-01T10:30:01Z' })]],
    [false, 'an approval before it', [approval('bob', { submittedAt: '2026-03-01T10:29:59Z' })]],
    [false, 'an approval in the same second', [approval('bob', { submittedAt: '2026-03-01T10:30:00.9Z' })]],
    [false, 'an approval at no time', [approval('bob', { submittedAt: null })]],
    [false, 'an approval at a time that is none', [approval('bob', { submittedAt: 'soon' })]],
    [
      true,
      'another approval after it',
      [approval('bob'), approval('carol', { submittedAt: '2026-03-01T12:30:00+01:00' })],
    ],
  ])('retargeted is %s for a change of the base and %s', (holds, _what, reviews) => {
    const retargetedAt = ['2026-03-01T09:00:00Z', '2026-03-01T10:30:00Z'];

    expect(ask(approvedForThisBase, { reviews, retargetedAt })).toBe(holds);
  });

  it.each<[Holds, string, PullRequest['reviews']]>([
    [true, 'nobody', [approval('bob')]],
    [false, 'a writer', [approval('bob'), approval('carol', { state: 'changes-requested' })]],
    [
      false,
      'a writer on an older commit',
      [approval('carol', { state: 'changes-requested', commit: sha(3) })],
    ],
    [
      true,
      'a writer who approved later',
      [approval('carol', { state: 'changes-requested' }), approval('carol')],
    ],
    [
      false,
      'a writer who only commented later',
      [approval('carol', { state: 'changes-requested' }), approval('carol', { state: 'commented' })],
    ],
    [true, 'a reader', [approval('eve', { state: 'changes-requested' })]],
    [true, 'a deleted account', [approval('eve', { state: 'changes-requested', reviewer: null })]],
    ['unknown', 'one of whom it is not known', [approval('mallory', { state: 'changes-requested' })]],
  ])('changes-requested is %s where changes are asked for by %s', (holds, _what, reviews) => {
    expect(ask(withoutObjection, { reviews })).toBe(holds);
  });

  it.each<[Holds, number, PullRequest['reviews']]>([
    [true, 1, [approval('bob')]],
    [false, 1, []],
    [false, 2, [approval('bob')]],
    [true, 2, [approval('bob'), approval('carol')]],
    ['unknown', 2, [approval('bob'), approval('mallory')]],
    [false, 3, [approval('bob'), approval('mallory')]],
    [false, 0, []],
  ])('approvals is %s where %i are needed', (holds, approvals, reviews) => {
    expect(ask(enoughApprovals, { reviews }, { approvals })).toBe(holds);
  });
});

describe('the content predicate', () => {
  const content = (change: Partial<Candidate>, around: Partial<Evidence> = {}, floor = 0): Answer =>
    asReviewed(candidate({}, change), evidence(around), floor);

  it.each(['different', 'conflict', 'head-unavailable', 'contained'] as const)('is false for %s', found => {
    expect(content({ runs: [{ first: 0, content: found }] }).holds).toBe(false);
  });

  it('is unknown where git could not say', () => {
    expect(content({ runs: [{ first: 0, content: 'unknown' }] }).holds).toBe('unknown');
  });

  it('is false where the merge commit is not in the range', () => {
    expect(content({ last: null, runs: [] }).holds).toBe(false);
  });

  it('is false for a merge commit that an earlier pull request has taken', () => {
    expect(content({}, {}, 1).holds).toBe(false);
  });

  it('does not take the word of evidence for a run that no merge can have made', () => {
    const range = line(3).map((commit, index) =>
      index === 1 ? { ...commit, parents: [...commit.parents, sha(50)] } : commit,
    );
    const runs = [{ first: 0, content: 'same' as const }];

    expect(content({ last: 2, runs }, { range }).holds).toBe(false);
    expect(content({ last: 2, runs }, { range: line(3) }).holds).toBe(true);
  });
});

describe('what is denied whatever its content is', () => {
  it.each<[boolean, string, Partial<PullRequest>]>([
    [false, 'good', {}],
    [true, 'not approved', { reviews: [] }],
    [true, 'merged elsewhere', { base: { repositoryId: '7', ref: 'staging' } }],
    [false, 'approved by one whose permission is not known', { reviews: [approval('mallory')] }],
  ])('is %s for one that is %s', (denied, _what, change) => {
    expect(deniedAnyway(candidate(change, { runs: [] }), evidence())).toBe(denied);
  });

  it('holds for one of a bot with one approval', () => {
    expect(deniedAnyway(candidate({ author: user('renovate', true) }), evidence())).toBe(true);
  });
});
