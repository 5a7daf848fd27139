import type { AuthorizationLedger } from '../converge/ledger.ts';
import type { Repository } from '../git/repository.ts';
import type { AuthorizedRevision } from './history.ts';

/** How far back a branch is followed that no ledger tells of. */
const mostCommits = 100;

/** The revisions that were authorized, newest first: from the ledger, or without a forge all that the branch went through. */
export async function authorizedRevisions(
  tip: string | null,
  { repository, ledger }: { repository: Repository; ledger: AuthorizationLedger | undefined },
): Promise<readonly AuthorizedRevision[]> {
  if (ledger !== undefined) return ledger.revisions();
  const revisions: AuthorizedRevision[] = [];
  for (let at = tip ?? undefined; at !== undefined && revisions.length < mostCommits; ) {
    const { parents, committedAt } = await repository.commit(at);
    revisions.push({ revision: at, ...(committedAt !== undefined && { since: committedAt }) });
    at = parents[0];
  }
  return revisions;
}
