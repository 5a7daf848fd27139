import type { FailureCode } from './codes.ts';

/**
 * No answer, or only errors: nothing is known of what was asked of the cluster, and it is worth asking again. So it is while
 * somebody else works on a Helm release.
 */
export function isOutage(code: FailureCode): boolean {
  return code === 'HF1301' || code === 'HF1302' || code === 'HF1308' || code === 'HF1810';
}
