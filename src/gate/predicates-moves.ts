import type { Predicate } from './answer.ts';
import { isMerge, movesOver, moveText } from './moves.ts';
import { soundRun } from './runs.ts';

/** The branch was moved there by merging, and nobody bypassed its rules: where the forge tells how it was moved. */
export const movedByMerge: Predicate = (candidate, evidence, floor) => {
  const code = 'bypass';
  const { last } = candidate;
  if (evidence.moves === null || last === null || !evidence.tellsHow) {
    return {
      code,
      holds: true,
      message: 'the forge does not tell how the branch was moved, so nothing is held against it',
    };
  }
  const first = soundRun(evidence, candidate, floor)?.first ?? last;
  for (let index = first; index <= last; index += 1) {
    const over = movesOver(evidence, index);
    const [newest] = over;
    if (newest === undefined) {
      return {
        code,
        holds: 'unknown',
        message: 'the forge does not tell yet how the branch was moved there',
      };
    }
    const merges = over.filter(move => isMerge(move, evidence.policy));
    if (merges.length === 0) {
      return { code, holds: false, message: `it came past the merge: the branch was ${moveText(newest)}` };
    }
    const bypassing = merges.find(move => move.bypass === true);
    if (bypassing !== undefined && merges.every(move => move.bypass === true)) {
      const who = bypassing.actor?.login ?? 'a deleted account';
      return { code, holds: false, message: `${who} bypassed the rules of the branch to merge it` };
    }
  }
  const [move] = movesOver(evidence, last);
  return {
    code,
    holds: true,
    message: `the forge says that it was ${move === undefined ? 'merged' : moveText(move)}`,
  };
};
