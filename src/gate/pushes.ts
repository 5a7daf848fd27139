import type { Account, Push } from '../forge/forge.ts';
import type { Repository } from '../git/repository.ts';

/** Who pushed the commits of a head, and of which of them that is not told. */
export interface Pushed {
  by: Account[];
  untold: string[];
}

type Moved = Extract<Push, { after: string }>;

/**
 * Takes the pushes to a head together, for the commits that it brings to `base`. A state of its branch is told when a push to
 * it is, from a state that is told as well, from one that `base` holds, or from nothing. Then somebody who is known pushed each
 * of its commits, whatever else was pushed: what a forge hides, or tells late, is missing from the way, and so its commits are
 * untold. Everybody on the way counts, also whose commits were pushed away again: some of them may have stayed.
 */
export async function pushedBy(
  repository: Pick<Repository, 'has' | 'isAncestor' | 'introduced'>,
  base: string,
  head: string,
  pushes: readonly Push[],
): Promise<Pushed> {
  const commits = await repository.introduced(head, [base]);
  const own = new Set(commits);
  const listed = pushes
    .filter(push => 'commits' in push)
    .filter(push => push.commits.some(sha => own.has(sha)));
  const onBase = async (sha: string) =>
    !own.has(sha) && (await repository.has(sha)) && (await repository.isAncestor(sha, base));
  const { way, roots } = await wayTo(own, pushes, onBase);
  const told = [...toldBy(way, roots)].filter(sha => own.has(sha));
  const named = new Set(listed.flatMap(push => push.commits));
  const rest = told.includes(head) ? [] : await repository.introduced(head, [base, ...told]);
  const accounts = [...listed, ...way].flatMap(({ by }) => (by === null ? [] : [by]));
  return {
    by: [...new Map(accounts.map(account => [account.id, account])).values()],
    untold: rest.filter(sha => !named.has(sha)),
  };
}

/** The moves that may have led to one of the commits, back to where the branch was made or was at its base (`roots`). */
async function wayTo(
  commits: ReadonlySet<string>,
  pushes: readonly Push[],
  onBase: (sha: string) => Promise<boolean>,
): Promise<{ way: Moved[]; roots: Set<string> }> {
  const moves = pushes.filter(push => 'after' in push);
  const way: Moved[] = [];
  const roots = new Set<string>();
  const seen = new Set(commits);
  let next = moves.filter(({ after }) => commits.has(after));
  while (next.length > 0) {
    way.push(...next);
    const starts = new Set<string>();
    for (const { before } of next) {
      if (before === null || seen.has(before)) continue;
      seen.add(before);
      if (await onBase(before)) roots.add(before);
      else starts.add(before);
    }
    next = moves.filter(({ after }) => starts.has(after));
  }
  return { way, roots };
}

function toldBy(way: readonly Moved[], roots: ReadonlySet<string>): Set<string> {
  const told = new Set(roots);
  for (let size = -1; size !== told.size; ) {
    size = told.size;
    for (const { before, after } of way) if (before === null || told.has(before)) told.add(after);
  }
  return told;
}
