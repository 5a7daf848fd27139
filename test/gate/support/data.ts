/** Plain data for predicates: a small range and a pull request that meets the policy, each field of which a test may change. */
import type { Account, PullRequest, Review } from '../../../src/forge/forge.ts';
import type { Candidate, Evidence, Policy, RangeCommit } from '../../../src/gate/authorization.ts';

const ids = ['alice', 'bob', 'carol', 'dave', 'eve', 'mallory', 'renovate'];

/** The account of a login; the same login always has the same id. */
export function user(login: string, bot = false): Account {
  const known = ids.indexOf(login);
  const id = known >= 0 ? known + 1 : 100 + [...login].reduce((sum, char) => sum + char.charCodeAt(0), 0);
  return { id: String(id), login, bot };
}

/** 40 hex digits that stand for a commit or a tree: `sha(1)` is 000…01. */
export function sha(number: number): string {
  return number.toString(16).padStart(40, '0');
}

export const head = sha(0x99);
export const policy: Policy = {
  approvals: 1,
  forks: true,
  requiredChecks: [],
  aliases: [],
  codeOwners: false,
  mergers: [],
  breakGlass: { actors: [] },
};

export function approval(login: string, change: Partial<Review> = {}): Review {
  const submittedAt = '2026-03-01T10:00:00Z';
  return { reviewer: user(login), state: 'approved', commit: head, submittedAt, ...change };
}

/** Opened by alice, approved by bob, merged as the commit `sha(1)`. */
export function pullRequest(change: Partial<PullRequest> = {}): PullRequest {
  return {
    number: 1,
    url: 'https://forge.example/shop/pulls/1',
    title: 'Add the cart',
    author: user('alice'),
    merged: true,
    mergedAt: '2026-03-01T11:00:00Z',
    mergedBy: user('alice'),
    mergeCommit: sha(1),
    base: { repositoryId: '7', ref: 'main' },
    head: { sha: head, repositoryId: '7' },
    reviews: [approval('bob')],
    retargetedAt: [],
    contributors: [user('alice')],
    checks: [],
    ...change,
  };
}

/** A line of commits after `sha(0)`, each with its own tree `sha(0x100 + n)`. */
export function line(length: number): RangeCommit[] {
  return Array.from({ length }, (_, index) => ({
    sha: sha(index + 1),
    tree: sha(0x101 + index),
    parents: [sha(index)],
  }));
}

/** Explains the one commit of `evidence()`; bob, carol and dave may write, eve may not. */
export function candidate(pull: Partial<PullRequest> = {}, change: Partial<Candidate> = {}): Candidate {
  return {
    pull: pullRequest(pull),
    foundBy: [sha(1)],
    last: 0,
    runs: [{ first: 0, content: 'same' }],
    headMessage: 'Add the cart\n',
    permissions: {
      [user('alice').id]: true,
      [user('bob').id]: true,
      [user('carol').id]: true,
      [user('dave').id]: true,
      [user('eve').id]: false,
    },
    ...change,
  };
}

/** One commit, merged by one good pull request. */
export function evidence(change: Partial<Evidence> = {}): Evidence {
  const range = change.range ?? line(1);
  return {
    repositoryId: '7',
    branch: 'main',
    from: { sha: sha(0), tree: sha(0x100) },
    to: range.at(-1)?.sha ?? sha(0),
    descends: true,
    range,
    candidates: [candidate()],
    moves: null,
    tellsHow: true,
    policy,
    gaps: [],
    ...change,
  };
}
