import { toFailure } from '../../failure/failure.ts';
import { holdsOf } from '../freeze/hold.ts';
import { heldMessage, supersededMessage } from '../next-sync.ts';
import type { ConvergerParts } from '../parts.ts';
import { authorizationRecord } from '../record.ts';
import type { Course } from './course.ts';
import { again, type Ending, final, unknownMessage, waiting } from './ending.ts';

/** Derives the authorization anew and records it. Undefined when the revision is authorized and the newest such. */
export async function authorize(course: Course): Promise<Ending | undefined> {
  const { parts, recorder, signal } = course;
  const { revision } = recorder.sync.spec;
  let verdict: Awaited<ReturnType<ConvergerParts['authorize']>>;
  try {
    verdict = await parts.authorize(revision, signal);
  } catch (error) {
    return again(unknownMessage(toFailure(error, 'HF1502').line), true);
  }
  const authorization = authorizationRecord(verdict);
  await recorder.put({ authorization });
  const reasons = (authorization.reasons ?? []).join('; ');
  if (verdict.verdict === 'unknown') return again(unknownMessage(reasons), true, verdict.retryAfterMs);
  if (verdict.verdict === 'denied')
    return final('Refused', `HF1501 the revision is not authorized: ${reasons}`);
  if (verdict.revision !== revision)
    return again(unknownMessage('the verdict is about another revision'), true);
  return supersededBy(course);
}

/** Undefined while no revision that is authorized is newer. */
export async function supersededBy({ parts, recorder }: Course): Promise<Ending | undefined> {
  try {
    const authorized = await parts.authorizedRevisions();
    const { sync } = recorder;
    const place = authorized.indexOf(sync.spec.revision);
    if (place === -1) return again('HF1502 the ledger does not name the revision as authorized', true);
    if (place > 0) return final('Superseded', supersededMessage(sync, authorized[0] ?? ''));
    return undefined;
  } catch (error) {
    return again(waiting(toFailure(error, 'HF1308')), true);
  }
}

/** A freeze that came since the attempt began; what was begun is finished all the same. */
export async function heldBack({ parts, recorder, results }: Course): Promise<Ending | undefined> {
  if (results.of('applied').length > 0) return undefined;
  const hold = (await holdsOf(parts))(recorder.sync.spec.unit);
  if (hold === undefined) return undefined;
  await recorder.put({ phase: 'Pending' });
  return again(heldMessage(hold), true);
}
