import { Failure } from '../../failure/failure.ts';
import type { Push } from '../forge.ts';
import type { Requester } from '../http/requester.ts';
import { accountOf } from './evidence.ts';
import { type Entry, entriesOf } from './feed.ts';
import { type Event, type Pull, pushNote } from './schema.ts';

const mostPages = 100;
/** How long after a merge Gitea may still note what was pushed before it; what is noted later was pushed later. */
const noteMs = 60_000;

/**
 * Who pushed to the head of a merged pull request, from the two places where Gitea 1.26 tells. Both are written after the
 * push was answered, by jobs of their own, so that a push may be missing from both just after a merge:
 *
 * - the feed of the head's repository has each push to its branch, but not of a repository that the token may not read;
 * - the timeline has each push to an open pull request, but never one that was merged before the job came to it.
 */
export async function pushesTo(requester: Requester, pull: Pull, events: readonly Event[]): Promise<Push[]> {
  const fed = await fedPushes(requester, pull);
  return [...fed, ...notedPushes(pull, events)];
}

async function fedPushes(requester: Requester, pull: Pull): Promise<Push[]> {
  const { label: branch, repo, sha } = pull.head;
  // a pull request that was pushed to refs/for/… has no branch
  if (repo === null || branch === '') return [];
  const path = `/repos/${repo.full_name.split('/').map(encodeURIComponent).join('/')}`;
  const enough = (entries: readonly Entry[]) => {
    const moves = pushesOf(entries);
    const back = moves.some(({ before }) => before === null || before === pull.merge_base);
    return back && moves.some(({ after }) => after === sha);
  };
  try {
    const entries = await entriesOf(requester, path, branch, mostPages, enough);
    const latest = Date.parse(pull.merged_at ?? '') + noteMs;
    return pushesOf(entries.filter(({ at }) => Date.parse(at) <= latest));
  } catch (error) {
    const hidden = error instanceof Failure && (error.code === 'HF1402' || error.code === 'HF1403');
    if (hidden && pull.head.repo_id !== pull.base.repo_id) return [];
    throw error;
  }
}

type Moved = Extract<Push, { after: string }>;

/**
 * The pushes among the entries. Where a branch was made, Gitea tells some commit ten steps back as the one before; the entry
 * that notes the making stands next before the push then, by the same account.
 */
export function pushesOf(entries: readonly Entry[]): Moved[] {
  const inOrder = entries.toSorted((a, b) => a.id - b.id);
  return inOrder.flatMap((entry, index) => {
    if (entry.kind !== 'pushed') return [];
    const last = inOrder[index - 1];
    const made = last?.kind === 'made' && last.actor?.id === entry.actor?.id;
    return [{ by: entry.actor, before: made ? null : entry.before, after: entry.after }];
  });
}

/**
 * The pushes in the timeline. With each opening, and each change of the base, Gitea notes all commits as pushed by whoever
 * did that, in the place of all that it noted before; this says nothing of who pushed, and is left out.
 */
export function notedPushes(pull: Pick<Pull, 'user' | 'head'>, events: readonly Event[]): Push[] {
  const pushes: Push[] = [];
  // who pushes to refs/for/… opens the pull request by that
  let opener = pull.head.label === '' ? undefined : pull.user?.id;
  for (const event of events.toSorted((a, b) => a.id - b.id)) {
    if (event.type === 'change_target_branch') opener = event.user?.id;
    if (event.type !== 'pull_push') continue;
    const { is_force_push: forced, commit_ids: commits } = noteOf(event);
    if (!forced && opener !== undefined && event.user?.id === opener) {
      opener = undefined;
      continue;
    }
    const by = accountOf(event.user);
    const [before = null, after] = forced ? commits : [];
    if (!forced) pushes.push({ by, commits });
    else if (after !== undefined) pushes.push({ by, before, after });
  }
  return pushes;
}

function noteOf({ body }: Event): { is_force_push: boolean; commit_ids: string[] } {
  try {
    return pushNote.parse(JSON.parse(body));
  } catch {
    throw new Failure('HF1405', 'the forge notes a push in words that are not known');
  }
}
