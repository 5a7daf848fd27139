import { ApiFailure } from '../../../cluster/failures.ts';
import { Failure, toFailure } from '../../../failure/failure.ts';
import type { Finding } from '../../../findings/finding.ts';
import type { Subject } from './subject.ts';

/** Why one object cannot be compared (`unknown`) or could not be applied (`invalid`). */
export interface Problem {
  type: 'invalid' | 'unknown';
  failure: Failure;
}

/**
 * A failed dry run as a problem of its object: what the server or an admission policy refuses is `invalid`, what it could not
 * answer is `unknown`. Throws what is no problem of one object: no answer at all, refused credentials.
 */
export function refusalOf(error: unknown): Problem {
  const failure = toFailure(error, 'HF1307');
  if (failure.code === 'HF1301' || failure.code === 'HF1302') throw failure;
  if (!(failure instanceof ApiFailure)) return { type: 'unknown', failure };
  if (failure.code === 'HF1306') return { type: 'invalid', failure };
  // admission answers 403 like RBAC does, but RBAC names the user
  if (failure.status === 403 && !failure.rbac)
    return { type: 'invalid', failure: new Failure('HF1306', failure.message) };
  return { type: 'unknown', failure };
}

export function problemFinding(subject: Subject, problem: Problem): Finding {
  const { code, message } = problem.failure;
  return {
    unit: subject.unit,
    type: problem.type,
    resource: subject.ref,
    source: subject.source,
    message: `${code} ${message}`,
    code,
    ...(problem.type === 'unknown' && { origin: 'cluster' }),
  };
}
