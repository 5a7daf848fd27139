import type { Account } from '../forge.ts';
import { parseBody } from '../http/body.ts';
import type { Requester } from '../http/requester.ts';
import { accountOf } from './evidence.ts';
import { type Feed, feeds, pushedCommits } from './schema.ts';

const perPage = 50;

/** What the feed tells of a branch: that it was made (without the commit), pushed to, or deleted. */
export type Entry = { id: number; actor: Account | null; at: string } & (
  | { kind: 'made' }
  | { kind: 'deleted' }
  /** `before` is null where it is not told. */
  | { kind: 'pushed'; before: string | null; after: string }
);

/**
 * What the feed of a repository (`/repos/owner/name`) tells of a branch, newest first, page by page until `enough`, or for
 * `mostPages` of 50 entries each. Who did it is authenticated. Gitea writes it from a queue some time after a push was
 * answered, and shows what accounts do that keep it private to administrators of the server only (source of 1.26).
 */
export async function entriesOf(
  requester: Requester,
  repository: string,
  branch: string,
  mostPages: number,
  enough: (entries: readonly Entry[]) => boolean,
): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    const path = `${repository}/activities/feeds?page=${page}&limit=${perPage}`;
    const { text } = await requester.get(path);
    const some = parseBody(feeds, text, `GET ${path}`, requester.clean);
    entries.push(...some.flatMap(feed => (feed.ref_name === `refs/heads/${branch}` ? entryOf(feed) : [])));
    if (some.length === 0 || enough(entries)) break;
  }
  return entries;
}

function entryOf({ id, op_type: type, act_user: user, content, created: at }: Feed): Entry[] {
  const about = { id, actor: accountOf(user), at };
  if (type === 'delete_branch') return [{ kind: 'deleted', ...about }];
  if (type !== 'commit_repo') return [];
  // a new branch stands there twice: first with no content, then as a push
  if (content === '') return [{ kind: 'made', ...about }];
  const parsed = pushedCommits.safeParse(jsonOf(content));
  if (!parsed.success) return [];
  const { CompareURL: compared, HeadCommit: head } = parsed.data;
  const [, before, after] = /\/compare\/([0-9a-f]{40})\.\.\.([0-9a-f]{40})$/.exec(compared) ?? [];
  if (before !== undefined && after !== undefined) return [{ kind: 'pushed', before, after, ...about }];
  return head === null ? [] : [{ kind: 'pushed', before: null, after: head.Sha1, ...about }];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
