import { expect, it } from 'vitest';
import { isBehind } from '../../src/daemon/behind.ts';

const repository = {
  /** One line of revisions, of which `z` was not fetched yet. */
  isAncestor: async (one: string, other: string) => {
    if (one === 'z') throw new Error('not here');
    return one <= other;
  },
};

it.each([
  ['the newest of the ledger', 'b', ['b', 'a'], false],
  ['an older one of the ledger', 'a', ['b', 'a'], true],
  ['older than the ledger, which skipped it', 'b', ['c', 'a'], true],
  ['newer than the ledger, which was set back', 'c', ['b', 'a'], false],
  ['older than one that is not fetched yet', 'b', ['z', 'b', 'a'], true],
])('who knows %s', async (_, authorized, chain, behind) => {
  expect(await isBehind(authorized, chain, repository)).toBe(behind);
});

it('cannot be told where git does not answer and the ledger does not know the revision', async () => {
  await expect(isBehind('c', ['z', 'b', 'a'], repository)).rejects.toThrow('not here');
});
