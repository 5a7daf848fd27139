import type { Case } from './support/case.ts';

/** Cases of the reference about parts that Holdfast does not have, with the test of what is the same for us. */
export const notOurs: readonly Case[] = [
  {
    id: 'D32',
    words: 'a manual sync before the refresh, compared at the old revision',
    notOurs:
      'a comparison names the revision that it was made with, and one made with another revision is not passed on',
    coveredBy: 'test/daemon/watcher.test.ts',
  },
];
