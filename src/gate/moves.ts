import type { Account, Move } from '../forge/forge.ts';
import type { Evidence, Policy } from './authorization.ts';

/** As much of the evidence as tells how the branch came to a commit. */
export type Trail = Pick<Evidence, 'from' | 'range' | 'moves'>;

/** The moves that brought the commit at `index` onto the branch, newest first; more than one where it was moved to and fro. */
export function movesOver({ from, range, moves }: Trail, index: number): Move[] {
  const at = new Map(range.map(({ sha }, position) => [sha, position]));
  at.set(from.sha, -1);
  return (moves ?? []).filter(({ before, after }) => {
    const end = after === null ? undefined : at.get(after);
    // from outside of the range, such as after a rewind, it brought all up to its end
    const start = (before === null ? undefined : at.get(before)) ?? -1;
    return end !== undefined && start < index && index <= end;
  });
}

/** The moves that lead into the range: what happened to the branch later is no part of the evidence on it. */
export function relevantMoves(moves: readonly Move[], range: Evidence['range']): Move[] {
  const shas = new Set(range.map(({ sha }) => sha));
  return moves.filter(({ after }) => after !== null && shas.has(after));
}

/** Whether a move says that a pull request was merged, or cannot tell a merge from a push. */
export function isMerge({ kind, actor }: Move, { mergers }: Policy): boolean {
  if (kind === 'merge' || kind === 'untold') return true;
  return kind === 'push' && actor !== null && mergers.some(login => sameLogin(login, actor.login));
}

const verbs: Record<Move['kind'], string> = {
  merge: 'merged',
  push: 'pushed',
  'force-push': 'force-pushed',
  created: 'brought by creating the branch',
  deleted: 'deleted',
  untold: 'pushed or merged',
};

/** A move in words, such as `pushed by mallory`. */
export function moveText({ kind, actor }: Move): string {
  return `${verbs[kind]} by ${actor?.login ?? 'a deleted account'}`;
}

/**
 * The login of the break-glass account that brought commits `first`..`last`, if the policy names it and the forge says so of
 * each of them. `mergedBy` counts where the forge does not tell of moves.
 */
export function brokenGlass(
  evidence: Trail & Pick<Evidence, 'policy'>,
  first: number,
  last: number,
  mergedBy: Account | null,
): string | undefined {
  const { policy, moves } = evidence;
  const named = (account: Account | null): boolean => account !== null && isNamed(account, policy);
  if (policy.breakGlass.actors.length === 0) return undefined;
  const indexes = Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
  const actors = indexes.map(index => movesOver(evidence, index).find(({ actor }) => named(actor))?.actor);
  const [actor] = actors;
  if (actor !== undefined && actors.every(each => each !== undefined)) return actor?.login;
  return moves === null && named(mergedBy) ? mergedBy?.login : undefined;
}

function isNamed({ id, login }: Account, { breakGlass }: Policy): boolean {
  return breakGlass.actors.some(
    actor => sameLogin(actor.login, login) && (actor.id === undefined || actor.id === id),
  );
}

/** Logins differ by more than case on every forge. */
export function sameLogin(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
