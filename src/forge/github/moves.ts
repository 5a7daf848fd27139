import { Failure } from '../../failure/failure.ts';
import type { Account, Move } from '../forge.ts';
import type { Requester } from '../http/requester.ts';
import { accountOf } from './evidence.ts';
import { eachPage } from './pages.ts';
import { type Activity, activity, ruleSuites } from './schema.ts';

const kinds = {
  push: 'push',
  force_push: 'force-push',
  branch_deletion: 'deleted',
  branch_creation: 'created',
  pr_merge: 'merge',
  merge_queue_merge: 'merge',
} as const satisfies Record<Activity['activity_type'], Move['kind']>;

/**
 * How a branch was moved, newest first: GitHub's activities of its ref, page by page until one that touches `since`, and
 * whether a rule suite of the last month says that its rules were bypassed. Rule suites need a right of their own; without
 * it, and without activities on an old Enterprise Server (null), nothing is held against a move.
 */
export async function movesOf(
  requester: Requester,
  repository: string,
  branch: string,
  since: string,
): Promise<Move[] | null> {
  const untold = new Failure('HF1403', 'the forge does not tell how the branch was moved');
  const path = `${repository}/activity?${new URLSearchParams({ ref: `refs/heads/${branch}` })}`;
  const reaches = (page: Activity[]) => page.some(({ before, after }) => before === since || after === since);
  let pages: Activity[][];
  try {
    pages = await eachPage(requester, path, activity.array(), { 404: untold }, reaches);
  } catch (error) {
    if (error === untold) return null;
    throw error;
  }
  const moves = pages.flat().map(moveOf);
  const bypassed = await bypasses(requester, repository, branch);
  if (bypassed === null) return moves;
  return moves.map(move => ({ ...move, bypass: move.after !== null && bypassed.has(move.after) }));
}

function moveOf({ before, after, activity_type: type, actor, timestamp }: Activity): Move {
  return {
    kind: kinds[type],
    before: shaOf(before),
    after: shaOf(after),
    actor: accountOf(actor),
    at: timestamp,
  };
}

function shaOf(sha: string): string | null {
  return /^0+$/.test(sha) ? null : sha;
}

/** Where the branch came to while somebody bypassed its rules; null where the token may not see that. */
async function bypasses(
  requester: Requester,
  repository: string,
  branch: string,
): Promise<Set<string> | null> {
  const query = { ref: `refs/heads/${branch}`, time_period: 'month', rule_suite_result: 'bypass' };
  const path = `${repository}/rulesets/rule-suites?${new URLSearchParams(query)}`;
  try {
    const pages = await eachPage(requester, path, ruleSuites);
    return new Set(pages.flat().map(suite => suite.after_sha));
  } catch (error) {
    if (error instanceof Failure && (error.code === 'HF1402' || error.code === 'HF1403')) return null;
    throw error;
  }
}

/**
 * Who pushed commits of a pull request to its head, as GitHub authenticated it: whoever pushed somebody else's commit is a
 * contributor too. Pushes of other commits to a branch that lives long do not count. Empty where the head's repository, such
 * as a fork, does not tell.
 */
export async function pushersTo(
  requester: Requester,
  { repository, ref, commits }: { repository: string; ref: string; commits: ReadonlySet<string> },
): Promise<Account[]> {
  const untold = new Failure('HF1403', 'the forge does not tell who pushed');
  const path = `/repos/${repository}/activity?${new URLSearchParams({ ref: `refs/heads/${ref}` })}`;
  try {
    const pages = await eachPage(requester, path, activity.array(), {
      301: untold,
      403: untold,
      404: untold,
    });
    return pages.flat().flatMap(({ actor, after, activity_type: type }) => {
      const account = accountOf(actor);
      const pushed = type === 'push' || type === 'force_push' || type === 'branch_creation';
      return account !== null && pushed && commits.has(after) ? [account] : [];
    });
  } catch (error) {
    if (error === untold) return [];
    throw error;
  }
}
