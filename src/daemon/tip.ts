import type { Log } from '../log/log.ts';
import { ofRevision, pastSpan, revisionSpan } from '../telemetry/spans.ts';
import type { RevisionKeeper } from './revisions.ts';

/** What is known of a new tip when it has been judged, for its trace. One process makes the root of it. */
export function traceTip(
  tip: string,
  look: { beganMs: number; hookedMs: number | undefined },
  root: boolean,
): void {
  const beganMs = look.hookedMs ?? look.beganMs;
  if (root) revisionSpan(tip, { beganMs, endedMs: Date.now() });
  if (look.hookedMs !== undefined)
    pastSpan('webhook', {}, { beganMs: look.hookedMs, endedMs: look.beganMs }, ofRevision(tip));
  pastSpan('look at the branch', {}, { beganMs: look.beganMs, endedMs: Date.now() }, ofRevision(tip));
}

/** Says in the log what changed since the last look. */
export function logTip(log: Log, before: RevisionKeeper['state'], now: RevisionKeeper['state']): void {
  if (now.authorized !== before.authorized)
    log.info({ authorized: now.authorized }, 'another revision is authorized');
  if (now.tip !== before.tip || now.tipState !== before.tipState)
    log.info({ tip: now.tip, state: now.tipState }, 'the tip of the branch');
  const known = new Set(before.problems.map(problem => problem.failure.line));
  for (const { origin, failure } of now.problems) {
    if (!known.has(failure.line)) log.warn({ origin, error: failure }, 'something cannot be seen');
  }
}
