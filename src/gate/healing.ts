import type { Evidence } from './authorization.ts';
import { type Segment, shas } from './segments.ts';
import { ratifies } from './trailers.ts';

/** How a segment that is not accepted was put right: by the commit that restored the tree, or by pull requests. */
export type Healing = { by: 'restored'; commit: string } | { by: 'ratified'; pulls: number[] };

/** The segments with what healed them, and after which of them all is authorized. */
export interface Course {
  healed: Map<Segment, Healing>;
  /** Per segment: whether the range up to its end is authorized. */
  sound: boolean[];
  /** Segments that are neither accepted, ratified nor restored, in order; empty exactly when the range is authorized. */
  open: Segment[];
}

/** A segment that is waiting to be healed, with its commits that no pull request has named yet. */
interface Debt {
  segment: Segment;
  unnamed: Set<string>;
  pulls: Set<number>;
}

/**
 * Walks the segments from the last authorized revision on. What is not accepted becomes a debt, and nothing after it is
 * authorized, until either the tree is again that of the last authorized revision, or accepted pull requests have named
 * each commit of it. A restoring commit that nobody reviewed must not undo what was accepted, or may have been.
 */
export function walk(evidence: Evidence, segments: readonly Segment[]): Course {
  const healed: Course['healed'] = new Map();
  const sound: boolean[] = [];
  let debts: Debt[] = [];
  let since: Segment[] = [];
  let tree = evidence.from.tree;
  for (const segment of segments) {
    since.push(segment);
    if (segment.verdict === 'accepted') pay(debts, segment);
    else debts.push(debtOf(evidence, segment));
    const end = evidence.range[segment.last];
    if (debts.every(({ unnamed }) => unnamed.size === 0)) {
      for (const debt of debts) healed.set(debt.segment, { by: 'ratified', pulls: [...debt.pulls] });
      debts = [];
    } else if (end !== undefined && end.tree === tree && mayRestore(segment, since)) {
      for (const debt of debts) healed.set(debt.segment, { by: 'restored', commit: end.sha });
      debts = [];
    }
    sound.push(debts.length === 0);
    if (debts.length > 0) continue;
    since = [];
    tree = end?.tree ?? tree;
  }
  const open = debts.filter(({ unnamed }) => unnamed.size > 0).map(({ segment }) => segment);
  return { healed, sound, open };
}

/** Whether a segment with the last authorized tree puts right all that came since. */
function mayRestore(segment: Segment, since: readonly Segment[]): boolean {
  return segment.verdict === 'accepted' || since.every(({ verdict }) => verdict === 'denied');
}

function debtOf(evidence: Evidence, segment: Segment): Debt {
  return {
    segment,
    unnamed: new Set(shas(evidence, segment.first, segment.last)),
    pulls: new Set(),
  };
}

/** Takes off what the reviewed head commit of an accepted pull request names. */
function pay(debts: readonly Debt[], { candidate, glass }: Segment): void {
  const message = candidate?.headMessage ?? null;
  if (candidate === undefined || message === null || glass !== undefined) return;
  const named = ratifies(message);
  for (const { unnamed, pulls } of debts) {
    for (const sha of named) if (unnamed.delete(sha)) pulls.add(candidate.pull.number);
  }
}
