import type { FailureCode } from './codes.ts';

/**
 * No answer, or only errors: nothing is known of what was asked of the cluster or of AWS, and it is worth asking again. So it is while
 * somebody else works on a Helm release or a stack, or holds the lock of a Terraform state.
 */
const outages: ReadonlySet<FailureCode> = new Set([
  'HF1301',
  'HF1302',
  'HF1308',
  'HF1810',
  'HF1911',
  'HF1913',
  'HF1921',
  'HF2004',
  'HF2005',
]);

export function isOutage(code: FailureCode): boolean {
  return outages.has(code);
}
