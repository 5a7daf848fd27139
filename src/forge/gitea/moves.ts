import type { Move } from '../forge.ts';
import { parseBody } from '../http/body.ts';
import type { Requester } from '../http/requester.ts';
import { accountOf } from './evidence.ts';
import { type Feed, feeds, pushedCommits } from './schema.ts';

const perPage = 50;
const mostPages = 40;

/**
 * How a branch was moved, newest first, from Gitea's feed of the repository: who moved it is authenticated, but a merge and a
 * push look the same there (measured on 1.26). Read back to `since` or for 2,000 entries; what is not found is not told.
 */
export async function movesOf(
  requester: Requester,
  repository: string,
  branch: string,
  since: string,
): Promise<Move[]> {
  const moves: Move[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    const path = `${repository}/activities/feeds?page=${page}&limit=${perPage}`;
    const { text } = await requester.get(path);
    const some = parseBody(feeds, text, `GET ${path}`, requester.clean);
    const found = some.flatMap(feed => (feed.ref_name === `refs/heads/${branch}` ? moveOf(feed) : []));
    moves.push(...found);
    if (some.length === 0 || found.some(({ before, after }) => before === since || after === since)) break;
  }
  return moves;
}

function moveOf({ op_type: type, act_user: user, content, created }: Feed): Move[] {
  const about = { actor: accountOf(user), at: created };
  if (type === 'delete_branch') return [{ kind: 'deleted', before: null, after: null, ...about }];
  if (type !== 'commit_repo') return [];
  const parsed = pushedCommits.safeParse(jsonOf(content));
  if (!parsed.success) return [];
  const { CompareURL: compared, HeadCommit: head } = parsed.data;
  const [, before, after] = /\/compare\/([0-9a-f]{40})\.\.\.([0-9a-f]{40})$/.exec(compared) ?? [];
  if (before !== undefined && after !== undefined) return [{ kind: 'untold', before, after, ...about }];
  return head === null ? [] : [{ kind: 'untold', before: null, after: head.Sha1, ...about }];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
