import { Failure } from '../../failure/failure.ts';
import type { MergedPull } from '../../forge/proposals.ts';
import type { Repository } from '../../git/repository.ts';

/** Commits of the branch that came by one merge, from the one after `before` to `last`. */
export interface Range {
  before: string;
  last: string;
}

/** No forge rebases more commits than this in one pull request. */
const longestRebase = 250;

/**
 * What the merge of a pull request put on the branch. A merge and a squash are one commit; a rebase is as many as give, on top of
 * what was there before, the tree that the merge gave; a fast-forward is from where the forge shows its changes. What the head
 * already contained is never part of it. Throws HF12xx; HF1453 where the branch does not have it.
 */
export async function rangeOf(pull: MergedPull, tip: string, repository: Repository): Promise<Range> {
  const last = pull.mergeCommit;
  await requireOnBranch(last, tip, repository, `pull request ${pull.number}`);
  const merge = await repository.commit(last);
  const [parent, second] = merge.parents;
  if (parent === undefined) throw new Failure('HF1453', 'the first commit of all cannot be taken back');
  if (last === pull.head) return { before: pull.mergeBase ?? parent, last };
  if (second !== undefined) return { before: parent, last };
  const there =
    (await repository.has(pull.head)) || (await repository.fetchCommit(pull.head, [pull.headRef]));
  // without the reviewed head a squash cannot be told from a rebase
  if (!there)
    throw new Failure('HF1453', `the reviewed head of pull request ${pull.number} cannot be had any more`);
  return { before: await rebasedOn(last, pull.head, repository), last };
}

/** The revision before the longest run of plain commits that the merge of this head can have made. */
async function rebasedOn(last: string, head: string, repository: Repository): Promise<string> {
  const { tree } = await repository.commit(last);
  let before = last;
  let found: string | undefined;
  for (let count = 0; count < longestRebase; count += 1) {
    const { parents } = await repository.commit(before);
    const [parent] = parents;
    if (parent === undefined || parents.length > 1 || (await repository.isAncestor(before, head))) break;
    if ((await repository.mergedTree(parent, head)) === tree) found = parent;
    before = parent;
  }
  const [parent] = (await repository.commit(last)).parents;
  return found ?? parent ?? last;
}

/** The commit of the branch's first-parent line that brought a commit: itself, or the merge that it came by. */
export async function broughtBy(commit: string, tip: string, repository: Repository): Promise<string> {
  await requireOnBranch(commit, tip, repository, commit.slice(0, 12));
  const [next] = await repository.firstParents(commit, tip);
  return next === undefined || next.parents[0] === commit ? commit : next.sha;
}

async function requireOnBranch(commit: string, tip: string, repository: Repository, what: string) {
  if ((await repository.has(commit)) && (await repository.isAncestor(commit, tip))) return;
  throw new Failure('HF1453', `${what} is not on the branch`);
}
