import { Failure } from '../failure/failure.ts';

/**
 * What the newest of these revisions says whose holdfast.yaml can be read: the last good one, where that of the first is broken.
 * Throws HF1104, about the first, when none can be read; any other failure at once, since it says nothing about them.
 */
export async function newestReadable<T>(
  revisions: readonly string[],
  read: (revision: string) => Promise<T>,
): Promise<T> {
  let problem: unknown;
  for (const revision of revisions) {
    try {
      return await read(revision);
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'HF1104') throw error;
      problem ??= error;
    }
  }
  throw problem ?? new Failure('HF1502', 'there is no authorized revision to read');
}
