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

  it('goes by the id, so that a login which was given up and taken again is another person', () => {
    const personOf = persons([]);

    expect(personOf({ id: '1', login: 'bob', bot: false })).not.toBe(
      personOf({ id: '2', login: 'bob', bot: false }),
    );
  });
});
