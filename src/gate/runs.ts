import type { Candidate, Evidence, Run } from './authorization.ts';

/** As much of the evidence as is needed to tell which commits a merge may have made. */
export type Line = Pick<Evidence, 'from' | 'range'>;

/** A rebase of more commits than forges allow in one pull request is not looked for. */
const longest = 250;

/** The revision that the commit at `index` was put on: the commit before it in the range, or `from`. */
export function before(line: Line, index: number): string {
  return line.range[index - 1]?.sha ?? line.from.sha;
}

/** Whether the commit at `index` continues the revision before it, by its first parent. */
export function continues(line: Line, index: number): boolean {
  return line.range[index]?.parents[0] === before(line, index);
}

/**
 * Where a run that ends at the merge commit may begin, the longest first; empty when no merge of this head can have made
 * the merge commit. `floor` is the first commit that may belong to it.
 *
 * A merge makes one commit, as does a squash; a rebase makes several, each with one parent. A fast-forward makes none: it
 * takes the head's own commits, so only the forge can tell where it began. What was on the branch before must never be
 * taken for part of a merge, since the review of a pull request does not show it.
 */
export function possibleStarts(line: Line, candidate: Candidate, floor: number): number[] {
  const { last, pull } = candidate;
  const merge = last === null ? undefined : line.range[last];
  if (last === null || merge === undefined || last < floor) return [];
  if (merge.sha === pull.head.sha) return fastForwardStarts(line, last, floor, pull.mergeBase ?? null);
  if (!continues(line, last)) return [];
  if (merge.parents.length > 1) return [last];
  let first = last;
  while (first - 1 >= floor && last - first + 1 < longest && isPlain(line, first - 1)) first -= 1;
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function fastForwardStarts(line: Line, last: number, floor: number, mergeBase: string | null): number[] {
  if (mergeBase === null) return continues(line, last) ? [last] : [];
  for (let first = floor; first <= last; first += 1) {
    if (before(line, first) === mergeBase) return [first];
  }
  return [];
}

function isPlain(line: Line, index: number): boolean {
  return line.range[index]?.parents.length === 1 && continues(line, index);
}

/** The longest run, from `floor` on, whose content is what was reviewed. */
export function soundRun(line: Line, candidate: Candidate, floor: number): Run | undefined {
  const starts = new Set(possibleStarts(line, candidate, floor));
  return candidate.runs.find(run => run.content === 'same' && starts.has(run.first));
}
