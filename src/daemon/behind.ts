import type { Repository } from '../git/repository.ts';

/**
 * Whether the ledger has gone on without this process: another one led and wrote verdicts down that are not known here yet. `chain` are the
 * authorized revisions, newest first. A ledger that is older than what is known here (an etcd restored from a backup) is caught up with by the next sync.
 */
export async function isBehind(
  authorized: string,
  chain: readonly string[],
  repository: Pick<Repository, 'isAncestor'>,
): Promise<boolean> {
  const [newest] = chain;
  if (newest === undefined || newest === authorized) return false;
  if (chain.includes(authorized)) return true;
  return !(await repository.isAncestor(newest, authorized));
}
