import { describe, expect, it } from 'vitest';
import { applicable, type Candidate, type Evidence } from '../../src/gate/authorization.ts';
import { judge } from '../../src/gate/judge.ts';
import { segments } from '../../src/gate/segments.ts';
import { approval, candidate, evidence, line, policy, sha } from './support/data.ts';

/** A candidate that explains the commit at `last`, or the run from `first` on. */
function explains(last: number, first = last, change: Partial<Candidate['pull']> = {}): Candidate {
  return candidate(
    { number: last + 1, mergeCommit: sha(last + 1), ...change },
    { last, foundBy: [sha(last + 1)], runs: [{ first, content: 'same' }] },
  );
}

function partition(judged: Evidence): string[] {
  return segments(judged).map(({ first, last, verdict }) => `${first}-${last} ${verdict}`);
}

describe('how a range is taken apart', () => {
  it.each<[string, Candidate[], string[]]>([
    [
      'one pull request each',
      [explains(0), explains(1), explains(2)],
      ['0-0 accepted', '1-1 accepted', '2-2 accepted'],
    ],
    ['a rebase', [explains(0), explains(2, 1)], ['0-0 accepted', '1-2 accepted']],
    ['a push in between', [explains(0), explains(2)], ['0-0 accepted', '1-1 denied', '2-2 accepted']],
    ['a denied rebase', [explains(2, 1, { reviews: [] })], ['0-0 denied', '1-2 denied']],
    [
      'two that claim the same merge commit',
      [explains(2, 2, { reviews: [], number: 1 }), explains(2)],
      ['0-0 denied', '1-1 denied', '2-2 accepted'],
    ],
    [
      'one that claims what another one has taken',
      [explains(0), explains(1), explains(2, 0)],
      ['0-0 accepted', '1-1 accepted', '2-2 denied'],
    ],
    [
      'a forged claim inside of a rebase',
      [explains(1, 1, { reviews: [] }), explains(2, 0)],
      ['0-2 accepted'],
    ],
    ['nothing', [], ['0-0 denied', '1-1 denied', '2-2 denied']],
  ])('%s', (_what, candidates, expected) => {
    expect(partition(evidence({ range: line(3), candidates }))).toEqual(expected);
  });

  it('shows the claim that comes closest, of several that fail', () => {
    const far = explains(0, 0, { number: 1, reviews: [], base: { repositoryId: '9', ref: 'x' } });
    const near = explains(0, 0, { number: 2, reviews: [] });

    expect(segments(evidence({ candidates: [far, near] }))[0]?.candidate?.pull.number).toBe(2);
  });

  it('tells of a commit that a pull request is named for without having made it', () => {
    const named = { ...explains(1), foundBy: [sha(1), sha(2)] };
    const [first] = segments(evidence({ range: line(2), candidates: [named] }));

    expect(first).toMatchObject({ verdict: 'denied', reasons: [{ code: 'content', pull: 2 }] });
  });
});

describe('what a gap does', () => {
  const gap = (...commits: number[]) => ({ code: 'HF1401', message: 'down', commits: commits.map(sha) });

  it.each<[string, Partial<Evidence>, string, string[]]>([
    ['makes unknown what it touches', { candidates: [], gaps: [gap(1)] }, 'unknown', ['HF1401']],
    [
      'without commits, touches all',
      { candidates: [], gaps: [{ code: 'HF1401', message: 'down' }] },
      'unknown',
      ['HF1401'],
    ],
    ['takes nothing from what is accepted', { gaps: [gap(1)] }, 'authorized', []],
    [
      'of a pull request takes nothing from what denies it',
      { candidates: [explains(0, 0, { reviews: [] })], gaps: [{ ...gap(1), pull: 1 }] },
      'denied',
      ['approvals'],
    ],
    [
      'of another pull request does',
      { candidates: [explains(0, 0, { reviews: [] })], gaps: [{ ...gap(1), pull: 2 }] },
      'unknown',
      ['HF1401'],
    ],
    ['after a denial leaves it', { range: line(2), candidates: [], gaps: [gap(2)] }, 'denied', ['no-pr']],
    ['before a denial hides it', { range: line(2), candidates: [], gaps: [gap(1)] }, 'unknown', ['HF1401']],
  ])('%s', (_what, change, verdict, codes) => {
    const authorization = judge(evidence(change));

    expect(authorization.verdict).toBe(verdict);
    expect(
      authorization.verdict === 'authorized' ? [] : authorization.reasons.map(({ code }) => code),
    ).toEqual(codes);
  });

  it('leaves what came before it to be applied, and says when to ask again', () => {
    const gaps = [
      { ...gap(2), retryAfterMs: 2_000 },
      { ...gap(2), retryAfterMs: 60_000 },
    ];
    const authorization = judge(evidence({ range: line(2), candidates: [explains(0)], gaps }));

    expect(authorization).toMatchObject({ verdict: 'unknown', upTo: sha(1), retryAfterMs: 60_000 });
  });

  it('is not needed to be unknown: a permission that was not told suffices', () => {
    const unasked = { ...explains(0), permissions: {} };

    expect(judge(evidence({ candidates: [unasked] }))).toMatchObject({
      verdict: 'unknown',
      reasons: [{ code: 'approvals', pull: 1 }],
    });
  });
});

describe('the verdict', () => {
  it('names the pull requests, who opened them and who approved them', () => {
    const approved = explains(0, 0, { reviews: [approval('bob'), approval('alice'), approval('carol')] });

    expect(judge(evidence({ candidates: [approved] }))).toMatchObject({
      verdict: 'authorized',
      from: sha(0),
      revision: sha(1),
      pulls: [{ number: 1, author: 'alice', approvers: ['bob', 'carol'], mergeCommit: sha(1) }],
    });
  });

  it('is authorized for the last authorized revision itself', () => {
    expect(judge(evidence({ to: sha(0), range: [], candidates: [] }))).toMatchObject({
      verdict: 'authorized',
      revision: sha(0),
      pulls: [],
    });
  });

  it.each<[string, Partial<Evidence>]>([
    ['none', { range: [] }],
    ['those before it only', { range: line(1), candidates: [explains(0)] }],
  ])('is never authorized on commits that do not lead up to the revision: %s', (_what, change) => {
    expect(judge(evidence({ ...change, to: sha(2) }))).toMatchObject({
      verdict: 'unknown',
      reasons: [{ code: 'incomplete', commits: [sha(2)] }],
      upTo: sha(0),
    });
  });

  it('is denied for a branch that was moved back', () => {
    expect(judge(evidence({ descends: false, range: [], candidates: [] }))).toMatchObject({
      verdict: 'denied',
      reasons: [{ code: 'rewind' }],
      upTo: sha(0),
    });
  });

  it('tells a push of many commits once', () => {
    const { reasons } = judge(evidence({ range: line(300), candidates: [] })) as { reasons: unknown[] };

    expect(reasons).toMatchObject([{ code: 'no-pr', commits: { length: 300 } }]);
  });

  it('lets the pull requests before a denial be applied, and names these only', () => {
    const candidates = [explains(0), explains(2)];

    expect(judge(evidence({ range: line(3), candidates }))).toMatchObject({
      verdict: 'denied',
      upTo: sha(1),
      pulls: [{ number: 1 }],
    });
  });

  it('does not change the evidence', () => {
    const judged = evidence({ range: line(3), candidates: [explains(2), explains(0)] });
    const before = structuredClone(judged);
    judge(judged);

    expect(judged).toEqual(before);
  });

  it('has a digest that is equal for equal evidence and no other', () => {
    const digest = (change: Partial<Evidence>) => (judge(evidence(change)) as { digest: string }).digest;
    const reordered = Object.fromEntries(Object.entries(evidence()).reverse()) as unknown as Evidence;

    expect(digest(reordered)).toBe(digest({}));
    expect(digest({ gaps: [{ code: 'unsettled', message: 'x', commits: [] }] })).toBe(digest({}));
    expect(digest({ policy: { ...policy, forks: false } })).not.toBe(digest({}));
    expect(digest({ branch: 'other' })).not.toBe(digest({}));
    expect(digest({})).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('what may be applied', () => {
  const denied = judge(evidence({ range: line(2), candidates: [explains(0)] }));

  it('is the revision, or as far as it is authorized', () => {
    expect(applicable(judge(evidence()))).toBe(sha(1));
    expect(applicable(denied)).toBe(sha(1));
  });
});
