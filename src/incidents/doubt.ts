import type { Doubt } from './incident.ts';

/** What is to be remembered of a read that proves little; `twice` when another read said the same before. */
export type Seen = Doubt | 'twice';

/**
 * Holds a read against the one before: two different reads that say the same are proof. The same read told again proves
 * nothing more, and a read that says something else begins anew.
 */
export function seenAgain(before: Doubt | undefined, now: Doubt): Seen {
  if (before === undefined || before.story !== now.story) return now;
  return before.read === now.read ? before : 'twice';
}
