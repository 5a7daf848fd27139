import { describe, expect, it } from 'vitest';
import type { PullRequest, Review } from '../../src/forge/forge.ts';
import { needed, reviewersToAsk, votes } from '../../src/gate/approvals.ts';
import { approval, candidate, policy, pullRequest, sha, user } from './support/data.ts';

function why(review: Review, pull: Partial<PullRequest> = {}): string | undefined {
  return votes(candidate({ reviews: [review], ...pull }), policy)[0]?.why;
}

describe('an approval counts', () => {
  it('for a human with write permission who saw the final head', () => {
    expect(votes(candidate(), policy)).toMatchObject([{ login: 'bob', counts: true }]);
  });

  it.each<[string, Review, Partial<PullRequest>, string]>([
    ['the author', approval('alice'), {}, 'the author'],
    ['a contributor', approval('bob'), { contributors: [user('bob')] }, 'contributor'],
    ['a bot', approval('ci', { reviewer: user('ci', true) }), {}, 'not a human'],
    ['another commit', approval('bob', { commit: sha(4) }), {}, 'another commit'],
    ['a commit that is not known', approval('bob', { commit: null }), {}, 'another commit'],
    ['a dismissed review', approval('bob', { state: 'dismissed' }), {}, 'dismissed'],
    ['a reader', approval('eve'), {}, 'no write permission'],
    ['a deleted account', approval('bob', { reviewer: null }), {}, 'deleted'],
    ['an unknown permission', approval('mallory'), {}, 'not known'],
  ])('not for %s', (_what, review, pull, expected) => {
    expect(why(review, pull)).toContain(expected);
    expect(votes(candidate({ reviews: [review], ...pull }), policy)[0]?.counts).not.toBe(true);
  });

  it.each([
    ['who asked for it', 'bob', policy],
    ['who asked for it, in another case', 'BOB', policy],
    ['an alias of who asked for it', 'robert', { ...policy, aliases: [['robert', 'bob']] }],
  ])('not for %s, whoever opened the pull request', (_what, login, given) => {
    const headMessage = `Revert #3\n\nHoldfast-Requested-By: ${login}\n`;
    expect(votes(candidate({}, { headMessage }), given)).toMatchObject([
      { login: 'bob', counts: false, why: 'asked for this change' },
    ]);
  });

  it.each<[string, Review[], boolean[]]>([
    [
      'not before a request for changes by the same account',
      [approval('bob'), approval('bob', { state: 'changes-requested' })],
      [false],
    ],
    [
      'after a request for changes',
      [approval('bob', { state: 'changes-requested' }), approval('bob')],
      [true],
    ],
    ['also before a comment', [approval('bob'), approval('bob', { state: 'commented' })], [true]],
    [
      'also before a review that is not sent',
      [approval('bob'), approval('bob', { state: 'pending' })],
      [true],
    ],
    [
      'not before a review that was dismissed',
      [approval('bob'), approval('bob', { state: 'dismissed' })],
      [false, false],
    ],
    ['once for one account', [approval('bob'), approval('bob')], [true, false]],
    [
      'again after an approval of an older commit',
      [approval('bob', { commit: sha(4) }), approval('bob')],
      [false, true],
    ],
  ])('%s', (_what, reviews, counts) => {
    expect(votes(candidate({ reviews }), policy).map(vote => vote.counts)).toEqual(counts);
  });

  it('once for the accounts of one person', () => {
    const aliases = [['Bob', 'carol']];

    expect(
      votes(candidate({ reviews: [approval('bob'), approval('carol')] }), { ...policy, aliases }).map(
        vote => vote.counts,
      ),
    ).toEqual([true, false]);
  });

  it('not for another account of the author', () => {
    const aliases = [['alice', 'bob']];

    expect(votes(candidate(), { ...policy, aliases })).toMatchObject([{ counts: false, why: 'the author' }]);
  });

  it('not by an account whose id only looks like a property of every object', () => {
    const reviewer = { id: 'constructor', login: 'constructor', bot: false };

    expect(votes(candidate({ reviews: [approval('x', { reviewer })] }), policy)[0]?.counts).toBe('unknown');
  });
});

describe('how many approvals are needed', () => {
  it.each([
    ['a human', user('alice'), 1, 1],
    ['a human', user('alice'), 3, 3],
    ['a deleted account', null, 1, 1],
    ['a bot', user('renovate', true), 1, 2],
    ['a bot', user('renovate', true), 3, 3],
    ['a human, where the policy is broken', user('alice'), 0, 1],
  ])('for a pull request of %s', (_what, author, approvals, expected) => {
    expect(needed(pullRequest({ author }), { ...policy, approvals })).toBe(expected);
  });
});

describe('whose permission is asked', () => {
  it('is that of those whose approval or objection may decide, and of nobody else', () => {
    const reviews = [
      approval('alice'),
      approval('bob'),
      approval('carol', { state: 'changes-requested' }),
      approval('dave', { commit: sha(4) }),
      approval('eve', { state: 'commented' }),
      approval('ci', { reviewer: user('ci', true) }),
      approval('ghost', { reviewer: null }),
    ];

    expect(reviewersToAsk(pullRequest({ reviews }), policy).map(({ login }) => login)).toEqual([
      'bob',
      'carol',
    ]);
  });
});
