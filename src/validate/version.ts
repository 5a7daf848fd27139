import { Failure } from '../failure/failure.ts';

/** A version of Kubernetes as far as APIs go: the minor after `1.`. */
export type Minor = number;

/** The minor of `1.34`, `v1.34` or `1.34.2`. Throws HF1001. */
export function minorOf(text: string): Minor {
  const match = /^v?1\.(\d{1,3})(?:\.\d+)?(?:[-+].*)?$/.exec(text);
  if (match === null)
    throw new Failure('HF1001', `${JSON.stringify(text)} is no version of Kubernetes such as 1.34`);
  return Number(match[1]);
}
