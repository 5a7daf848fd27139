import { Failure, toFailure } from '../../failure/failure.ts';
import type { Freeze } from './freeze.ts';
import type { Freezes } from './freezes.ts';

/** The holds by hand that are in force, or why they cannot be known. */
export type Holds = readonly Freeze[] | { unknown: string };

/** Asks once for all units. A cluster that does not know freezes has none; one that does not tell hides nothing else. */
export async function holdsNow(freezes: Pick<Freezes, 'current'>): Promise<Holds> {
  try {
    return await freezes.current();
  } catch (error) {
    if (error instanceof Failure && error.code === 'HF1309') return [];
    return { unknown: toFailure(error, 'HF1308').line };
  }
}
