import type { Declaration } from '../declared/declaration.ts';
import type { FailureCode } from '../failure/codes.ts';
import { Failure } from '../failure/failure.ts';

/**
 * What the newest of these revisions declares whose holdfast.yaml can be read: the last good one, where that of the first is
 * broken. Throws HF1104, about the first, when none can be read; any other failure at once, since it says nothing about them.
 * `passing` names what else is passed over: HF1001 where only the policy is asked for, which is the same in all environments.
 */
export async function newestReadable(
  revisions: readonly string[],
  declare: (revision: string) => Promise<Declaration>,
  passing: readonly FailureCode[] = [],
): Promise<Declaration> {
  let problem: unknown;
  for (const revision of revisions) {
    try {
      return await declare(revision);
    } catch (error) {
      if (!(error instanceof Failure) || !['HF1104', ...passing].includes(error.code)) throw error;
      problem ??= error;
    }
  }
  throw problem ?? new Failure('HF1502', 'there is no authorized revision to read');
}
