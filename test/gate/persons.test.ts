import { describe, expect, it } from 'vitest';
import { persons } from '../../src/gate/persons.ts';
import { user } from './support/data.ts';

describe('which person an account belongs to', () => {
  it.each([
    ['its own, without aliases', [], 'bob', 'carol', false],
    ['that of its alias', [['bob', 'carol']], 'bob', 'carol', true],
    ['that of its alias in any case', [['BOB', 'carol']], 'Bob', 'Carol', true],
    [
      'not that of another group',
      [
        ['bob', 'x'],
        ['carol', 'y'],
      ],
      'bob',
      'carol',
      false,
    ],
    [
      'that of groups that share a login',
      [
        ['bob', 'x'],
        ['carol', 'y'],
        ['x', 'y'],
      ],
      'bob',
      'carol',
      true,
    ],
    [
      'that of groups joined in another order',
      [
        ['x', 'y'],
        ['y', 'bob'],
        ['carol', 'x'],
      ],
      'bob',
      'carol',
      true,
    ],
  ])('is %s', (_what, aliases, one, other, same) => {
    const personOf = persons(aliases);

    expect(personOf(user(one)) === personOf(user(other))).toBe(same);
  });

  describe('by an alias with an id', () => {
    const pinned = [['alice', { login: 'alice-work', id: '42' }]];
    const alice = user('alice');

    it.each([
      ['takes that account', '42', 'alice-work', true],
      ['takes it under its new login', '42', 'quiet', true],
      ['does not take who took over its login', '43', 'alice-work', false],
      ['takes a login of which no id is known', '', 'Alice-Work', true],
    ])('%s', (_what, id, login, same) => {
      const personOf = persons(pinned);

      expect(personOf({ id, login, bot: false }) === personOf(alice)).toBe(same);
    });

    it('is that of the groups which name it by login, though it is renamed', () => {
      const personOf = persons([...pinned, ['Alice-Work', 'al']]);

      const renamed = { id: '42', login: 'quiet', bot: false };
      expect(new Set([renamed, alice, user('al')].map(personOf)).size).toBe(1);
    });

    it('goes by login where its id is left out', () => {
      const personOf = persons([['alice', { login: 'alice-work' }]]);

      expect(personOf({ id: '9', login: 'ALICE-work', bot: false })).toBe(personOf(alice));
    });
  });

  it('goes by the id, so that a login which was given up and taken again is another person', () => {
    const personOf = persons([]);

    expect(personOf({ id: '1', login: 'bob', bot: false })).not.toBe(
      personOf({ id: '2', login: 'bob', bot: false }),
    );
  });
});
