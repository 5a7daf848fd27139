import { Failure } from '../../failure/failure.ts';
import type { Forge } from '../../forge/forge.ts';
import type { Proposals } from '../../forge/proposals.ts';
import type { BranchWriter } from '../../git/branch-writer.ts';
import type { Repository } from '../../git/repository.ts';
import { type ProposalPlace, type ProposedPull, propose, type Requester } from '../propose.ts';
import { broughtBy, type Range, rangeOf } from './range.ts';
import { type Target, targetOf } from './target.ts';
import { bodyOf, messageOf, titleOf, topicOf } from './words.ts';

/** One merge that is taken back. Without a pull request it is a commit that came to the branch otherwise. */
export interface Revertible extends Range {
  pull?: { number: number; url: string; title: string };
}

export interface RollbackParts extends ProposalPlace {
  repository: Repository & { expand(prefix: string): Promise<string | undefined> };
  forge: Pick<Forge, 'pullRequestsOf' | 'repositoryId'>;
  proposals: Proposals;
  writer: BranchWriter;
  now: () => Date;
}

/** What a rollback does, computed and not yet pushed. */
export interface RollbackPlan {
  /** The branch's tip that it is put on. */
  tip: string;
  /** Newest first, which is the order in which they are taken back. */
  reverted: Revertible[];
  /** The tree that it gives. */
  tree: string;
  changes: { path: string; change: 'added' | 'changed' | 'deleted' }[];
}

/**
 * Computes the revert of merged pull requests, newest first, on top of the branch as it is now. Throws HF1453 for what is not
 * there, HF1454 naming the files in conflict, HF1455 where nothing would change.
 */
export async function planRollback(names: readonly string[], parts: RollbackParts): Promise<RollbackPlan> {
  const { repository, writer } = parts;
  const targets = names.map(targetOf);
  const tip = await repository.fetch();
  const reverted = await newestFirst(
    await Promise.all(targets.map(one => found(one, tip, parts))),
    tip,
    parts,
  );
  let tree = tip;
  for (const one of reverted) {
    const result = await writer.reverted(tree, one.last, one.before);
    if ('conflicts' in result) throw conflict(one, result.conflicts);
    tree = result.tree;
  }
  const changes = await repository.changedPaths(tip, tree);
  if (changes.length === 0)
    throw new Failure('HF1455', `${parts.base} already is without ${reverted.map(nameOf).join(', ')}`);
  return { tip, reverted, tree, changes };
}

/** Opens the revert as a pull request, or gives the one that is open already. */
export async function rollback(
  names: readonly string[],
  parts: RollbackParts,
  by: Requester,
): Promise<ProposedPull & { plan: RollbackPlan }> {
  const plan = await planRollback(names, parts);
  const { tip, tree, reverted } = plan;
  const message = messageOf(reverted, by);
  const pull = await propose(parts, {
    topic: topicOf(reverted),
    title: titleOf(reverted),
    body: bodyOf(plan, by),
    commit: () => parts.writer.commit({ tree, parents: [tip], message, at: parts.now() }),
  });
  return { ...pull, plan };
}

async function found(target: Target, tip: string, parts: RollbackParts): Promise<Revertible> {
  const { repository, forge, proposals, base } = parts;
  if ('pull' in target) {
    const pull = await proposals.merged(target.pull);
    if (pull.base !== base)
      throw new Failure('HF1453', `pull request ${pull.number} was not merged into ${base}`);
    return { ...(await rangeOf(pull, tip, repository)), pull };
  }
  const named = await repository.expand(target.commit);
  if (named === undefined)
    throw new Failure('HF1453', `no commit, or more than one, begins with ${target.commit}`);
  const commit = await broughtBy(named, tip, repository);
  const own = await forge.repositoryId();
  const pulls = (await forge.pullRequestsOf(commit)).filter(
    pull => pull.merged && pull.base.repositoryId === own && pull.base.ref === base,
  );
  const number = pulls[0]?.number;
  if (number !== undefined) {
    const pull = await proposals.merged(number);
    return { ...(await rangeOf(pull, tip, repository)), pull };
  }
  const [before] = (await repository.commit(commit)).parents;
  if (before === undefined) throw new Failure('HF1453', 'the first commit of all cannot be taken back');
  return { before, last: commit };
}

/** Each once, the newest first: later changes stand on earlier ones. */
async function newestFirst(
  found: readonly Revertible[],
  tip: string,
  { repository }: RollbackParts,
): Promise<Revertible[]> {
  const each = [...new Map(found.map(one => [one.last, one])).values()];
  const placed = await Promise.all(
    each.map(async one => ({ one, after: (await repository.firstParents(one.last, tip)).length })),
  );
  return placed.sort((a, b) => a.after - b.after).map(({ one }) => one);
}

function conflict(one: Revertible, files: readonly string[]): Failure {
  const more = files.length - 20;
  const shown = files.slice(0, 20).join(', ') + (more > 0 ? ` and ${more} more` : '');
  return new Failure('HF1454', `${nameOf(one)} cannot be taken back: later changes touch ${shown}`);
}

export function nameOf({ pull, last }: Revertible): string {
  return pull === undefined ? last.slice(0, 12) : `#${pull.number}`;
}
