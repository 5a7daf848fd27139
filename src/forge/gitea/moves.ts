import type { Move } from '../forge.ts';
import type { Requester } from '../http/requester.ts';
import { type Entry, entriesOf } from './feed.ts';

const mostPages = 40;

/**
 * How a branch was moved, newest first, from Gitea's feed of the repository: a merge and a push look the same there (measured
 * on 1.26). Read back to `since` or for 2,000 entries; what is not found is not told.
 */
export async function movesOf(
  requester: Requester,
  repository: string,
  branch: string,
  since: string,
): Promise<Move[]> {
  const reaches = (entries: readonly Entry[]) =>
    entries.some(entry => entry.kind === 'pushed' && (entry.before === since || entry.after === since));
  return (await entriesOf(requester, repository, branch, mostPages, reaches)).flatMap(moveOf);
}

function moveOf(entry: Entry): Move[] {
  const { actor, at } = entry;
  if (entry.kind === 'made') return [];
  if (entry.kind === 'deleted') return [{ kind: 'deleted', before: null, after: null, actor, at }];
  return [{ kind: 'untold', before: entry.before, after: entry.after, actor, at }];
}
