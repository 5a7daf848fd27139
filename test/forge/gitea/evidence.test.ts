import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/failure/failure.ts';
import {
  accountOf,
  checksOf,
  contributorsOf,
  mergedPull,
  retargetsOf,
  reviewsOf,
} from '../../../src/forge/gitea/evidence.ts';
import type { Pull, ReviewAnswer } from '../../../src/forge/gitea/schema.ts';

const head = 'a'.repeat(40);
const alice = { id: 3, login: 'alice' };
const bob = { id: 4, login: 'bob' };

function review(change: Partial<ReviewAnswer>): ReviewAnswer {
  const usual = { id: 1, user: bob, state: 'APPROVED', dismissed: false, commit_id: head } as const;
  return { ...usual, submitted_at: '2026-01-05T10:00:00Z', ...change };
}

function pull(change: Partial<Pull> = {}): Pull {
  return {
    ...{
      number: 7,
      html_url: 'http://gitea.example/acme/infra/pulls/7',
      title: 'Change',
      user: alice,
      merged: true,
    },
    ...{ merged_at: '2026-01-05T11:00:00Z', merged_by: bob, merge_commit_sha: 'b'.repeat(40) },
    ...{
      base: { ref: 'main', repo_id: 5 },
      head: { ref: 'change', label: 'change', repo_id: 5, repo: { full_name: 'acme/infra' }, sha: head },
      merge_base: '',
    },
    ...change,
  };
}

describe('an account', () => {
  it.each([
    ['a human', { id: 3, login: 'alice' }, { id: '3', login: 'alice', bot: false }],
    ['a human, said so', { id: 3, login: 'alice', type: 'User' }, { id: '3', login: 'alice', bot: false }],
    ['a bot, said so', { id: 9, login: 'renovate', type: 'Bot' }, { id: '9', login: 'renovate', bot: true }],
    [
      'the stand-in of Gitea Actions',
      { id: -2, login: 'gitea-actions' },
      { id: '-2', login: 'gitea-actions', bot: true },
    ],
    ['the stand-in of deleted accounts', { id: -1, login: 'Ghost' }, null],
    ['nobody', null, null],
  ])('of %s', (_, user, account) => {
    expect(accountOf(user)).toEqual(account);
  });
});

describe('reviews', () => {
  it.each([
    ['APPROVED', false, 'approved'],
    ['REQUEST_CHANGES', false, 'changes-requested'],
    ['COMMENT', false, 'commented'],
    ['PENDING', false, 'pending'],
    ['APPROVED', true, 'dismissed'],
    ['REQUEST_CHANGES', true, 'dismissed'],
  ] as const)('%s, dismissed %s: %s', (state, dismissed, expected) => {
    expect(reviewsOf([review({ state, dismissed })]).map(each => each.state)).toEqual([expected]);
  });

  it('that are only asked for are none', () => {
    expect(reviewsOf([review({ state: 'REQUEST_REVIEW' })])).toEqual([]);
  });

  it('come in the order of submission, and of their ids within one second', () => {
    const reviews = reviewsOf([
      review({ id: 3, state: 'REQUEST_CHANGES' }),
      review({ id: 9, state: 'COMMENT', submitted_at: '2026-01-05T11:00:00+02:00' }),
      review({ id: 2 }),
    ]);
    expect(reviews.map(each => each.state)).toEqual(['commented', 'approved', 'changes-requested']);
  });

  it('without a commit are about none', () => {
    expect(reviewsOf([review({ commit_id: '' })])[0]?.commit).toBeNull();
  });

  it('of a deleted account have no reviewer', () => {
    expect(reviewsOf([review({ user: { id: -1, login: 'Ghost' } })])[0]?.reviewer).toBeNull();
  });
});

describe('the timeline', () => {
  it('tells when the base was changed', () => {
    const events = [
      { id: 1, type: 'pull_push', created_at: '2026-01-05T09:00:00Z', user: bob, body: '{}' },
      { id: 2, type: 'change_target_branch', created_at: '2026-01-05T10:00:00Z', user: alice, body: '' },
      { id: 3, type: 'comment', created_at: '2026-01-05T10:30:00Z', user: bob, body: 'x' },
    ];
    expect(retargetsOf(events)).toEqual(['2026-01-05T10:00:00Z']);
  });
});

describe('the commits', () => {
  it('tell whom Gitea links to them, each once', () => {
    const commits = [
      { sha: 'a'.repeat(40), author: alice, committer: { id: -1, login: 'Ghost' }, commit: { message: 'x' } },
      { sha: 'b'.repeat(40), author: alice, committer: null, commit: { message: 'y' } },
    ];
    expect(contributorsOf(commits).map(each => each.login)).toEqual(['alice']);
  });

  it('holds the trailers of the commits against those who reviewed, since Gitea links no co-authors', () => {
    const message =
      'Add it\n\nCo-authored-by: Carol <carol@example.com>\nCo-Authored-By: D <dave@noreply.git.example>';
    const commits = [{ sha: 'a'.repeat(40), author: alice, committer: null, commit: { message } }];
    const reviewers = [
      { id: 5, login: 'carol', email: 'Carol@example.com' },
      { id: 6, login: 'Dave' },
      { id: 7, login: 'eve', email: 'eve@example.com' },
      null,
    ];
    const logins = contributorsOf(commits, reviewers).map(each => each.login);
    expect(logins).toEqual(['alice', 'carol', 'Dave']);
  });
});

describe('checks', () => {
  it.each([
    ['success', 'success'],
    ['pending', 'pending'],
    ['failure', 'failure'],
    ['error', 'failure'],
    ['warning', 'failure'],
    ['skipped', 'failure'],
  ] as const)('%s is %s, reported by no app', (status, state) => {
    expect(checksOf([{ context: 'ci', status }])).toEqual([{ name: 'ci', app: null, state }]);
  });
});

describe('a merged pull request', () => {
  it('from a fork that is gone has no head repository', () => {
    const head = { ...pull().head, ref: 'refs/pull/7/head', repo_id: -1, repo: null, sha: 'c'.repeat(40) };
    expect(mergedPull(pull({ head })).head).toEqual({ sha: 'c'.repeat(40), repositoryId: null });
  });

  it.each([
    ['not merged', { merged: false }],
    ['merged at no time', { merged_at: null }],
    ['merged as no commit', { merge_commit_sha: null }],
  ])('that is %s is a contradiction', (_, change) => {
    expect(() => mergedPull(pull(change))).toThrow(Failure);
  });
});
