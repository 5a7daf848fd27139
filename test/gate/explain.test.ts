import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/gate/authorization.ts';
import { account, explain } from '../../src/gate/explain.ts';
import { judge } from '../../src/gate/judge.ts';
import { candidate, evidence, line, policy, sha, user } from './support/data.ts';

function words(change: Partial<Evidence> = {}): string {
  const judged = evidence(change);
  return explain(judged, judge(judged));
}

describe('the verdict in words', () => {
  it('names the revision, the pull request, each predicate and the digest', () => {
    const text = words();

    expect(text).toContain(`${sha(1)} is authorized.`);
    expect(text).toContain('#1 Add the cart (by alice) https://forge.example/shop/pulls/1');
    expect(text).toMatch(/ok 1 of 1 approvals needed \(bob\)/);
    expect(text).toMatch(/Evidence: sha256 [0-9a-f]{64}\n$/);
    expect(text.match(/^ {2}ok /gm)).toHaveLength(11);
  });

  it('says of a push why it is denied, and how far can be gone', () => {
    const text = words({ range: line(2) });

    expect(text).toContain(`${sha(2)} is denied.`);
    expect(text).toContain(`${sha(2)}: denied`);
    expect(text).toContain('no-pr: no merged pull request explains it (1 commit)');
    expect(text).toContain(`Up to ${sha(1)} it may be applied.`);
  });

  it('says why each approval does not count', () => {
    const text = words({ candidates: [candidate({ contributors: [user('bob')] })] });

    expect(text).toContain(
      'NO approvals: 0 of 1 approvals needed; not counted: bob: a contributor to its commits',
    );
  });

  it('says of what is not known when to ask again', () => {
    const gaps = [{ code: 'HF1401', message: 'connect refused', retryAfterMs: 4_200 }];
    const text = words({ candidates: [], gaps });

    expect(text).toContain('is not known to be authorized.');
    expect(text).toContain('HF1401: connect refused');
    expect(text).toContain('It is worth asking again in 5 s.');
  });

  it('says so where the caller alone vouches for the start', () => {
    const judged = evidence();

    expect(words()).toContain(`Judged from ${sha(0)}, the last authorized revision, on main`);
    expect(explain(judged, judge(judged), 'caller')).toContain(
      `Judged from ${sha(0)}, which is trusted because --from names it: the ledger does not have it`,
    );
    expect(account(judged, judge(judged), 'caller').startTrustedBy).toBe('caller');
  });

  it('names what restored the tree', () => {
    const range = line(2).map((commit, index) => (index === 1 ? { ...commit, tree: sha(0x100) } : commit));

    expect(words({ range, candidates: [] })).toContain(`${sha(1)}: restored by ${sha(2)}`);
  });

  it.each(['\u001b[2J', '\r', '\n  yes approvals: 9 of 1', '\u202e', '\u0000', '\u009b31m'])(
    'shows hostile text as one harmless line: %j',
    hostile => {
      const pull = {
        title: `Title${hostile}`,
        author: { ...user('alice'), login: `alice${hostile}` },
        base: { repositoryId: '7', ref: `x${hostile}` },
      };
      const text = words({
        branch: `main${hostile}`,
        candidates: [candidate({ ...pull, url: `https://x${hostile}` })],
      });
      const plain = words({ candidates: [candidate({ base: { repositoryId: '7', ref: 'x' } })] });

      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(text.split('\n')).toHaveLength(plain.split('\n').length);
    },
  );
});

describe('the verdict for programs', () => {
  it('has the authorization, and each segment with its predicates', () => {
    const judged = evidence({ range: line(2) });

    expect(account(judged, judge(judged))).toMatchObject({
      apiVersion: 'holdfast.dev/v1alpha1',
      kind: 'Verification',
      branch: 'main',
      authorization: { verdict: 'denied', upTo: sha(1) },
      segments: [
        { commits: [sha(1)], verdict: 'accepted', pull: { number: 1, approvers: ['bob'] }, reasons: [] },
        { commits: [sha(2)], verdict: 'denied', predicates: [], reasons: [{ code: 'no-pr' }] },
      ],
    });
  });
});

describe('the verdict for programs', () => {
  it('tells of each pull request what the predicates rest on', () => {
    const moves = [
      {
        kind: 'merge' as const,
        before: sha(0),
        after: sha(1),
        actor: user('bob'),
        at: '2026-03-01T11:00:00Z',
      },
    ];
    const judged = evidence({ candidates: [candidate({ contributors: [user('bob')] })], moves });
    const [segment] = account(judged, judge(judged)).segments;

    expect(segment?.moves).toEqual([{ how: 'merge', by: 'bob', at: '2026-03-01T11:00:00Z' }]);
    expect(segment?.pull).toMatchObject({
      head: sha(0x99),
      mergeCommit: sha(1),
      mergedBy: 'alice',
      approvals: [{ by: 'bob', counts: false, why: 'a contributor to its commits' }],
      contributors: ['bob'],
    });
    expect(segment?.predicates.map(({ name, holds }) => [name, holds])).toContainEqual(['approvals', false]);
  });

  it('names the account that broke the glass', () => {
    const moves = [
      {
        kind: 'push' as const,
        before: sha(0),
        after: sha(1),
        actor: user('bob'),
        at: '2026-03-01T11:00:00Z',
      },
    ];
    const rules = { ...policy, breakGlass: { actors: [{ login: 'bob' }] } };
    const judged = evidence({ candidates: [], moves, policy: rules });

    expect(account(judged, judge(judged)).segments).toMatchObject([
      { verdict: 'break-glass', healedBy: 'bob' },
    ]);
    expect(explain(judged, judge(judged))).toContain(`${sha(1)}: break-glass by bob`);
  });
});
