import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/forge/gitea/feed.ts';
import { notedPushes, pushesOf } from '../../../src/forge/gitea/pushes.ts';
import type { Event } from '../../../src/forge/gitea/schema.ts';

const alice = { id: 3, login: 'alice' };
const bob = { id: 4, login: 'bob' };
const carol = { id: 5, login: 'carol' };
const account = ({ id, login }: typeof alice) => ({ id: String(id), login, bot: false });
const sha = (digit: string) => digit.repeat(40);
const at = '2026-01-05T10:00:00Z';

describe('the feed', () => {
  const made = (id: number, by: typeof alice): Entry => ({ id, kind: 'made', actor: account(by), at });
  const pushed = (id: number, by: typeof alice, before: string | null, after: string): Entry => {
    return { id, kind: 'pushed', before, after, actor: account(by), at };
  };

  it('tells each push with who did it, in the order of its numbers', () => {
    const pushes = pushesOf([pushed(9, bob, sha('b'), sha('c')), pushed(8, alice, sha('a'), sha('b'))]);
    expect(pushes).toEqual([
      { by: account(alice), before: sha('a'), after: sha('b') },
      { by: account(bob), before: sha('b'), after: sha('c') },
    ]);
  });

  it('tells that a branch was made, whatever commit it gives as the one before', () => {
    const pushes = pushesOf([pushed(5, alice, sha('9'), sha('a')), made(4, alice)]);
    expect(pushes).toEqual([{ by: account(alice), before: null, after: sha('a') }]);
  });

  it.each([
    ['of another account', [made(4, alice), pushed(5, bob, sha('a'), sha('b'))]],
    [
      'after another one',
      [made(4, alice), pushed(5, alice, sha('9'), sha('a')), pushed(6, alice, sha('a'), sha('b'))].slice(0),
    ],
    [
      'after the branch was deleted',
      [
        made(4, alice),
        { id: 5, kind: 'deleted', actor: account(alice), at } as Entry,
        pushed(6, alice, sha('a'), sha('b')),
      ],
    ],
  ])('takes no push for the making of the branch that is one %s', (_, entries) => {
    expect(pushesOf(entries).at(-1)).toMatchObject({ before: sha('a'), after: sha('b') });
  });
});

describe('the timeline', () => {
  const pull = (label = 'change') => ({
    user: alice,
    head: { ref: label, label, repo_id: 5, repo: { full_name: 'acme/infra' }, sha: sha('c') },
  });
  const event = (id: number, type: string, user: Event['user'], body = ''): Event => {
    return { id, type, user, body, created_at: at };
  };
  const push = (id: number, user: Event['user'], commits: string[], forced = false): Event =>
    event(id, 'pull_push', user, JSON.stringify({ is_force_push: forced, commit_ids: commits }));

  it('says with the opening who opened it, and nothing of who pushed', () => {
    const events = [push(1, alice, [sha('a')]), push(2, bob, [sha('b')]), push(3, alice, [sha('c')])];
    expect(notedPushes(pull(), events)).toEqual([
      { by: account(bob), commits: [sha('b')] },
      { by: account(alice), commits: [sha('c')] },
    ]);
  });

  it('says with a changed base who changed it, and nothing of who pushed', () => {
    const events = [
      event(3, 'change_target_branch', carol),
      push(4, carol, [sha('a'), sha('b')]),
      push(5, carol, [sha('c')]),
    ];
    expect(notedPushes(pull(), events)).toEqual([{ by: account(carol), commits: [sha('c')] }]);
  });

  it('tells of a forced push from where to where, and which commits came with it', () => {
    const events = [push(2, bob, [sha('b')]), push(3, bob, [sha('a'), sha('b')], true)];
    expect(notedPushes(pull(), events)).toEqual([
      { by: account(bob), commits: [sha('b')] },
      { by: account(bob), before: sha('a'), after: sha('b') },
    ]);
  });

  it('says who pushed also with the opening, where pushing opened it', () => {
    expect(notedPushes(pull(''), [push(1, alice, [sha('a')])])).toEqual([
      { by: account(alice), commits: [sha('a')] },
    ]);
  });

  it('is read in the order of its numbers, whatever the order of the answer', () => {
    const events = [push(2, alice, [sha('b')]), push(1, alice, [sha('a')])];
    expect(notedPushes(pull(), events)).toEqual([{ by: account(alice), commits: [sha('b')] }]);
  });

  it('is refused where a note is in words that nobody knows', () => {
    expect(() => notedPushes(pull(), [event(1, 'pull_push', bob, 'pushed')])).toThrow(
      /words that are not known/,
    );
  });
});
